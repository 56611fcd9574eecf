// Defines the answers that `init` needs, reads them from the options of the command line, and makes the settings of the
// project from them.
import { basename, relative, resolve, sep } from "node:path";

import { DEFAULT_REGION, REGION_NAMES, type Region } from "../../provider/inputs/regions";
import { regionFailures } from "../../provider/inputs/inputRules";
import { portOf } from "../../provider/inputs/portalUrl";
import { text, UsageError, type Values } from "../command";
import { SYSTEMS, type System } from "../pipelines/job";
import type { CertificateSource } from "../project/certificateSource";
import type { ProjectSettings } from "../project/settings";

/** `none`: the program leaves the certificates of an existing application alone. */
export const CERTIFICATE_KINDS = ["generate", "pfx", "store", "none"] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

export interface Answers {
    readonly region: Region;
    /**
     * The Application ID of an existing application. Without it, the deployment registers a new application with
     * `name`.
     */
    readonly applicationId?: string;
    readonly name?: string;
    readonly certificate: CertificateKind;
    readonly certificateFile?: string;
    /** Thumbprint or subject of a certificate in the store of this machine. */
    readonly certificateInStore?: string;
    readonly portalUrl: string;
    /** `undefined`: the portal has no customers. Empty: the user adds the customers to the configuration later. */
    readonly customers?: readonly string[];
    /** The URL of the backend. `undefined`: PULUMI_BACKEND_URL or `pulumi login` decides. */
    readonly backend?: string;
    readonly pipeline?: System;
}

/** The answers so far, from the command line and from the questions on the terminal. */
export type Given = { readonly [Key in keyof Answers]?: Answers[Key] | undefined } & {
    /** The web address of the chosen application, which `init` proposes as the answer for `portalUrl`. */
    readonly proposedUrl?: string | undefined;
    /** `--customers none`: the portal has no customers, so `init` does not ask about them. */
    readonly hasNoCustomers?: boolean | undefined;
};

const NO_ANSWERS: readonly string[] = ["proposedUrl", "hasNoCustomers"] satisfies (keyof Given)[];

export interface Place {
    readonly folder: string;
    readonly project: string;
    readonly stack: string;
}

export const ANSWER_OPTIONS = {
    region: { type: "string" },
    "application-id": { type: "string" },
    name: { type: "string" },
    certificate: { type: "string" },
    "certificate-file": { type: "string" },
    "certificate-in-store": { type: "string" },
    "portal-url": { type: "string" },
    customers: { type: "string" },
    backend: { type: "string" },
    pipeline: { type: "string" },
} as const;

export function givenAnswers(values: Values): Given {
    const customers = text(values, "customers");
    const given = {
        region: regionIn(values),
        applicationId: text(values, "application-id")?.toLowerCase(),
        name: text(values, "name"),
        certificate: oneOf(CERTIFICATE_KINDS, values, "certificate"),
        certificateFile: text(values, "certificate-file"),
        certificateInStore: text(values, "certificate-in-store"),
        portalUrl: text(values, "portal-url"),
        customers: customers === undefined || customers === "none" ? undefined : customersIn(customers),
        hasNoCustomers: customers === "none" ? true : undefined,
        backend: text(values, "backend"),
        pipeline: oneOf(SYSTEMS, values, "pipeline"),
    };
    assertTogether(given);
    return given;
}

export function regionIn(values: Values): Region | undefined {
    const [wrong] = regionFailures({ region: text(values, "region") });
    if (wrong) throw new UsageError(`--region ${wrong.reason}`);
    return oneOf(REGION_NAMES, values, "region");
}

function oneOf<T extends string>(allowed: readonly T[], values: Values, name: string): T | undefined {
    const given = text(values, name);
    const known = allowed.find((one) => one === given);
    if (given === undefined || known !== undefined) return known;
    throw new UsageError(`--${name} must be one of ${allowed.join(", ")}, not "${given}"`);
}

function assertTogether({ applicationId, name, certificate, certificateFile, certificateInStore }: Given): void {
    if (applicationId !== undefined && name !== undefined)
        throw new UsageError("use either --application-id (an existing application) or --name (a new one)");
    if (certificate === "none" && name !== undefined)
        throw new UsageError("--certificate none is only for an existing application: a new one needs a certificate");
    const needed = { pfx: certificateFile, store: certificateInStore };
    const flags = { pfx: "--certificate-file", store: "--certificate-in-store" };
    for (const kind of ["pfx", "store"] as const) {
        if (needed[kind] !== undefined && certificate !== kind)
            throw new UsageError(`${flags[kind]} needs --certificate ${kind}`);
    }
}

