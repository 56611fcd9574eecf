// Asks the questions that the command line has not answered: first those of VB365's wizard in its order, then those
// about customers, the backend and the pipeline. `init` checks each answer before it asks the next question.
import { REGION_NAMES } from "../../provider/inputs/regions";
import { isGuid, type InputFailure } from "../../provider/inputs/rawInputs";
import { guidReason } from "../../provider/inputs/inputRules";
import { SYSTEMS } from "../pipelines/job";
import { customersIn, onlyGiven, type Answers, type CertificateKind, type Given } from "./answers";
import { environmentBackend } from "./backend";
import { portalAddresses, type Candidate } from "./candidates";
import { backendFailure, certificateFailures, customerFailures, portalFailures } from "./problems";
import type { Problem, Terminal } from "./terminal";

export interface Asking {
    readonly terminal: Terminal;
    /** Returns `undefined` if Entra cannot be read. Then `init` proposes no applications. */
    readonly candidates: (region: string) => Promise<readonly Candidate[] | undefined>;
}

export async function askMissing(given: Given, asking: Asking): Promise<Answers> {
    let answers = given;
    for (const question of [
        askRegion,
        askApplication,
        askCertificate,
        askPortalUrl,
        askCustomers,
        askBackend,
        askPipeline,
    ])
        answers = { ...answers, ...(await question(answers, asking)) };
    return onlyGiven(answers) as Answers;
}

type Question = (given: Given, asking: Asking) => Promise<Given>;

/**
 * Returns a function that checks one answer together with the given answers. The function reports the first problem
 * of that answer. A fault of the environment is not a problem here, because no answer can correct it.
 */
const problemOf =
    (property: keyof typeof SHOWN, answered: (answer: string) => Given): Problem =>
    async (answer) =>
        firstReason(await portalFailures(answered(answer)), SHOWN[property]);

const SHOWN = {
    application: ["applicationId", "servicePrincipal"],
    name: ["displayName"],
    portalUrl: ["portalUrl", "restApiPort"],
} as const;

