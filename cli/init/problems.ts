// Checks the answers of `init` as the provider checks its inputs.
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { portalCertificateHooks } from "../../provider/certificate/hooks";
import { UNKNOWN, type InputFailure } from "../../provider/inputs/rawInputs";
import { tenantIdFailures } from "../../provider/inputs/inputRules";
import { checkPortal } from "../../provider/portal/check";
import { print } from "../print";
import { withoutCredentials } from "./backend";
import { certificateOf, settingsOf, type Answers, type Given, type Place } from "./answers";

const ANYWHERE: Place = { folder: "", project: "init", stack: "init" };

/**
 * Returns the inputs of the portal so far. If the application or the web address has no answer yet, its inputs are
 * unknown values, which the provider accepts.
 */
export function rawInputs(given: Given): Record<string, unknown> {
    const { applicationId, name, certificate, customers } = given;
    const isNew = applicationId === undefined;
    const { portal } = settingsOf({ region: "Worldwide", portalUrl: UNKNOWN, ...given } as Answers, ANYWHERE);
    return {
        identity: "init/init//portal",
        ...portal,
        // `certificateFailures` checks the certificate as an input of PortalCertificate.
        certificate: undefined,
        displayName: undefined,
        ...(isNew ? { displayName: name ?? UNKNOWN } : {}),
        ...(isNew && name === undefined ? { applicationId: UNKNOWN } : {}),
        ...(certificate === "none" ? {} : { certificate: UNKNOWN }),
        ...(customers === undefined ? {} : { signInAudience: "AzureADMultipleOrgs" }),
    };
}

/** With this argument, `checkPortal` announces an adoption, as in a preview. */
const PREVIEW = { place: "" };

/**
 * The messages of the checks. `init` prints them later, because they would otherwise appear in the middle of a
 * question.
 */
const notes = new Set<string>();

async function keepingNotes<T>(work: () => Promise<T>): Promise<T> {
    const log = console.log;
    console.log = (line: unknown) => void notes.add(String(line));
    try {
        return await work();
    } finally {
        console.log = log;
    }
}

/**
 * Checks the inputs of the portal. If the environment has credentials, the check also reads Entra, as a preview does.
 */
export async function portalFailures(given: Given): Promise<InputFailure[]> {
    const { failures } = await keepingNotes(() => checkPortal({}, rawInputs(given), [], PREVIEW));
    return failures;
}

/**
 * `password`: the password of a PFX file. Without a password, the file is not opened, because the user sets the
 * password later.
 */
export async function certificateFailures(given: Given, password: string | undefined): Promise<InputFailure[]> {
    const source = certificateOf(given);
    if (source === undefined) return [];
    const inputs = { source: "pfx" in source ? opened(source.pfx.file, password) : source };
    const { failures } = await keepingNotes(() => portalCertificateHooks.check({}, inputs));
    return failures;
}

export function customerFailures(customers: readonly string[]): InputFailure[] {
    return customers.flatMap((tenantId) => tenantIdFailures({ tenantId }));
}

function opened(name: string, password: string | undefined) {
    const file = resolve(name);
    return { pfx: { file, ...(password === undefined && existsSync(file) ? { password: UNKNOWN } : { password }) } };
}

/** Returns the problem if the URL contains a password or token, or is not the URL of a backend that Pulumi supports. */
export function backendFailure(url: string): string | undefined {
    if (hasPassword(url))
        return `must not contain a password or token, because Pulumi.yaml shows the URL; got "${withoutCredentials(url)}" with credentials; set the whole URL in the variable PULUMI_BACKEND_URL instead`;
    if (/^(https?|azblob|s3|gs|postgres):\/\/\S+$/.test(url) || /^file:\/\/[./~]\S*$/.test(url)) return undefined;
    return `must be the URL of a backend, such as azblob://state?storage_account=contoso or file://./state, got "${withoutCredentials(url)}"`;
}

function hasPassword(url: string): boolean {
    return !url.startsWith("file:") && (/:\/\/[^]*:[^]*@/.test(url) || /[?&](password|sig|sas_?token)=/i.test(url));
}

/** Recognizes the preview's sentence about an adoption. */
const isAdoption = (note: string) => note.startsWith("adopts ");

/**
 * Checks all answers together, as the first preview does, and throws one error that lists the problems. Returns the
 * preview's sentence about an adoption. Earlier checks did not have every answer, so only the last sentence counts.
 */
export async function assertAnswers(answers: Answers, password: string | undefined): Promise<string | undefined> {
    const { customers = [], backend } = answers;
    const wrongBackend = backend === undefined ? undefined : backendFailure(backend);
    const failures = [
        ...(await portalFailures(answers)),
        ...(await certificateFailures(answers, password)),
        ...customerFailures(customers),
        ...(wrongBackend === undefined ? [] : [{ property: "backend", reason: wrongBackend }]),
    ];
    for (const note of notes) if (!isAdoption(note)) print(note);
    // A fault of the environment, such as a failed sign-in, is not a wrong answer. So it is only a warning here,
    // and the first preview reports it again.
    for (const { reason } of failures.filter(({ property }) => property === "")) print(`warning: ${reason}`);
    const wrong = failures.filter(({ property }) => property !== "");
    if (wrong.length === 0) return [...notes].filter(isAdoption).at(-1);
    const lines = wrong.map(({ property, reason }) => `  ${property}: ${reason}`);
    throw new Error(`checking the answers: nothing was written; solve these problems:\n${lines.join("\n")}`);
}
