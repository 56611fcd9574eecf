// Handles Graph's routes for the tenant's application management policy. The emulator applies only one rule of the
// policy: the maximum lifetime of a certificate.
// https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
import { entity, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, invalidValue } from "./graphError";
import type { Application, KeyCredential, KeyRestriction } from "./graphTypes";
import { assertKnownOptions } from "./odata/options";
import { assertMayReadPolicies, assertMayWritePolicies } from "./permissions";
import type { Tenant } from "./tenant";

export function getDefaultPolicy(call: GraphCall): Answer {
    assertMayReadPolicies(call);
    assertKnownOptions(call, []);
    return { status: 200, body: entity(call, "policies/defaultAppManagementPolicy", call.tenant.policy) };
}

export function patchDefaultPolicy(call: GraphCall): Answer {
    assertMayWritePolicies(call);
    const { body, tenant } = call;
    const unknown = Object.keys(body).find((name) => !["isEnabled", "applicationRestrictions"].includes(name));
    if (unknown !== undefined) throw badRequest(`Invalid property '${unknown}'.`);
    const next = { ...tenant.policy, ...body };
    const sent = next.applicationRestrictions as { readonly keyCredentials?: unknown } | null;
    const restrictions = sent?.keyCredentials as readonly (KeyRestriction | null)[] | null | undefined;
    const isRight = (one: KeyRestriction | null) =>
        one?.restrictionType === "asymmetricKeyLifetime" && lifetimeMs(one.maxLifetime) !== undefined;
    if (typeof next.isEnabled !== "boolean" || !Array.isArray(restrictions) || !restrictions.every(isRight)) {
        throw invalidValue("applicationRestrictions", "TenantAppManagementPolicy");
    }
    tenant.policy = next;
    return NO_CONTENT;
}

/**
 * The policy limits only the lifetime of new certificates. Entra keeps stored certificates, whatever their lifetime is.
 */
export function assertKeyLifetimes(tenant: Tenant, next: Application, stored: readonly KeyCredential[]): void {
    const { policy } = tenant;
    if (!policy.isEnabled) return;
    const isOld = ({ keyId }: KeyCredential) => stored.some((one) => one.keyId === keyId);
    for (const { state, maxLifetime, restrictForAppsCreatedAfterDateTime: after } of policy.applicationRestrictions
        .keyCredentials) {
        const applies = state === "enabled" && (after === null || next.createdDateTime >= after);
        const limit = lifetimeMs(maxLifetime) ?? Infinity;
        const tooLong = next.keyCredentials.find(
            (key) => !isOld(key) && Date.parse(key.endDateTime) - Date.parse(key.startDateTime) > limit,
        );
        if (!applies || !tooLong) continue;
        const message = `Credential lifetime exceeds the max value allowed as per assigned policy '${policy.displayName}'.`;
        throw badRequest(message, "CredentialInvalidLifetimeAsPerAppPolicy");
    }
}

const DAY_MS = 24 * 60 * 60 * 1000;

function lifetimeMs(duration: string): number | undefined {
    const days = /^P(\d+)D(?:T\d+H)?$/.exec(duration)?.[1];
    return days === undefined ? undefined : Number(days) * DAY_MS;
}