function firstReason(failures: readonly InputFailure[], properties: readonly string[]): string | undefined {
    return failures.find(({ property }) => properties.includes(property.replace(/[.[].*/, "")))?.reason;
}

const askRegion: Question = async ({ region }, { terminal }) =>
    region === undefined
        ? {
              region: await terminal.select(
                  "Microsoft Entra region of the organization",
                  REGION_NAMES.map((name) => ({ name, value: name })),
              ),
          }
        : {};

const NEW = "new";
const BY_ID = "id";

const askApplication: Question = async (given, { terminal, candidates }) => {
    const { applicationId, name, region = "Worldwide" } = given;
    if (applicationId !== undefined || name !== undefined) return {};
    const found = (await candidates(region)) ?? [];
    const chosen = await terminal.select("Application", [
        { name: "Register a new application", value: NEW },
        ...found.map((one) => ({ name: `Adopt ${labelOf(one)}`, value: one.appId })),
        { name: `Adopt ${found.length > 0 ? "another" : "an"} application by its Application ID`, value: BY_ID },
    ]);
    if (chosen === NEW) {
        const problem = problemOf("name", (answer) => ({ ...given, name: answer }));
        return { name: await terminal.text("Name of the new application", problem, "Restore Portal") };
    }
    const problem = problemOf("application", (answer) => ({ ...given, applicationId: answer.toLowerCase() }));
    const isForm: Problem = (answer) => (isGuid(answer) ? problem(answer) : guidReason(answer));
    if (chosen === BY_ID) return { applicationId: (await terminal.text("Application ID", isForm)).toLowerCase() };
    const reason = await problem(chosen);
    if (reason !== undefined) throw new Error(`adopting application ${chosen}: ${reason}`);
    return { applicationId: chosen, proposedUrl: firstAddress(found, chosen) };
};

function labelOf({ displayName, appId, spa }: Candidate): string {
    const addresses = portalAddresses(spa.redirectUris);
    return `"${displayName ?? ""}" (${[appId, ...addresses].join(", ")})`;
}

function firstAddress(found: readonly Candidate[], appId: string): string | undefined {
    return portalAddresses(found.find((one) => one.appId === appId)?.spa.redirectUris ?? [])[0];
}

const KIND_NAMES: Readonly<Record<CertificateKind, string>> = {
    none: "Leave the certificates of the application alone",
    generate: "Generate a new self-signed certificate",
    pfx: "Import a certificate from a PFX file",
    store: "Select a certificate in the certificate store of this machine",
};

const askCertificate: Question = async (given, { terminal }) => {
    const { applicationId } = given;
    const kinds = (Object.keys(KIND_NAMES) as CertificateKind[]).filter(
        (kind) => kind !== "none" || applicationId !== undefined,
    );
    const certificate =
        given.certificate ??
        (await terminal.select(
            "Certificate",
            kinds.map((kind) => ({ name: KIND_NAMES[kind], value: kind })),
        ));
    if (certificate === "pfx") return { certificate, ...(await askFile({ ...given, certificate }, terminal)) };
    if (certificate !== "store" || given.certificateInStore !== undefined) return { certificate };
    const problem: Problem = async (answer) =>
        (await certificateFailures({ certificate, certificateInStore: answer }, undefined))[0]?.reason;
    const certificateInStore = await terminal.text("Thumbprint or subject of the certificate", problem);
    return { certificate, certificateInStore };
};

/** `init` uses the password only to check the file, and writes it nowhere. */
async function askFile(given: Given, terminal: Terminal): Promise<Given> {
    const certificateFile = given.certificateFile ?? (await terminal.text("Path of the PFX file", notEmpty));
    await terminal.secret("Password of the PFX file (only to check the file)", async (password) => {
        return (await certificateFailures({ ...given, certificateFile }, password))[0]?.reason;
    });
    return { certificateFile };
}

const notEmpty: Problem = (answer) => (answer === "" ? "must not be empty" : undefined);

const askPortalUrl: Question = async (given, { terminal }) => {
    if (given.portalUrl !== undefined) return {};
    const problem = problemOf("portalUrl", (answer) => ({ ...given, portalUrl: answer }));
    return {
        portalUrl: await terminal.text("Restore Portal web address, with its port", problem, given.proposedUrl),
    };
};

const askCustomers: Question = async ({ customers, hasNoCustomers }, { terminal }) => {
    if (customers !== undefined || hasNoCustomers === true) return {};
    const question = "Are you a service provider: do users of customers' tenants sign in to this portal?";
    if (!(await terminal.confirm(question, false))) return {};
    const list = await terminal.text(
        'Tenants of the customers: tenant IDs or verified domains such as contoso.com, separated by commas (or "later", to add them to the configuration afterwards)',
        (answer) => customerFailures(customersIn(answer))[0]?.reason,
        "later",
    );
    return { customers: customersIn(list) };
};

const LOGIN = "The backend from PULUMI_BACKEND_URL or pulumi login";
const BACKENDS = [
    { name: "Azure Blob Storage", value: "azblob://state?storage_account=" },
    { name: "A folder of the project", value: "file://./state" },
    { name: "Another URL", value: "https://" },
];

const askBackend: Question = async ({ backend }, { terminal }) => {
    if (backend !== undefined) return {};
    const choices = [{ name: environmentBackend() ?? LOGIN, value: "" }, ...BACKENDS];
    const chosen = await terminal.select("Where Pulumi keeps the state", choices);
    if (chosen === "") return {};
    if (chosen.startsWith("file:")) return { backend: chosen };
    return { backend: await terminal.text("URL of the backend", backendFailure, chosen, true) };
};

const askPipeline: Question = async ({ pipeline }, { terminal }) => {
    if (pipeline !== undefined) return {};
    const systems = SYSTEMS.map((name) => ({ name, value: name }));
    const chosen = await terminal.select("Pipeline that deploys", [{ name: "none", value: undefined }, ...systems]);
    return chosen === undefined ? {} : { pipeline: chosen };
};
