// The portals of a stack, found in its state by their type: the program need not export anything.
import { upgraded } from "../provider/portal/rules/oldState";
import type { PortalState } from "../provider/portal/rules/state";
import type { CertificateState } from "../provider/certificate/inputs";
import type { PortalServerState } from "../provider/server/observe";
import { UsageError } from "./command";
import type { StackResource } from "./pulumi";

const TYPE = "pulumi-nodejs:dynamic/restorePortal:";

export interface StackPortal {
    /** Name of the resource. */
    readonly name: string;
    readonly urn: string;
    readonly state: PortalState;
    /** The PortalCertificate that the portal uses, where it is one of this stack. */
    readonly certificate: CertificateState | undefined;
    readonly servers: readonly { readonly name: string; readonly state: PortalServerState }[];
}

export function portalsOf(resources: readonly StackResource[]): StackPortal[] {
    const living = resources.filter((resource) => resource.delete !== true && resource.outputs !== undefined);
    const ofType = (type: string) => living.filter((resource) => resource.type === TYPE + type);
    const certificates = ofType("PortalCertificate").map(({ outputs }) => outputs as unknown as CertificateState);
    const servers = ofType("PortalServer").map(({ urn, outputs }) => ({
        name: nameOf(urn),
        state: outputs as unknown as PortalServerState,
    }));
    const portals = ofType("RestorePortalApp").map(({ urn, outputs }) => ({
        urn,
        state: upgraded(outputs as unknown as PortalState),
    }));
    return portals.map(({ urn, state }) => ({
        name: nameOf(urn),
        urn,
        state,
        certificate: certificates.find(({ certificate }) => certificate.id === state.certificate?.id),
        servers: servers.filter(({ state: server }) => portals.length === 1 || isOf(state, server)),
    }));
}

/** A server that still waits for the application of a replaced portal has at least the portal's address. */
function isOf({ applicationId, desired: portal }: PortalState, { desired }: PortalServerState): boolean {
    return (
        desired.applicationId === applicationId ||
        [portal.portalUrl, ...portal.additionalPortalUrls].includes(desired.portalUrl)
    );
}

function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** Those that `--portal` names, by name or URN; all where it names none. */
export function choosePortals(portals: readonly StackPortal[], wanted: string | undefined): readonly StackPortal[] {
    if (portals.length === 0) throw new Error("the stack has no RestorePortalApp; run pulumi up first");
    const chosen = portals.filter(({ name, urn }) => wanted === undefined || wanted === name || wanted === urn);
    if (chosen.length > 0) return chosen;
    throw new UsageError(`the stack has no portal "${wanted ?? ""}"; it has ${listed(portals)}`);
}

/** Exactly one: a stack with several has to be told which. */
export function choosePortal(portals: readonly StackPortal[], wanted: string | undefined): StackPortal {
    const chosen = choosePortals(portals, wanted);
    const [portal] = chosen;
    if (portal && chosen.length === 1) return portal;
    throw new UsageError(`the stack has several portals; name one of them by --portal: ${listed(chosen)}`);
}

function listed(portals: readonly StackPortal[]): string {
    const isUnique = new Set(portals.map(({ name }) => name)).size === portals.length;
    return portals.map(({ name, urn }) => (isUnique ? name : urn)).join(", ");
}
