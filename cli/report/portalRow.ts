// Makes the report's row of a RestorePortalApp, with its certificate and its servers. Pure.
import { certificateEnds, certificatesCheck } from "../diagnosis/certificateEnds";
import { failed, unknown, type Check } from "../diagnosis/check";
import { NOT_READABLE } from "../diagnosis/consentRows";
import { portalWords } from "../diagnosis/differenceWords";
import { differs, expiryCheck } from "../diagnosis/portalChecks";
import { signInErrors, UP } from "../diagnosis/signInErrors";
import { generateSource } from "../../provider/certificate/inputs";
import type { RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import type { PortalState } from "../../provider/portal/rules/state";
import { grantsNotReadable } from "../../provider/sync/liveConsent";
import type { StackPortal } from "../stackPortals";
import { attachedParts } from "./attached";
import { differencesOf } from "./difference";
import { linksOf } from "./links";
import { isSecret } from "./masked";
import type { CertificateEnd, Difference, Row } from "./model";
import type { PreviewedResource } from "./preview";
import { rowOf } from "./rowStatus";

export interface PortalContext {
    readonly stack: string;
    readonly portal: StackPortal;
    readonly resources: ReadonlyMap<string, PreviewedResource>;
    /** The messages of the preview. If grants could not be read, one of the messages says so. */
    readonly messages: readonly string[];
    readonly now: Date;
}

export function portalRow(resource: PreviewedResource, context: PortalContext): Row {
    const { portal, stack } = context;
    const { state } = portal;
    const live = (resource.live?.inputs ?? state) as RestorePortalAppInputs;
    const declared = (resource.declared ?? state.desired) as RestorePortalAppInputs;
    const own = portalDifferences(resource, live, declared, state);
    const parts = attachedParts(portal, context.resources);
    const differences = [...own, ...parts.flatMap((one) => one.differences)];
    const { applicationId, tenantId, region, objectId, servicePrincipalId, credentials } = state;
    const address = { region, tenantId, applicationId, objectId, servicePrincipalId };
    return rowOf({
        urn: resource.urn,
        stack,
        kind: "portal",
        name: portal.name,
        ...address,
        ...(credentials === undefined ? {} : { credentials }),
        operation: differences.length === 0 ? "none" : (resource.operation ?? "none"),
        differences,
        checks: [...portalChecks(own, live, context), ...parts.flatMap((one) => one.checks)],
        links: linksOf(address),
    });
}

function portalDifferences(
    resource: PreviewedResource,
    live: RestorePortalAppInputs,
    declared: RestorePortalAppInputs,
    { desired }: PortalState,
): Difference[] {
    const differences = differencesOf({
        resource: resource.urn,
        engine: resource,
        live: { ...live },
        declared: { ...declared },
        deployed: { ...desired },
        wordsOf: portalWords,
        errorsOf: (name, values) =>
            signInErrors({
                name: name as keyof RestorePortalAppInputs,
                live: values.live,
                desired: values.declared,
                application: "unknown",
            }),
    });
    // If Entra could not be read, the live `applicationStatus` only says why, so it is not a difference.
    return unreadable(live) !== undefined ? differences.filter(({ cause }) => cause === "program") : differences;
}

function unreadable({ applicationStatus }: RestorePortalAppInputs): string | undefined {
    return applicationStatus?.startsWith(NOT_READABLE) ? applicationStatus.slice(NOT_READABLE.length) : undefined;
}

function portalChecks(
    differences: readonly Difference[],
    live: RestorePortalAppInputs,
    { portal, messages, now }: PortalContext,
): Check[] {
    const { state, certificate } = portal;
    const expiry = expiryCheck(state.desired, certificate, now);
    const reason = unreadable(live);
    if (reason !== undefined) return [unknown("entra", reason), expiry];
    const isGone = differences.some(
        ({ property, live: status }) => property === "applicationStatus" && status !== "disabled",
    );
    const unread = messages.some((text) => text.includes(grantsNotReadable(`application ${state.applicationId}`)));
    return [
        expiry,
        ...differences.filter(({ cause }) => cause === "drift").map((one) => driftCheck(one, live, state)),
        ...(unread ? [unknown("grantedPermissions", "the credentials do not allow reading grants")] : []),
        ...(isGone ? [] : [certificatesCheck(endsOf(portal, now))]),
    ];
}

function driftCheck(difference: Difference, live: RestorePortalAppInputs, state: PortalState): Check {
    const name = difference.property as keyof RestorePortalAppInputs;
    // A secret live value is not in the report, so the AADSTS code that depends on it is unknown.
    if (isSecret(difference.live)) return failed(name, difference.words, { remedy: UP });
    return differs({ name, live: live[name], desired: state.desired[name], application: "unknown" }, state);
}

function endsOf({ state, certificate }: StackPortal, now: Date) {
    const own = certificate && { ...certificate.certificate, generate: generateSource(certificate.source) };
    return certificateEnds(state.certificates, state.desired.certificate?.thumbprint, own ? [own] : [], now);
}

/** Returns the certificates of a portal, sorted by their expiry date. A deleted application has none. */
export function certificatesOf(row: Row, portal: StackPortal, now: Date): CertificateEnd[] {
    if (row.differences.some(({ property, live }) => property === "applicationStatus" && live !== "disabled"))
        return [];
    return endsOf(portal, now).map((end) => ({ row: row.urn, ...end, renews: end.renewsFrom !== undefined }));
}
