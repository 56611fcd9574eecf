// Lists the operations of a RestorePortalApp that write to Entra. Each row has what a test sets up before the
// operation, and the program that performs it.
import { seedForeign, seedForeignGrants, type ForeignEntries } from "../tenant/foreignEntries";
import { issueCertificate } from "../../../provider/certificate/issue";
import { issueCertificates } from "../tenant/certificates";
import type { HooksProcess } from "./hooksProcess";
import { HooksStack, type ResourceState } from "./hooksStack";
import { existingApplication } from "../tenant/portals";
import { type TestTenant } from "../tenant/testTenant";

type Json = Record<string, unknown>;

export interface Operation {
    readonly name: string;
    /** The start: `nothing`, an `existing` application without a portal, or a `registered` or `adopted` portal. */
    readonly start: "nothing" | "existing" | "registered" | "adopted";
    /**
     * Makes the program of the operation from the usual program `args`, even if `from` makes another program for the
     * start. Returns `undefined` if the program no longer has the resource.
     */
    readonly change: (args: Json, fixtures: Fixtures) => Json | undefined;
    /**
     * Makes the program of the start from the usual program `args`. Omitted: the start uses the usual program. The result
     * may contain the certificate `replaces`: the start first deploys the program with it, and then with its own.
     */
    readonly from?: (args: Json, fixtures: Fixtures) => Json;
    /** `true`: the operation needs more than the least permissions. */
    readonly asAdmin?: boolean;
    /** Makes a change as somebody else, between the start and the operation. */
    readonly meanwhile?: (tenant: TestTenant, appId: string) => Promise<unknown>;
}

export interface Fixtures {
    readonly certificate: Json;
    readonly otherCertificate: Json;
    /** The object id of a service principal that may become an owner. */
    readonly owner: string;
    readonly appId: string;
    readonly secondTenantId: string;
}

export const IDENTITY = "organization/portals/dev/portal";
const URL = "https://portal.abc.com:4443";

/** Lists changes of inputs that write to Entra. */
export const CHANGES: readonly Operation[] = [
    change("displayName", () => ({ displayName: "Renamed Portal" })),
    change("portalUrl", () => ({ portalUrl: "https://moved.abc.com:4443" })),
    change("restApiPort", () => ({ portalUrl: "https://portal.abc.com:5443", restApiPort: 5443 })),
    change("additionalPortalUrls", () => ({ additionalPortalUrls: ["https://second.abc.com:4443"] })),
    change("signInAudience", () => ({ signInAudience: "AzureADMultipleOrgs" })),
    { ...change("adminConsent", () => ({ adminConsent: true })), from: (args) => ({ ...args, adminConsent: false }) },
    { ...change("owners", ({ owner }) => ({ owners: [owner] })), asAdmin: true },
    change("serviceManagementReference", () => ({ serviceManagementReference: "CMDB-4711" })),
    change("servicePrincipal", () => ({ servicePrincipal: "assignment required" })),
    change("certificate", ({ otherCertificate }) => ({ certificate: otherCertificate })),
    {
        ...change("registerCertificate", () => ({ registerCertificate: true })),
        start: "adopted",
        from: (args) => without(args, "certificate"),
        change: (args, { certificate }) => ({ ...args, certificate, registerCertificate: true }),
    },
    {
        name: "change of certificateOverlapDays",
        start: "registered",
        from: (args, { otherCertificate }) => ({
            ...args,
            certificate: otherCertificate,
            replaces: args["certificate"],
        }),
        change: (args, { otherCertificate }) => ({ ...args, certificate: otherCertificate, certificateOverlapDays: 0 }),
    },
    {
        name: "change of displayName to applicationId",
        start: "registered",
        change: (args, { appId }) => ({ ...without(args, "displayName"), applicationId: appId }),
    },
    {
        name: "change of tenantId",
        start: "registered",
        change: (args, { secondTenantId }) => ({ ...args, tenantId: secondTenantId, credentials: "SECOND" }),
    },
];

function without(args: Json, input: string): Json {
    return Object.fromEntries(Object.entries(args).filter(([name]) => name !== input));
}

function change(input: string, to: (fixtures: Fixtures) => Json): Operation {
    return {
        name: `change of ${input}`,
        start: "registered",
        change: (args, fixtures) => ({ ...args, ...to(fixtures) }),
    };
}

