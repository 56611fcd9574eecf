// Finds the portals and customers of a stack by the resource types in its state. So the program does not need to export
// outputs.
import { upgraded } from "../provider/portal/rules/oldState";
import type { PortalState } from "../provider/portal/rules/state";
import { upgradedConsent, type ConsentState } from "../provider/consent/rules/state";
import type { CertificateState } from "../provider/certificate/inputs";
import type { PortalServerState } from "../provider/server/observe";
import { dynamicType, nativeType, SHAPES } from "../provider/shapes";
import { UsageError } from "./command";
import type { StackResource } from "./pulumi";

export interface StackPortal {
    /** The resource name. */
    readonly name: string;
    readonly urn: string;
    readonly state: PortalState;
    /** The state of the portal's PortalCertificate, if this stack contains it. */
    readonly certificate: CertificateState | undefined;
    readonly certificateUrn: string | undefined;
    readonly servers: readonly StackServer[];
}

export interface StackServer {
    readonly name: string;
    readonly urn: string;
    readonly state: PortalServerState;
}

export function portalsOf(resources: readonly StackResource[]): StackPortal[] {
    const living = resources.filter((resource) => resource.delete !== true && resource.outputs !== undefined);
    const ofType = (type: string) => living.filter((resource) => isOfType(resource, type));
    const certificates = ofType("PortalCertificate").map(({ urn, outputs }) => ({
        urn,
        state: outputs as unknown as CertificateState,
    }));
    const servers = ofType("PortalServer").map(({ urn, outputs }) => ({
        name: nameOf(urn),
        urn,
        state: outputs as unknown as PortalServerState,
    }));
    const portals = ofType("RestorePortalApp").map(({ urn, outputs }) => ({
        urn,
        state: upgraded(outputs as unknown as PortalState),
    }));
    return portals.map(({ urn, state }) => {
        const issued = certificates.find((one) => one.state.certificate.id === state.certificate?.id);
        return {
            name: nameOf(urn),
            urn,
            state,
            certificate: issued?.state,
            certificateUrn: issued?.urn,
            servers: servers.filter(({ state: server }) => portals.length === 1 || isOf(state, server)),
        };
    });
}

export interface StackConsent {
    /** The resource name. */
    readonly name: string;
    readonly urn: string;
    readonly state: ConsentState;
}

/** Returns the PortalTenantConsents of the stack, except those that Pulumi has replaced and still has to delete. */
export function consentsOf(resources: readonly StackResource[]): StackConsent[] {
    const isConsent = (resource: StackResource) =>
        isOfType(resource, "PortalTenantConsent") && resource.outputs !== undefined && resource.delete !== true;
    return resources.filter(isConsent).map(({ urn, outputs }) => ({
        name: nameOf(urn),
        urn,
        state: upgradedConsent(outputs as unknown as ConsentState),
    }));
}

/**
 * Returns the two types that a resource such as `PortalServer` can have in state: the type of the dynamic resource, and
 * the type of the native plugin.
 */
export function typesOf(resource: string): string[] {
    return SHAPES.filter((shape) => shape.type.endsWith(`:${resource}`)).flatMap((shape) => [
        dynamicType(shape),
        nativeType(shape),
    ]);
}

function isOfType({ type }: StackResource, resource: string): boolean {
    return typesOf(resource).includes(type);
}

/**
 * After a portal is replaced, the state of a server can still contain the Application ID of the old portal. Then only
 * the web address matches.
 */
function isOf({ applicationId, desired: portal }: PortalState, { desired }: PortalServerState): boolean {
    const urls = [portal.portalUrl, ...portal.additionalPortalUrls];
    return desired.applicationId === applicationId || urls.includes(desired.portalUrl);
}

export function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** `key`: the name or URN from `--portal`. Without a key, returns all portals. */
export function choosePortals(portals: readonly StackPortal[], key: string | undefined): readonly StackPortal[] {
    if (portals.length === 0)
        throw new Error("the stack has no RestorePortalApp; run pulumi up first, or choose another stack with --stack");
    const chosen = portals.filter(({ name, urn }) => key === undefined || key === name || key === urn);
    if (chosen.length > 0) return chosen;
    throw new UsageError(`the stack has no portal "${key ?? ""}"; it has ${listed(portals)}`);
}

/** Returns exactly one portal. If the stack has several, `key` is required and must match only one of them. */
export function choosePortal(portals: readonly StackPortal[], key: string | undefined): StackPortal {
    const chosen = choosePortals(portals, key);
    const [portal] = chosen;
    if (portal && chosen.length === 1) return portal;
    const named = key === undefined ? "" : ` with the name "${key}"`;
    throw new UsageError(`the stack has several portals${named}; choose one with --portal: ${listed(chosen)}`);
}

function listed(portals: readonly StackPortal[]): string {
    const isUnique = new Set(portals.map(({ name }) => name)).size === portals.length;
    return portals.map(({ name, urn }) => (isUnique ? name : urn)).join(", ");
}
