// Makes the programs and applications from which several tests start.
import type { TestTenant } from "./testTenant";
import type { PortalSpec, ProgramSpec } from "../engine/workspace";

export const PORTAL_URL = "https://portal.abc.com:4443";

/** Returns a program of one portal with a generated certificate. */
export function onePortal(args: Record<string, unknown>, options: PortalSpec["options"] = {}): ProgramSpec {
    return {
        certificates: { certificate: { source: { generate: { name: "Restore Portal" } } } },
        portals: {
            portal: { args: { portalUrl: PORTAL_URL, certificate: "$certificate:certificate", ...args }, options },
        },
    };
}

/** Makes an application that the provider did not register. The deploying identity owns it. */
export async function existingApplication(tenant: TestTenant, body: Record<string, unknown> = {}): Promise<string> {
    const { id, appId } = await tenant.graph<{ id: string; appId: string }>("POST", "/applications", {
        displayName: "Existing application",
        signInAudience: "AzureADMyOrg",
        ...body,
    });
    await giveToDeployer(tenant, id);
    return appId;
}

/** Makes the deploying identity an owner of an application. `id`: the application's object id. */
export async function giveToDeployer(tenant: TestTenant, id: string): Promise<void> {
    const owner = `${tenant.emulator.url}/v1.0/directoryObjects/${tenant.emulator.identity("deployer").objectId}`;
    await tenant.graph("POST", `/applications/${id}/owners/$ref`, { "@odata.id": owner });
}

/** Returns an application, its service principal and its grants. The result does not depend on the order of writes. */
export async function everythingOf(tenant: TestTenant, appId: string): Promise<Everything> {
    const application = await tenant.tryGraph("GET", `/applications(appId='${appId}')`);
    const servicePrincipal = await tenant.tryGraph("GET", `/servicePrincipals(appId='${appId}')`);
    const isThere = servicePrincipal.status === 200;
    return sorted({
        application: application.status === 200 ? application.body : undefined,
        servicePrincipal: isThere ? servicePrincipal.body : undefined,
        grants: isThere ? await tenant.grants(appId) : [],
    }) as Everything;
}

export interface Everything {
    readonly application: Awaited<ReturnType<TestTenant["application"]>> | undefined;
    readonly servicePrincipal: Record<string, unknown> | undefined;
    readonly grants: Awaited<ReturnType<TestTenant["grants"]>>;
}

/**
 * Sorts lists, and omits `@odata.context` and key ids. Entra gives a new `keyId` to a credential that is added again.
 */
export function sorted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([name]) => name !== "keyId" && name !== "@odata.context");
    return Object.fromEntries(entries.map(([name, nested]) => [name, sorted(nested)]));
}

/** Returns the inputs of the portal that a preview's diff names. */
export function namedInputs(output: string): string[] {
    const update = output.split(/~ \S+:RestorePortalApp: \(update\)/).at(-1) ?? "";
    return [...update.matchAll(/^ {6,8}[~+-] (\w+)\s*:/gm)].map((match) => match[1] ?? "");
}

/** Sorts every list and each object's properties, and omits only `@odata.context`, the address of Graph's metadata. */
export function asSets(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(asSets).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([name]) => name !== "@odata.context");
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, asSets(one)]));
}
