// The end of management: a registered application is deleted, an adopted one is left as it was found.
import type { Live } from "../entra/live";
import { othersTags, ownRedirectUris, withInherited, type Managed } from "../sync/ownership";
import { isSameRedirectUri } from "../inputs/portalUrl";
import { planRelease, type ReleasePlan } from "./rules/releasePlan";
import type { PortalState } from "./rules/state";
import { withRemedy } from "../entra/callerPermissions";
import { applicationPath } from "../entra/paths";
import { deleteObject, observe, rememberGraphServicePrincipal } from "../entra/directory";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { warn } from "../log";
import { PortalError } from "../portalError";
import { releaseRequests } from "../sync/grantRequests";
import { patch, write } from "../sync/write";

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

/** From a new look each time that Entra refuses because the last one was out of date. */
async function giveBack(session: Session, state: PortalState, start: Live): Promise<void> {
    const { appId } = start.application;
    const managed = withInherited(state.managed, start);
    let live: Live | undefined = start;
    let refusal: PortalError | undefined;
    const attempt = async () => {
        if (refusal) live = await observe(session, appId);
        if (live === undefined) return true;
        refusal = await carryOut(session, planRelease(live, managed), live);
        return refusal ? undefined : true;
    };
    await untilVisible(`Entra to accept the release of application ${appId}`, attempt, { sightings: 1 });
    await untilReleased(session, appId, managed);
}

/** The tag goes after the rest, so that other stacks see until then that this one is here. */
async function carryOut(session: Session, plan: ReleasePlan, live: Live): Promise<PortalError | undefined> {
    const { application } = live;
    const path = applicationPath(application.appId);
    const steps = [
        releaseRequests(plan, { appId: application.appId, what: `application ${application.appId}` }, live),
        plan.application
            ? [patch(path, application, plan.application, `releasing application ${application.appId}`)]
            : [],
        // Entra deletes a scope only once every replica has seen it disabled (CannotDeleteOrUpdateEnabledEntitlement).
        plan.scopes
            ? [
                  patch(
                      path,
                      { ...application, ...plan.application },
                      plan.scopes,
                      `removing the scope of application ${application.appId}`,
                  ),
              ]
            : [],
    ];
    for (const step of steps) {
        const { refusal } = await write(session, step);
        if (refusal) return refusal;
    }
    return undefined;
}

async function untilReleased(session: Session, appId: string, managed: Managed): Promise<void> {
    await untilVisible(`release of application ${appId}`, async () => {
        const live = await observe(session, appId);
        if (live === undefined) return true;
        const { application, scopes, servicePrincipal, grants } = planRelease(live, managed);
        const isOver = !application && !scopes && !servicePrincipal && grants.length === 0;
        return isOver ? true : undefined;
    });
}
