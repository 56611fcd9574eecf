// What the provider reads from and writes to one tenant's directory, in terms of a portal. The only file that knows
// Graph's paths.
import {
    type LiveConsent,
    type Live,
    type LiveApplication,
    type LiveGrant,
    type LiveServicePrincipal,
    GRAPH_APP_ID,
} from "./live";
import { warn } from "../log";
import { PortalError } from "../portalError";
import { isDenied, isNotFound } from "./graphErrors";
import type { GraphAnswer, GraphRequest } from "./graphRequest";
import type { Session } from "./session";

/** An application in Entra's bin, from which it can be restored for 30 days. */
export interface DeletedApplication {
    readonly id: string;
    readonly appId: string;
    readonly uniqueName?: string | null;
    readonly deletedDateTime: string;
}

const BIN_DAYS = 30;

/** Object id of Graph's own service principal: another one in each tenant, the same for ever. */
const graphServicePrincipals = new Map<string, Promise<string>>();

export function rememberGraphServicePrincipal(tenantId: string, id: string): void {
    if (id !== "") graphServicePrincipals.set(tenantId, Promise.resolve(id));
}

/** Asked once a process, however many ask at once; a failure is forgotten. */
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
    /** Owners cost a read of their own, so they are read only where the program or a check asks for them. */
    readonly withOwners?: boolean;
    /** `false`: grants do not matter to the question. */
    readonly withGrants?: boolean;
}

/** One look at the application and what belongs to it: one batch at most. `undefined`: there is no such application. */
export async function observe(
    session: Session,
    appId: string,
    options: ObserveOptions = {},
): Promise<Live | undefined> {
    const requests = [
        get(applicationPath(appId), `reading application ${appId}`),
        get(servicePrincipalPath(appId), `reading the service principal of application ${appId}`),
        ...(options.withGrants === false
            ? []
            : [
                  get(
                      `${servicePrincipalPath(appId)}/oauth2PermissionGrants`,
                      `reading the grants of application ${appId}`,
                  ),
              ]),
        ...(options.withOwners === true
            ? [get(`${applicationPath(appId)}/owners?$select=id`, `reading the owners of application ${appId}`)]
            : []),
    ];
    const [answers, graphId] = await Promise.all([session.graph.batch(requests), graphServicePrincipalId(session)]);
    const [application, servicePrincipal, ...rest] = answers;
    const grants = options.withGrants === false ? undefined : rest.shift();
    const owners = options.withOwners === true ? rest.shift() : undefined;
    if (application?.error && isNotFound(application.error)) return undefined;
    return {
        application: bodyOf(application) as LiveApplication,
        servicePrincipal: bodyUnless(servicePrincipal, isNotFound) as LiveServicePrincipal | undefined,
        grants: grants && grantsOf(grants),
        owners:
            owners &&
            (bodyUnless(owners, isDenied) as { value: { id: string }[] } | undefined)?.value.map(({ id }) => id),
        graphServicePrincipalId: graphId,
    };
}

/** One look at what an application has in a tenant that need not be its own: one request. `what` names both. */
export async function observeConsent(session: Session, appId: string, what: string): Promise<LiveConsent> {
    const requests = [
        get(servicePrincipalPath(appId), `reading the service principal of ${what}`),
        get(`${servicePrincipalPath(appId)}/oauth2PermissionGrants`, `reading the grants of ${what}`),
    ];
    const [answers, graphId] = await Promise.all([session.graph.batch(requests), graphServicePrincipalId(session)]);
    const [servicePrincipal, grants] = answers;
    return {
        servicePrincipal: bodyUnless(servicePrincipal, isNotFound) as LiveServicePrincipal | undefined,
        grants: grantsOf(grants),
        graphServicePrincipalId: graphId,
    };
}

