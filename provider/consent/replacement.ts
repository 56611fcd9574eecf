// Determines which changes to the inputs replace the consent.
import { isGuid, isUnknown, type RawInputs } from "../inputs/rawInputs";
import type { Region } from "../inputs/regions";
import { discoverTenant } from "../entra/discovery";
import { PortalError } from "../portalError";
import { assertReplaceable } from "./checkReplacement";
import type { ConsentInputs } from "./rules/inputs";
import type { ConsentState } from "./rules/state";

/** Throws if the engine would delete the consent although its successor cannot be created. */
export async function consentReplacedBy(state: ConsentState, news: RawInputs, isPreview: boolean): Promise<string[]> {
    const { applicationId, region } = news;
    const isOther = (value: unknown, old: unknown) => !isUnknown(value) && value !== old;
    const replaces = [
        ...(isOther(applicationId, state.applicationId) ? ["applicationId"] : []),
        ...(isOther(region, state.region) ? ["region"] : []),
        ...((await isOtherTenant(state, news)) ? ["tenantId"] : []),
    ];
    if (replaces.length > 0) await assertReplaceable(state, news as unknown as ConsentInputs, isPreview);
    return replaces;
}

/**
 * Resolves the tenant only if the tenant or the region changed. Throws if the tenant does not exist in the cloud of the
 * new region, or if Entra does not answer. Otherwise the engine would delete the old consent and then fail to create a
 * new one.
 */
async function isOtherTenant(state: ConsentState, { tenantId, region, credentials }: RawInputs): Promise<boolean> {
    if (typeof tenantId !== "string" || [tenantId, region, credentials].some(isUnknown)) return false;
    const known: readonly unknown[] = [state.tenantId, state.managed.tenant];
    const isKnown = known.some((one) => typeof one === "string" && one.toLowerCase() === tenantId.toLowerCase());
    if (isKnown && region === state.region) return false;
    const options = typeof credentials === "string" ? { credentials } : {};
    return (await discoverTenant(tenantId, region as Region, options)).tenantId !== state.tenantId;
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
