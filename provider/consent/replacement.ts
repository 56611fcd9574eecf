// The changes of inputs that need another consent.
import { isUnknown, type RawInputs } from "../inputs/rawInputs";
import type { Region } from "../inputs/regions";
import { discoverTenant } from "../entra/discovery";
import type { ConsentState } from "./rules/state";

/** Names of the inputs whose change replaces the resource. */
export async function consentReplacedBy(state: ConsentState, news: RawInputs): Promise<string[]> {
    const { applicationId, region, tenantId } = news;
    const isOther = (value: unknown, old: unknown) => !isUnknown(value) && value !== old;
    return [
        ...(isOther(applicationId, state.applicationId) ? ["applicationId"] : []),
        ...(isOther(region, state.region) ? ["region"] : []),
        ...((await isOtherTenant(state, tenantId)) ? ["tenantId"] : []),
    ];
}

/**
 * Only a new tenant has to be resolved. If it is unknown, or if nobody answers, that is an error: the engine would
 * otherwise delete the consent of the old tenant, and then fail to create one.
 */
async function isOtherTenant(state: ConsentState, tenantId: unknown): Promise<boolean> {
    if (typeof tenantId !== "string" || isUnknown(tenantId)) return false;
    const isKnown = [state.tenantId, state.managed.tenant].some((one) => one.toLowerCase() === tenantId.toLowerCase());
    if (isKnown) return false;
    const { region, credentials } = state;
    return (await discoverTenant(tenantId, region as Region, { credentials })).tenantId !== state.tenantId;
}
