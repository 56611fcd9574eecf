// Returns the contents of a tenant after an operation, in a form that tests can compare between two runs.
import { everythingOf, sorted } from "./portals";
import { FOREIGN_SCOPE, type ForeignEntries, type GrantsOfOthers } from "./foreignEntries";
import type { TestTenant } from "./testTenant";

/**
 * Returns the number of portals and of deleted portals in each tenant, the application with its service principal and
 * grants, and the hash of the entries of others. Ids and times differ between runs, so placeholders replace them, or
 * they are left out.
 */
export async function endState(
    tenant: TestTenant,
    appId: string | undefined,
    { foreign }: { readonly foreign?: ForeignEntries | undefined },
    options: GrantsOfOthers = {},
): Promise<unknown> {
    const states = tenant.emulator.control.snapshot();
    const living = states.map(({ applications, deleted }) => ({
        portals: applications.filter(({ uniqueName }) => uniqueName?.startsWith("restore-portal-")).length,
        deletedPortals: deleted.filter((one) => "uniqueName" in one && one.uniqueName).length,
    }));
    const everything = appId === undefined ? undefined : await everythingIn(tenant, appId);
    const compared = options.isWithGrants === false ? withoutGrantsOfOthers(everything) : everything;
    const isInFirst = states[0]?.applications.some((one) => one.appId === appId) === true;
    return { living, everything: anonymous(compared), foreign: isInFirst ? await foreign?.hash(options) : undefined };
}

type Everything = Awaited<ReturnType<typeof everythingIn>> | undefined;

function withoutGrantsOfOthers(everything: Everything): Everything {
    const grants = everything?.grants?.filter(({ scope }) => scope !== FOREIGN_SCOPE);
    return everything && ({ ...everything, grants } as Everything);
}

/** Returns everything about the application, which can also be in another tenant. */
async function everythingIn(tenant: TestTenant, appId: string) {
    const [first] = tenant.emulator.control.snapshot();
    const isFirst = first?.applications.some((one) => one.appId === appId) ?? false;
    if (isFirst) return everythingOf(tenant, appId);
    const other = tenant.emulator.control
        .snapshot()
        .find(({ applications }) => applications.some((one) => one.appId === appId));
    const application = other?.applications.find((one) => one.appId === appId);
    const servicePrincipal = other?.servicePrincipals.find((one) => one.appId === appId);
    const grants = other?.grants.filter(({ clientId }) => clientId === servicePrincipal?.id);
    return { application, servicePrincipal, grants };
}

function anonymous(everything: Everything): unknown {
    const names: [string, string][] = [
        [everything?.application?.appId ?? "-", "<appId>"],
        [everything?.application?.id ?? "-", "<objectId>"],
        [(everything?.servicePrincipal as { id: string } | undefined)?.id ?? "-", "<servicePrincipalId>"],
    ];
    const text = JSON.stringify(everything ?? null, (key, value: unknown) =>
        ["createdDateTime", "keyId", "@odata.context"].includes(key) ? undefined : value,
    );
    const held = withoutHolders(text);
    const named = names.reduce((result, [id, name]) => result.replaceAll(id, name), held);
    // Entra computes a grant's id from the ids of its two service principals.
    const isGrantId = (key: string, value: unknown) => key === "id" && typeof value === "string" && value.length === 43;
    return sorted(JSON.parse(named, (key, value: unknown) => (isGrantId(key, value) ? "" : value)));
}

/** Returns everything that does not belong to the portal. An operation must not change it. */
export function everythingElse(tenant: TestTenant, appId: string | undefined): unknown {
    return tenant.emulator.control.snapshot().map((state) => {
        const isPortal = (one: { appId: string; uniqueName?: string | null }) =>
            one.appId === appId || one.uniqueName?.startsWith("restore-portal-") === true;
        const portals = new Set([...state.applications, ...state.deleted].filter(isPortal).map((one) => one.appId)).add(
            appId ?? "",
        );
        const isOther = (one: { appId: string }) => !portals.has(one.appId);
        const servicePrincipals = state.servicePrincipals.filter(isOther);
        const ids = new Set(servicePrincipals.map(({ id }) => id));
        return {
            applications: state.applications.filter(isOther),
            servicePrincipals,
            grants: state.grants.filter(({ clientId }) => ids.has(clientId)),
            deleted: state.deleted.filter(isOther),
            appRoleAssignments: state.appRoleAssignments,
        };
    });
}

/** Replaces the second half of the holder's id in each tag, because this half is random. */
export function withoutHolders(text: string): string {
    return text.replace(/((?:restore-portal|consent|stack):[0-9a-f]{8})[0-9a-f]{8}:/g, "$1<random>:");
}
