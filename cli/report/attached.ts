// Compares the PortalCertificate and the PortalServers of a portal with the program. Their differences are part of the
// portal's row. Pure.
import { unknown, type Check } from "../diagnosis/check";
import type { Values, Words } from "../diagnosis/differenceWords";
import { NOT_READABLE } from "../diagnosis/consentRows";
import { serverDiffers } from "../diagnosis/portalChecks";
import { COMPARED_SERVER_INPUTS, serverRemedies } from "../../provider/server/drift";
import type { PortalServerInputs } from "../../provider/server/inputs";
import { textOf } from "../diagnosis/check";
import type { StackPortal, StackServer } from "../stackPortals";
import { differencesOf } from "./difference";
import type { Difference } from "./model";
import type { PreviewedResource } from "./preview";

export interface Part {
    readonly differences: readonly Difference[];
    readonly checks: readonly Check[];
}

type Resources = ReadonlyMap<string, PreviewedResource>;

export function attachedParts({ certificateUrn, servers }: StackPortal, resources: Resources): Part[] {
    const certificate = certificateUrn === undefined ? undefined : resources.get(certificateUrn);
    return [
        ...(certificate ? [certificatePart(certificate)] : []),
        ...servers.flatMap((server) => {
            const resource = resources.get(server.urn);
            return resource ? [serverPart(resource, server)] : [];
        }),
    ];
}

/**
 * Compares the inputs of a PortalCertificate. It returns no checks, because the portal's check `certificateExpiry`
 * reports the expiry date of the certificate.
 */
export function certificatePart(resource: PreviewedResource): Part {
    const { urn, live, declared } = resource;
    const inputs = live?.inputs ?? {};
    const wanted = declared ?? inputs;
    // A program that now generates the certificate declares no thumbprint. The difference of `source` already shows
    // this change, so the live thumbprint is left out.
    const { thumbprint, ...others } = inputs;
    const differences = differencesOf({
        resource: urn,
        engine: resource,
        live: wanted["thumbprint"] === undefined ? others : { ...others, thumbprint },
        declared: wanted,
        // The live status is derived from the expiry date of the certificate, and no deployment writes it. So no
        // deployed value is compared, and the difference counts as drift.
        deployed: {},
        wordsOf: certificateWords,
        errorsOf: () => [],
    });
    return { differences, checks: [] };
}

function certificateWords(name: string, { live }: Values): Words | undefined {
    const label = "the certificate";
    const up = "renews it and registers the new one; then run npx pulumi-restore-portal handover";
    if (name === "status") return { label, says: `${label} is ${textOf(live)}`, up, widened: false };
    if (name !== "thumbprint") return undefined;
    const says = "the file or store has another certificate";
    return { label, says, up: "imports and registers it; then run npx pulumi-restore-portal handover", widened: false };
}

export function serverPart(resource: PreviewedResource, { name, state }: StackServer): Part {
    const { urn, live, declared } = resource;
    const observed = (live?.inputs ?? state) as unknown as PortalServerInputs;
    const desired = (declared ?? state.desired) as unknown as PortalServerInputs;
    if (observed.serverStatus.startsWith(NOT_READABLE)) {
        const reason = observed.serverStatus.slice(NOT_READABLE.length);
        return { differences: [], checks: [unknown(`${name}.serverStatus`, reason)] };
    }
    const differences = differencesOf({
        resource: urn,
        engine: resource,
        live: { ...observed },
        declared: { ...desired },
        deployed: { ...state.desired },
        wordsOf: (key, values) => serverWords(name, desired, key, values),
        errorsOf: () => [],
    });
    const drifted = differences.filter(({ cause }) => cause === "drift").map(({ property }) => property);
    const keys = COMPARED_SERVER_INPUTS.filter((key) => drifted.includes(key));
    return { differences, checks: keys.map((key) => serverDiffers(name, key, desired, observed)) };
}

function serverWords(server: string, desired: PortalServerInputs, name: string, { live }: Values): Words | undefined {
    const key = COMPARED_SERVER_INPUTS.find((one) => one === name);
    if (key === undefined) return undefined;
    const label = `${name} of server "${server}"`;
    const remedy = serverRemedies(desired, [key]).join("; ");
    return { label, says: `${label} is ${textOf(live)}`, up: `changes nothing: ${remedy}`, widened: false };
}
