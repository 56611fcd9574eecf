// Reads an application in a tenant, with its service principal, grants and owners. Also deletes objects.
// deletedItems.ts reads soft-deleted objects.
import type { Shape } from "../shape";
import { clock } from "./clock";
import { isDenied, isNotFound } from "./graphErrors";
import type { GraphAnswer, GraphRequest } from "./graphRequest";
import { aGrant, anApplication, anAudience, anObject, aServicePrincipal, pageOf } from "./graphShapes";
import {
    GRAPH_APP_ID,
    type Live,
    type LiveApplication,
    type LiveConsent,
    type LiveGrant,
    type LiveServicePrincipal,
} from "./live";
import { noteKeys, type SoughtCertificate } from "./keyBytes";
import { restOf, type Page } from "./pages";
import { applicationPath, grantsOfPath, ownersPath, select, servicePrincipalPath, uniqueNamePath } from "./paths";
import type { Session } from "./session";

/** The object ids of Microsoft Graph's own service principal, by the tenant's GUID. They never change. */
const graphServicePrincipals = new Map<string, Promise<string>>();

export function rememberGraphServicePrincipal(tenantId: string, id: string): void {
    if (id !== "") graphServicePrincipals.set(tenantId, Promise.resolve(id));
}

/**
 * Returns the object id of Microsoft Graph's service principal. Reads it at most once per process and tenant. A failure
 * is not kept.
 */
export function graphServicePrincipalId(session: Session): Promise<string> {
    const { tenantId } = session;
    const known = graphServicePrincipals.get(tenantId);
    if (known) return known;
    const id = findServicePrincipalId(session, GRAPH_APP_ID, "Microsoft Graph");
    graphServicePrincipals.set(tenantId, id);
    id.catch(() => graphServicePrincipals.delete(tenantId));
    return id;
}

export interface ObserveOptions {
    /** `true`: also reads the owners, by one more request in the batch. Default `false`. */
    readonly withOwners?: boolean;
    /** `false` if the caller does not need the grants. Default `true`. */
    readonly withGrants?: boolean;
    /** A certificate to recognize by its bytes, because its identifier on the application may not be its thumbprint. */
    readonly certificate?: SoughtCertificate | undefined;
}

/**
 * Reads the application and its service principal. By default, also reads its grants. Reads its owners only if
 * `withOwners` is set. Sends one batch, and more requests only for long lists, for the bytes of certificates, and for
 * the id of Microsoft Graph's service principal if it is not known yet. `undefined`: the application does not exist.
 */
export async function observe(
    session: Session,
    appId: string,
    { withGrants = true, withOwners = false, certificate }: ObserveOptions = {},
): Promise<Live | undefined> {
    const what = `application ${appId}`;
    const startedAt = clock.now().getTime();
    const ofOwners = reading(`the owners of ${what}`, select(ownersPath(appId), "id"), pageOf(anObject));
    const ofGrants = readingGrants(appId, what);
    const requests = [
        reading(what, applicationPath(appId), anApplication),
        readingServicePrincipal(appId, what),
        ...(withGrants ? [ofGrants] : []),
        ...(withOwners ? [ofOwners] : []),
    ];
    const [answers, graphId] = await Promise.all([session.graph.batch(requests), graphServicePrincipalId(session)]);
    const [application, servicePrincipal, ...rest] = answers;
    const grants = withGrants ? rest.shift() : undefined;
    const owners = withOwners ? rest.shift() : undefined;
    if (application?.error && isNotFound(application.error)) return undefined;
    const found = bodyOf(application) as LiveApplication;
    if (certificate) await noteKeys(session, found, certificate);
    return {
        application: found,
        servicePrincipal: bodyUnless(servicePrincipal, isNotFound) as LiveServicePrincipal | undefined,
        grants: grants && (await grantsIn(session, { ...ofGrants, startedAt }, grants)),
        owners: owners && (await ownersIn(session, { ...ofOwners, startedAt }, owners)),
        graphServicePrincipalId: graphId,
    };
}

/**
 * Reads an application's service principal and grants in a tenant, which may differ from the application's own tenant.
 * `what` names the application in messages.
 */
