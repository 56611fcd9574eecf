// The end of management: a registered application is deleted, an adopted one is left as it was found.
import type { Live } from "../application/live";
import { othersTags, ownRedirectUris, withInherited, type Managed } from "../application/managed";
import { isSameRedirectUri } from "../application/portalUrl";
import { planRelease, type ReleasePlan } from "../application/release";
import type { PortalState } from "../application/state";
import { withRemedy } from "../entra/callerPermissions";
import {
    applicationPath,
    deleteObject,
    isReplicationLag,
    observe,
    rememberGraphServicePrincipal,
} from "../entra/directory";
import { isNotFound, type GraphRequest } from "../entra/graphClient";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { warn } from "../log";
import { PortalError } from "../portalError";

export async function releasePortal(session: Session, state: PortalState): Promise<void> {
    const appId = state.applicationId;
    await serially(`${session.tenantId}/${appId}`, async () => {
        rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
        const live = await observe(session, appId);
        if (live === undefined) return;
        try {
            await (state.managed.created ? deleteApplication(session, state, live) : giveBack(session, state, live));
        } catch (error) {
            throw await withRemedy(error, session);
        }
    });
}

async function deleteApplication(session: Session, state: PortalState, live: Live): Promise<void> {
    const { application } = live;
    const [other] = othersTags(application.tags, state.managed.hash);
    if (other !== undefined) {
        throw new PortalError(
            "ERR_APPLICATION_CONFLICT",
            `deleting application ${application.appId}: another stack still uses it (tag "${other}"); destroy that stack first, or keep the application with retainOnDelete`,
        );
    }
    const foreign = foreignEntries(state, live);
    if (foreign.length > 0) {
        warn(
            `application ${application.appId} goes to Entra's bin for 30 days with entries of others: ${foreign.join(", ")}`,
        );
    }
    await deleteObject(session, applicationPath(application.appId), `deleting application ${application.appId}`);
    // Entra may show a deleted application for a while; the next deployment must not find it.
    await untilVisible(`deletion of application ${application.appId}`, async () =>
        (await observe(session, application.appId)) === undefined ? true : undefined,
    );
}

function foreignEntries({ managed, certificates }: PortalState, { application }: Live): string[] {
    const own = ownRedirectUris(managed);
    const uris = [
        ...application.spa.redirectUris,
        ...application.web.redirectUris,
        ...application.publicClient.redirectUris,
    ];
    const foreignUris = uris.filter((uri) => !own.some((one) => isSameRedirectUri(one, uri)));
    const foreignCertificates = certificates
        .filter(({ ours }) => !ours)
        .map(({ thumbprint }) => `certificate ${thumbprint}`);
    return [...foreignUris, ...foreignCertificates];
}

async function giveBack(session: Session, state: PortalState, live: Live): Promise<void> {
    const { appId } = live.application;
    const managed = withInherited(state.managed, live);
    const plan = planRelease(live, managed);
    await writeRelease(session, servicePrincipalRequests(plan, appId));
    if (plan.application)
        await session.graph.send(patch(applicationPath(appId), plan.application, `releasing application ${appId}`));
    if (plan.scopes) await removeScope(session, appId, plan.scopes);
    await untilReleased(session, appId, managed);
}

function patch(path: string, body: unknown, purpose: string): GraphRequest {
    return { method: "PATCH", path, body, purpose };
}

function servicePrincipalRequests({ grants, servicePrincipal }: ReleasePlan, appId: string): GraphRequest[] {
    const requests = grants.map(({ id, scope }): GraphRequest => {
        const path = `/oauth2PermissionGrants/${id}`;
        const purpose = `taking a grant of application ${appId} back`;
        return scope === "" ? { method: "DELETE", path, purpose } : patch(path, { scope }, purpose);
    });
    if (servicePrincipal === undefined) return requests;
    const path = `/servicePrincipals/${servicePrincipal.id}`;
    const purpose = `releasing the service principal of application ${appId}`;
    return servicePrincipal.body === undefined
        ? [...requests, { method: "DELETE", path, purpose }]
        : [...requests, patch(path, servicePrincipal.body, purpose)];
}

async function writeRelease(session: Session, requests: readonly GraphRequest[]): Promise<void> {
    if (requests.length === 0) return;
    const failed = (await session.graph.batch(requests)).find(({ error }) => error && !isNotFound(error))?.error;
    if (failed) throw failed;
}

/** Entra deletes a scope only once every replica has seen it disabled (CannotDeleteOrUpdateEnabledEntitlement). */
async function removeScope(session: Session, appId: string, scopes: Readonly<Record<string, unknown>>): Promise<void> {
    await untilVisible(`disabled scope of application ${appId}`, async () => {
        try {
            await session.graph.send(
                patch(applicationPath(appId), scopes, `removing the scope of application ${appId}`),
            );
            return true;
        } catch (error) {
            if (isReplicationLag(error) && !isNotFound(error)) return undefined;
            throw error;
        }
    });
}

async function untilReleased(session: Session, appId: string, managed: Managed): Promise<void> {
    await untilVisible(`release of application ${appId}`, async () => {
        const live = await observe(session, appId);
        if (live === undefined) return true;
        const rest = planRelease(live, managed);
        const isOpen =
            rest.application ?? rest.scopes ?? rest.servicePrincipal ?? (rest.grants.length > 0 ? rest : undefined);
        return isOpen === undefined ? true : undefined;
    });
}
