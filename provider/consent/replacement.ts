// Determines which changes to the inputs replace the consent.
import { isGuid, isUnknown, type RawInputs } from "../inputs/rawInputs";
import type { Region } from "../inputs/regions";
import { discoverTenant } from "../entra/discovery";
import { PortalError } from "../portalError";
import type { ConsentInputs } from "./rules/inputs";
import type { ConsentState } from "./rules/state";

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
 * Resolves only a changed tenant. Throws if the tenant does not exist or Entra does not answer. Otherwise the engine
 * would delete the consent of the old tenant and then fail to create a new one.
 */
async function isOtherTenant(state: ConsentState, tenantId: unknown): Promise<boolean> {
    if (typeof tenantId !== "string" || isUnknown(tenantId)) return false;
    const known: readonly unknown[] = [state.tenantId, state.managed.tenant];
    const isKnown = known.some((one) => typeof one === "string" && one.toLowerCase() === tenantId.toLowerCase());
    if (isKnown) return false;
    const { region, credentials } = state;
    return (await discoverTenant(tenantId, region as Region, { credentials })).tenantId !== state.tenantId;
}

/**
 * Keeps the tenant in the spelling of the last deployment if both spellings mean the same tenant. Sends requests only
 * if the spelling changed. If the tenant cannot be resolved, `diff` reports the error.
 */
export async function keepingTenant(inputs: ConsentInputs, olds: RawInputs): Promise<ConsentInputs> {
    const { tenantId: before, region: place } = olds;
    const { tenantId, region, credentials } = inputs;
    if (typeof before !== "string" || before === tenantId || place !== region) return inputs;
    if ([tenantId, credentials].some(isUnknown) || (isGuid(before) && isGuid(tenantId))) return inputs;
    try {
        const [old, now] = await Promise.all(
            [before, tenantId].map((tenant) => discoverTenant(tenant, region as Region, { credentials })),
        );
        return old?.tenantId === now?.tenantId ? { ...inputs, tenantId: before } : inputs;
    } catch (error) {
        if (error instanceof PortalError) return inputs;
        throw error;
    }
}
