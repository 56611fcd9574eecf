// Which changes of inputs make another application of a portal. Pure.
import { isUnknown, type RawInputs } from "../../inputs/rawInputs";
import type { PortalState } from "./state";

/**
 * Names of the inputs whose change replaces the resource. Going over from `displayName` to the `applicationId` of the
 * very same application is no replacement: it only gives up ownership.
 */
export function replacedBy(state: PortalState, news: RawInputs): string[] {
    const { applicationId, tenantId, region } = news;
    const isKnownAndNot = (value: unknown, old: unknown) => value !== undefined && !isUnknown(value) && value !== old;
    const isRegisteredAnew = applicationId === undefined && !state.managed.created;
    return [
        // VB365: "if the region changes, another application must be specified too"; check has seen to that.
        ...(isKnownAndNot(region, state.region) ? ["region"] : []),
        ...(isKnownAndNot(tenantId, state.tenantId) ? ["tenantId"] : []),
        ...(isRegisteredAnew || isKnownAndNot(applicationId, state.applicationId) ? ["applicationId"] : []),
    ];
}