/** Who may sign in to an application of the session's tenant; `undefined`: the tenant has no such application. */
export async function readSignInAudience(session: Session, appId: string): Promise<string | undefined> {
    const path = `${applicationPath(appId)}?$select=signInAudience`;
    try {
        const request = get(path, `reading the audience of application ${appId}`);
        return (await session.graph.send<{ signInAudience: string }>(request)).signInAudience;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** `undefined`: the caller may not read grants. A missing service principal has none. */
function grantsOf(answer: GraphAnswer | undefined): readonly LiveGrant[] | undefined {
    if (answer?.error && isNotFound(answer.error)) return [];
    return (bodyUnless(answer, isDenied) as { value: LiveGrant[] } | undefined)?.value;
}

function bodyOf(answer: GraphAnswer | undefined): unknown {
    if (answer?.error) throw answer.error;
    return answer?.body;
}

function bodyUnless(answer: GraphAnswer | undefined, isExpected: (error: unknown) => boolean): unknown {
    if (answer?.error && isExpected(answer.error)) return undefined;
    return bodyOf(answer);
}

function get(path: string, purpose: string): GraphRequest {
    return { method: "GET", path, purpose };
}

export function applicationPath(appId: string): string {
    return `/applications(appId='${appId}')`;
}

function servicePrincipalPath(appId: string): string {
    return `/servicePrincipals(appId='${appId}')`;
}

export async function findServicePrincipalId(
    session: Session,
    appId: string,
    what = `application ${appId}`,
): Promise<string> {
    const path = `${servicePrincipalPath(appId)}?$select=id`;
    const { id } = await session.graph.send<{ id: string }>(get(path, `reading the service principal of ${what}`));
    return id;
}

/**
 * Refusals that a write gets while an earlier write of ours has not reached the replica that answers (Microsoft:
 * "designing for eventual consistency"; the texts are in the issues of azuread, vault and msgraph-sdk).
 */
export function isReplicationLag(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 404) return true;
    return REPLICATION_LAG.test(`${error.graphCode ?? ""} ${error.message}`);
}

const REPLICATION_LAG =
    /NoBackingApplicationObject|does not reference a valid application object|must in the local tenant|reference-property objects are not present|objects being referenced don't exist|CannotDeleteOrUpdateEnabledEntitlement|cannot be deleted or updated unless disabled first|Directory_ConcurrencyViolation/;

/** Finds an application by the alternate key that only this resource gives. */
export async function findByUniqueName(session: Session, uniqueName: string): Promise<LiveApplication | undefined> {
    try {
        return await session.graph.send<LiveApplication>(
            get(`/applications(uniqueName='${uniqueName}')`, `looking for application ${uniqueName}`),
        );
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

export function findDeleted(
    session: Session,
    matches: (application: DeletedApplication) => boolean,
): Promise<DeletedApplication | undefined> {
    return findInBin(session, "application?$select=id,appId,uniqueName,deletedDateTime", matches);
}

/** The bin, searched here: Graph promises no filter on these properties for deleted items. */
async function findInBin<T extends { readonly deletedDateTime: string }>(
    session: Session,
    query: string,
    matches: (item: T) => boolean,
): Promise<T | undefined> {
    let path: string | undefined = `/directory/deletedItems/microsoft.graph.${query}`;
    const found: T[] = [];
    while (path !== undefined) {
        const page: { value: T[]; "@odata.nextLink"?: string } = await session.graph.send(
            get(path, "reading Entra's bin"),
        );
        found.push(...page.value.filter(matches));
        path = page["@odata.nextLink"];
    }
    // Whoever deletes and makes anew leaves several.
    return found.sort((a, b) => a.deletedDateTime.localeCompare(b.deletedDateTime)).at(-1);
}

/** The application in the bin by its object id: a point read. */
export async function findDeletedById(session: Session, objectId: string): Promise<DeletedApplication | undefined> {
    try {
        return await session.graph.send<DeletedApplication>(
            get(`/directory/deletedItems/${objectId}`, `looking for application object ${objectId} in the bin`),
        );
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** Until when a deleted application can be restored, as a date. */
export function restorableUntil({ deletedDateTime }: DeletedApplication): string {
    const until = new Date(deletedDateTime);
    until.setUTCDate(until.getUTCDate() + BIN_DAYS);
    return until.toISOString().slice(0, 10);
}

/** Restores an application or service principal from the bin; `false`: it is not there. */
export async function restoreObject(session: Session, objectId: string, what: string): Promise<boolean> {
    try {
        await session.graph.send({
            method: "POST",
            path: `/directory/deletedItems/${objectId}/restore`,
            purpose: `restoring ${what}`,
        });
        return true;
    } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
    }
}

/**
 * Restores an application of which only the appId is known, with its service principal and the grants of others on that;
 * one that is in no bin stays missing. The service principal comes first: killed in between, the next run finds both.
 */
export async function restoreApplication(session: Session, appId: string): Promise<void> {
    const application = await findDeleted(session, (one) => one.appId === appId);
    if (!application) return;
    const servicePrincipal = await findInBin<Omit<DeletedApplication, "uniqueName">>(
        session,
        "servicePrincipal?$select=id,appId,deletedDateTime",
        (one) => one.appId === appId,
    );
    const restoreIt = async () =>
        servicePrincipal !== undefined && restoreServicePrincipal(session, servicePrincipal.id, appId);
    let isTooEarly = false;
    try {
        await restoreIt();
    } catch (error) {
        // No source says whether Entra wants the application to be there first.
        isTooEarly = error instanceof PortalError && error.code === "ERR_GRAPH_REFUSED";
        if (!isTooEarly) throw error;
    }
    await restoreObject(session, application.id, `application ${appId}`);
    if (isTooEarly) await restoreIt();
}

/**
 * Restores a service principal, with which its object id, its assignments and the consent of others come back. `false`: it
 * is not in the bin, or it is somebody else's and may not be restored by an identity that writes to what it owns only.
 */
export async function restoreServicePrincipal(session: Session, id: string, appId: string): Promise<boolean> {
    try {
        return await restoreObject(session, id, `the service principal of application ${appId}`);
    } catch (error) {
        if (!isDenied(error)) throw error;
        warn(
            `service principal ${id} of application ${appId} lies in Entra's bin, and the deploying identity may not restore it, so a new one takes its place; consent that others gave to the old one has to be given again, or let an administrator delete the new one and restore the old one`,
        );
        return false;
    }
}

/** Deletes an object; gone already is as good. */
export async function deleteObject(session: Session, path: string, purpose: string): Promise<void> {
    try {
        await session.graph.send({ method: "DELETE", path, purpose });
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
}

/** Graph answers 400 and names the property where another object, living or in the bin, has the value. */
export function isNameTaken(error: unknown): boolean {
    return (
        error instanceof PortalError &&
        error.status === 400 &&
        /same value for property uniqueName already exists/i.test(error.message)
    );
}
