// The writes that make consent in one tenant, and those that take it back.
import type { LiveConsent } from "../entra/live";
import type { ConsentRelease, GrantChange, ServicePrincipalChange } from "./grants";
import { findServicePrincipalId, graphServicePrincipalId } from "../entra/directory";
import type { GraphAnswer } from "../entra/graphRequest";
import type { Session } from "../entra/session";
import { warn } from "../log";
import { patch, write, type Write, type Written } from "./write";

/** Whose consent it is, and in messages: `application 58a0f8e1-...`. */
export interface ConsentOf {
    readonly appId: string;
    readonly what: string;
}

export interface ServicePrincipalIds {
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
}

/** A POST of these is safe to repeat: Graph says that the object is there, and the next look finds it. */
const SERVICE_PRINCIPALS = "/servicePrincipals";

/**
 * Writes the service principal, together with what else has to be there before the grants; then answers the ids that
 * the grants need.
 */
export async function writeServicePrincipal(
    session: Session,
    of: ConsentOf,
    live: LiveConsent,
    { first = [], change }: { first?: readonly Write[]; change: ServicePrincipalChange | undefined },
): Promise<Written & { readonly ids: ServicePrincipalIds }> {
    const requests = [...first, ...(change ? [servicePrincipalRequest(change, of, live)] : [])];
    const written = await write(session, requests);
    const known = {
        servicePrincipalId: live.servicePrincipal?.id ?? "",
        graphServicePrincipalId: live.graphServicePrincipalId,
    };
    if (written.refusal) return { ...written, ids: known };
    const made = change && change.id === undefined ? written.answers.at(-1) : undefined;
    const ids = {
        servicePrincipalId: made ? await madeServicePrincipalId(session, made, of.appId) : known.servicePrincipalId,
        graphServicePrincipalId: await graphServicePrincipalId(session),
    };
    return { ...written, ids };
}

function idOf(answer: GraphAnswer | undefined): string {
    return (answer?.body as { id?: string } | undefined)?.id ?? "";
}

/** Of the service principal that was just made, or that somebody else made a moment before. */
async function madeServicePrincipalId(session: Session, answer: GraphAnswer, appId: string): Promise<string> {
    return answer.error === undefined ? idOf(answer) : findServicePrincipalId(session, appId);
}

function servicePrincipalRequest({ id, body }: ServicePrincipalChange, { what }: ConsentOf, live: LiveConsent): Write {
    const object = `the service principal of ${what}`;
    if (id !== undefined) {
        return patch(`${SERVICE_PRINCIPALS}/${id}`, live.servicePrincipal ?? {}, body, `changing ${object}`);
    }
    return { method: "POST", path: SERVICE_PRINCIPALS, body, purpose: `creating ${object}`, retry: "always" };
}

export function grantRequest(
    grant: GrantChange,
    { what }: ConsentOf,
    ids: ServicePrincipalIds,
    live: LiveConsent,
): Write {
    const purpose = `granting ${grant.permission} to ${what}`;
    if (grant.id !== undefined) {
        const base = live.grants?.find(({ id }) => id === grant.id) ?? {};
        return patch(`/oauth2PermissionGrants/${grant.id}`, base, { scope: grant.scope }, purpose);
    }
    const body = {
        clientId: ids.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId: grant.permission === "User.Read" ? ids.graphServicePrincipalId : ids.servicePrincipalId,
        scope: grant.scope,
    };
    return { method: "POST", path: "/oauth2PermissionGrants", body, purpose, retry: "always" };
}

export function releaseRequests(
    { grants, servicePrincipal }: ConsentRelease,
    { what }: ConsentOf,
    live: LiveConsent,
): Write[] {
    const requests = grants.map(({ id, scope }): Write => {
        const path = `/oauth2PermissionGrants/${id}`;
        const purpose = `taking a grant of ${what} back`;
        const base = live.grants?.find((grant) => grant.id === id) ?? {};
        return scope === "" ? { method: "DELETE", path, purpose } : patch(path, base, { scope }, purpose);
    });
    if (servicePrincipal === undefined) return requests;
    const path = `${SERVICE_PRINCIPALS}/${servicePrincipal.id}`;
    const purpose = `releasing the service principal of ${what}`;
    return servicePrincipal.body === undefined
        ? [...requests, { method: "DELETE", path, purpose }]
        : [...requests, patch(path, live.servicePrincipal ?? {}, servicePrincipal.body, purpose)];
}

export function warnThatGrantsAreNotReadable(what: string): void {
    warn(
        `grantedPermissions of ${what}: not readable, so taken as unchanged; the deploying identity lacks DelegatedPermissionGrant.ReadWrite.All (or Directory.Read.All)`,
    );
}