/**
 * Reads the answer about customers. `later`: there are customers, and the user adds them to the configuration later.
 */
export function customersIn(list: string): string[] {
    if (list.trim() === "later") return [];
    const tenants = list.split(",").map((tenant) => tenant.trim().toLowerCase());
    return [...new Set(tenants.filter((tenant) => tenant !== ""))];
}

/** Without a terminal, `init` asks nothing. Options must give each answer that has no safe default. */
export function withDefaults(given: Given): Answers {
    const { applicationId, name, certificate, portalUrl } = given;
    const missing = [
        ...(applicationId === undefined && name === undefined ? ["either --application-id or --name"] : []),
        ...(portalUrl === undefined ? ["--portal-url"] : []),
        ...(certificate === "pfx" && given.certificateFile === undefined ? ["--certificate-file"] : []),
        ...(certificate === "store" && given.certificateInStore === undefined ? ["--certificate-in-store"] : []),
    ];
    if (missing.length > 0 || portalUrl === undefined)
        throw new UsageError(`without a terminal init asks nothing, so give ${missing.join(", and ")}`);
    const defaults = {
        region: DEFAULT_REGION,
        certificate: applicationId === undefined ? "generate" : "none",
    } as const;
    return { ...defaults, ...onlyGiven(given), portalUrl };
}

export function onlyGiven(given: Given): Partial<Answers> {
    const isAnswer = ([name, value]: readonly [string, unknown]) => !NO_ANSWERS.includes(name) && value !== undefined;
    return Object.fromEntries(Object.entries(given).filter(isAnswer));
}

export const PLACE_OPTIONS = {
    out: { type: "string" },
    project: { type: "string" },
    stack: { type: "string" },
} as const;
export const PLACE_HELP = `      --out <folder>       the folder of the project (default: the current folder)
      --project <name>     the name of the Pulumi project (default: the name of the folder)
      --stack <name>       the stack whose configuration is written (default: production)`;

export const REGION_HELP = REGION_NAMES.map((name) => (name === DEFAULT_REGION ? `${name} (default)` : name)).join(
    ", ",
);

export function placeOf(values: Values): Place {
    const folder = resolve(text(values, "out") ?? "");
    const named = text(values, "project");
    const project = named ?? (basename(folder).replace(/[^A-Za-z0-9_.-]/g, "") || "portals");
    const stack = text(values, "stack") ?? "production";
    const forms = { project, stack };
    for (const [name, value] of Object.entries(forms)) {
        if (/^[A-Za-z0-9_.-]{1,100}$/.test(value) && !/^pulumi(\.|$)/i.test(value)) continue;
        const source = name === "project" && named === undefined ? " from the name of the folder" : "";
        throw new UsageError(
            `--${name} must have 1 to 100 letters, digits, hyphens, underscores or periods, and must not be "pulumi" or begin with "pulumi."; got "${value}"${source}`,
        );
    }
    return { folder, project, stack };
}

/**
 * Returns the settings of the project. Equal answers give equal settings, whether options or a person gave the answers.
 */
export function settingsOf(answers: Answers, { folder, project, stack }: Place): ProjectSettings {
    const { region, applicationId, name, portalUrl, customers, backend } = answers;
    const certificate = inProject(folder, certificateOf(answers));
    const port = URL.canParse(portalUrl) ? portOf(portalUrl) : 4443;
    return {
        name: project,
        stack,
        ...(backend === undefined ? {} : { backend }),
        portal: {
            region,
            ...(applicationId === undefined ? { displayName: name ?? "" } : { applicationId }),
            ...(certificate === undefined ? {} : { certificate }),
            portalUrl,
            ...(port === 4443 ? {} : { restApiPort: port }),
        },
        ...(customers === undefined ? {} : { customers }),
    };
}

/**
 * The user gives the path of a PFX file relative to the current folder. The program needs the path relative to its own
 * folder.
 */
function inProject(folder: string, source: CertificateSource | undefined): CertificateSource | undefined {
    if (source === undefined || !("pfx" in source)) return source;
    return { pfx: { file: relative(folder, resolve(source.pfx.file)).split(sep).join("/") } };
}

export function certificateOf(answers: Given): CertificateSource | undefined {
    const { certificate, certificateFile = "", certificateInStore = "", name } = answers;
    if (certificate === "generate") return { generate: { name: (name ?? "Restore Portal").slice(0, 64) } };
    if (certificate === "pfx") return { pfx: { file: certificateFile } };
    if (certificate !== "store") return undefined;
    const thumbprint = certificateInStore.replace(/[\s:]/g, "");
    return { store: /^[0-9a-f]{40}$/i.test(thumbprint) ? { thumbprint } : { subject: certificateInStore } };
}