export async function observeConsent(session: Session, appId: string, what: string): Promise<LiveConsent> {
    const startedAt = clock.now().getTime();
    const ofGrants = readingGrants(appId, what);
    const requests = [readingServicePrincipal(appId, what), ofGrants];
    const [answers, graphId] = await Promise.all([session.graph.batch(requests), graphServicePrincipalId(session)]);
    const [servicePrincipal, grants] = answers;
    return {
        servicePrincipal: bodyUnless(servicePrincipal, isNotFound) as LiveServicePrincipal | undefined,
        grants: await grantsIn(session, { ...ofGrants, startedAt }, grants),
        graphServicePrincipalId: graphId,
    };
}

/** Returns who may sign in to an application. `undefined`: the session's tenant has no such application. */
export async function readSignInAudience(session: Session, appId: string): Promise<string | undefined> {
    const path = select(applicationPath(appId), "signInAudience");
    const request = reading(`the audience of application ${appId}`, path, anAudience);
    return (await getUnlessMissing<{ signInAudience: string }>(session, request))?.signInAudience;
}

/** Reads an application by its `uniqueName`, which RestorePortalApp sets only when it registers an application. */
export function findByUniqueName(session: Session, uniqueName: string): Promise<LiveApplication | undefined> {
    return getUnlessMissing(session, reading(`application ${uniqueName}`, uniqueNamePath(uniqueName), anApplication));
}

export async function findServicePrincipalId(
    session: Session,
    appId: string,
    what = `application ${appId}`,
): Promise<string> {
    const path = select(servicePrincipalPath(appId), "id");
    const request = reading(`the service principal of ${what}`, path, anObject);
    return (await session.graph.send<{ id: string }>(request)).id;
}

/** `what` names the object in messages. `answers`: the required form of the answer. */
export function reading(what: string, path: string, answers: Shape): GraphRequest {
    return { method: "GET", path, purpose: `reading ${what}`, answers };
}

function readingServicePrincipal(appId: string, what: string): GraphRequest {
    return reading(`the service principal of ${what}`, servicePrincipalPath(appId), aServicePrincipal);
}

function readingGrants(appId: string, what: string): GraphRequest {
    return reading(`the grants of ${what}`, grantsOfPath(appId), pageOf(aGrant));
}

/** `undefined`: the object does not exist. */
export async function getUnlessMissing<T>(session: Session, request: GraphRequest): Promise<T | undefined> {
    try {
        return await session.graph.send<T>(request);
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

type List<T> = Promise<readonly T[] | undefined>;

/**
 * Returns an empty list if the service principal does not exist. `undefined`: the caller is not allowed to read grants.
 */
async function grantsIn(session: Session, request: GraphRequest, first: GraphAnswer | undefined): List<LiveGrant> {
    if (first?.error && isNotFound(first.error)) return [];
    const grants = await listIn<Omit<LiveGrant, "scope"> & { scope?: string | null }>(session, request, first);
    return grants?.map((grant) => ({ ...grant, scope: grant.scope ?? "" }));
}

/** `undefined`: the caller is not allowed to read owners. */
async function ownersIn(session: Session, request: GraphRequest, first: GraphAnswer): List<string> {
    return (await listIn<{ id: string }>(session, request, first))?.map(({ id }) => id);
}

/**
 * Returns the whole list. `first`: the answer with its first page. `undefined`: the caller is not allowed to read the
 * list.
 */
async function listIn<T>(session: Session, request: GraphRequest, first: GraphAnswer | undefined): List<T> {
    const page = bodyUnless(first, isDenied) as Page<T> | undefined;
    return page && restOf(session, request, page);
}

function bodyOf(answer: GraphAnswer | undefined): unknown {
    if (answer?.error) throw answer.error;
    return answer?.body;
}

function bodyUnless(answer: GraphAnswer | undefined, isExpected: (error: unknown) => boolean): unknown {
    if (answer?.error && isExpected(answer.error)) return undefined;
    return bodyOf(answer);
}

/** Deletes an object. An object that is already deleted counts as success. */
export async function deleteObject(session: Session, path: string, purpose: string): Promise<void> {
    try {
        await session.graph.send({ method: "DELETE", path, purpose });
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
}
