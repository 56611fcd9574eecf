// Decides which changed inputs make the engine replace a portal. Pure.
import { isUnknown, type RawInputs } from "../../inputs/rawInputs";
import type { PortalState } from "./state";

/**
 * Returns the names of the inputs whose change replaces the resource. If the program gives the `applicationId` of the
 * same application instead of `displayName`, the resource is kept and only gives up ownership of the application.
 */
export function replacedBy(state: PortalState, news: RawInputs): string[] {
    const { applicationId, tenantId, region } = news;
    const isKnownAndNot = (value: unknown, old: unknown) => value !== undefined && !isUnknown(value) && value !== old;
    // Without credentials in the environment, `check` may keep the domain of the last deployment.
    const isSameText = tenantId === (state as Partial<PortalState>).desired?.tenantId;
    const isNewRegistration = applicationId === undefined && !state.managed.created;
    return [
        // VB365 says: "if the region changes, another application must be specified too". `check` enforces this.
        ...(isKnownAndNot(region, state.region) ? ["region"] : []),
        ...(isKnownAndNot(tenantId, state.tenantId) && !isSameText ? ["tenantId"] : []),
        ...(isNewRegistration || isKnownAndNot(applicationId, state.applicationId) ? ["applicationId"] : []),
    ];
}