function deleteApplication(tenant: TestTenant, appId: string): Promise<unknown> {
    return tenant.graph("DELETE", `/applications(appId='${appId}')`);
}

export const OPERATIONS: readonly Operation[] = [
    { name: "create", start: "nothing", change: (args) => args },
    { name: "adopt", start: "existing", change: (args) => args },
    ...CHANGES,
    {
        name: "rotation without overlap",
        start: "registered",
        change: (args, { otherCertificate }) => ({ ...args, certificate: otherCertificate, certificateOverlapDays: 0 }),
    },
    {
        name: "rotation on an adopted application",
        start: "adopted",
        change: (args, { otherCertificate }) => ({ ...args, certificate: otherCertificate, certificateOverlapDays: 0 }),
    },
    {
        name: "restoring a registered application",
        start: "registered",
        meanwhile: deleteApplication,
        change: (args) => args,
    },
    {
        name: "adopting an application from deleted items",
        start: "existing",
        meanwhile: deleteApplication,
        change: (args) => ({ ...args, restoreDeleted: true }),
    },
    { name: "release", start: "adopted", change: () => undefined },
    { name: "delete", start: "registered", change: () => undefined },
];

/** The operations that the kill matrix runs in `npm test`. */
export const QUICK_OPERATIONS: readonly string[] = ["create"];

/** Issues a certificate, and returns it as the input `certificate`. `id`: the id of its PortalCertificate. */
export async function certificateInput(id: string): Promise<Json> {
    const issued = await issueCertificate({ name: "Restore Portal", keySize: 2048, validDays: 365, now: new Date() });
    return { certificatePem: issued.certificatePem, id, name: "Restore Portal" };
}

export interface Prepared {
    readonly args: Json | undefined;
    readonly state: ResourceState | undefined;
    readonly foreign: ForeignEntries | undefined;
    /** The `appId` of the application that already exists. */
    readonly appId: string | undefined;
}

/** What a test sets up before an operation, and the program with which it then performs the operation. */
export interface Start {
    /** The programs to deploy one after another before the operation. */
    readonly before: readonly Json[];
    readonly next: (appId: string) => Json | undefined;
    readonly existing: string | undefined;
    /** Adds entries of others to the application. */
    readonly seed: (appId: string) => Promise<ForeignEntries>;
    readonly foreign: ForeignEntries | undefined;
}

export async function startOf(tenant: TestTenant, operation: Operation): Promise<Start> {
    const { start } = operation;
    const others = await issueCertificates(start === "nothing" ? 0 : 3);
    const existing = start === "existing" || start === "adopted" ? await existingApplication(tenant) : undefined;
    const foreign = existing ? await seedForeign(tenant, existing, others) : undefined;
    const fixtures = {
        certificate: await certificateInput("certificate-1"),
        otherCertificate: await certificateInput("certificate-1"),
        owner: tenant.emulator.identity("deployer").objectId,
        appId: existing ?? "",
        secondTenantId: tenant.emulator.tenantIds[1] ?? "",
    };
    const { certificate } = fixtures;
    const naming = existing ? { applicationId: existing } : { displayName: "Restore Portal" };
    const args: Json = { identity: IDENTITY, portalUrl: URL, certificate, ...naming };
    const { replaces, ...program } = operation.from?.(args, fixtures) ?? args;
    const isDeployed = start === "registered" || start === "adopted";
    return {
        before: [
            ...(replaces === undefined ? [] : [{ ...program, certificate: replaces }]),
            ...(isDeployed ? [program] : []),
        ],
        next: (appId) => operation.change(args, { ...fixtures, appId }),
        existing,
        seed: async (appId) => {
            const seeded = foreign ?? (await seedForeign(tenant, appId, others));
            await seedForeignGrants(tenant, appId);
            return seeded;
        },
        foreign,
    };
}

/** Sets up the tenant for an operation. If the operation starts with an application, adds entries of others to it. */
export async function prepare(tenant: TestTenant, hooks: HooksProcess, operation: Operation): Promise<Prepared> {
    const { before, next, existing, seed, foreign } = await startOf(tenant, operation);
    const stack = new HooksStack(hooks);
    for (const program of before) await stack.up(program);
    const { state } = stack;
    const appId = state?.id ?? existing;
    const seeded = state ? await seed(state.id) : foreign;
    if (appId !== undefined) await operation.meanwhile?.(tenant, appId);
    return { args: next(appId ?? ""), state, foreign: seeded, appId };
}
