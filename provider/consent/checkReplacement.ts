// Before the engine deletes a consent to replace it, checks that the new consent can be created. Only reads.
import { observeConsent } from "../entra/directory";
import { isSignedOut, type Session } from "../entra/session";
import { isUnknown } from "../inputs/rawInputs";
import { warn } from "../log";
import { PortalError } from "../portalError";
import { messageOf } from "../pulumi/halfDone";
import { assertMayConsent, customerAt, locate, openCustomer, withCustomerAdvice } from "./customer";
import { consentIn } from "./grant";
import { assertMultiTenant, assertRegistered, singleTenant } from "./homeApplication";
import type { ConsentInputs } from "./rules/inputs";
import { isSingleTenant } from "./rules/plan";
import type { ConsentState } from "./rules/state";

/**
 * Throws if the new consent cannot be created. `isPreview`: only warns about the application, because another resource
 * of the same deployment may still make it multi-tenant.
 */
export async function assertReplaceable(state: ConsentState, news: ConsentInputs, isPreview: boolean): Promise<void> {
    const { applicationId, tenantId, region, credentials, mode } = news;
    // With mode "verify" in state, the engine removes the consent only from state.
    if (mode !== "manage" || state.desired.mode === "verify") return;
    if ([applicationId, tenantId, region, credentials].some(isUnknown)) return;
    const session = await saying(state, () => sessionOf(state, news));
    if (!session) return;
    try {
        await saying(state, () => assertUsable(session, { state, news, isPreview }));
    } catch (error) {
        if (!isPreview || !(error instanceof PortalError)) throw error;
        warn(`the deployment would fail: ${messageOf(error)}`);
    }
}

/** `undefined`: the provider cannot sign in for the old consent either, so it cannot delete that consent. */
async function sessionOf(state: ConsentState, news: ConsentInputs): Promise<Session | undefined> {
    try {
        const session = await openCustomer(news, await locate(news));
        assertMayConsent(session);
        return session;
    } catch (error) {
        const openOld = async () => openCustomer(state, await customerAt(state, state.tenantId));
        if (error instanceof PortalError && (await isSignedOut(openOld))) return undefined;
        throw error;
    }
}

interface Replacement {
    readonly state: ConsentState;
    readonly news: ConsentInputs;
    readonly isPreview: boolean;
}

/** Throws if the tenant cannot use the application. */
async function assertUsable(session: Session, { state, news, isPreview }: Replacement): Promise<void> {
    const live = await observed(session, news);
    if (isSingleTenant(live)) throw singleTenant(news.applicationId);
    if (live.servicePrincipal) return;
    // No application is registered during a preview, so a preview need not wait for its replication.
    await assertRegistered(news, state.applicationId, isPreview ? { timeoutMs: 0 } : {});
    await assertMultiTenant(news);
}

async function observed(session: Session, news: ConsentInputs) {
    try {
        return await observeConsent(session, news.applicationId, consentIn(session, news));
    } catch (error) {
        throw withCustomerAdvice(error, session);
    }
}

/** Says in an error that the old consent is about to be replaced. */
async function saying<T>({ applicationId, tenantId }: ConsentState, check: () => Promise<T>): Promise<T> {
    try {
        return await check();
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        throw error.reworded(
            `replacing the consent to application ${applicationId} in tenant ${tenantId}: ${error.message}`,
        );
    }
}
