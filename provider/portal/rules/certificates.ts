// Everything about the certificates of an application: which are registered, which are added, and which are removed when.
// Pure.
import type { Item, Owned, Ownership } from "../../sync/owned";
import type { KeyCredential, LiveApplication } from "../../entra/live";
import { DAY_MS } from "../../days";
import { NOT_REGISTERED } from "../../inputs/statusTexts";
import { keyIdOf, thumbprintOf } from "../../sync/keyCredentials";
import { has, heirOf } from "../../sync/ownership";
import type { CertificateInput, RestorePortalAppInputs } from "./inputs";
import type { Observation, RetiringCertificate } from "./live";

/** A certificate on the application, as the last deployment or refresh saw it. */
export interface RegisteredCertificate {
    /** SHA-1, upper-case hex. */
    readonly thumbprint: string;
    /** ISO 8601, UTC. */
    readonly notAfter: string;
    /** Whether this resource added it. */
    readonly ours: boolean;
    /** When another certificate of the program took its place. */
    readonly replacedOn?: string;
    /** When it is removed, if it was replaced and is ours. */
    readonly retiresOn?: string;
}

/** Whether Entra accepts the certificate now: a key credential may start later or end earlier than its certificate. */
export function isCertificateRegistered(
    { keyCredentials }: Pick<LiveApplication, "keyCredentials">,
    certificate: Pick<CertificateInput, "thumbprint" | "notAfter">,
    now: Date,
): boolean {
    const { thumbprint, notAfter } = certificate;
    return keyCredentials.some((key) => {
        if (thumbprintOf(key.customKeyIdentifier) !== thumbprint) return false;
        const [start, end] = [key.startDateTime, key.endDateTime].map((date) => Date.parse(date ?? ""));
        if (start !== undefined && start > now.getTime()) return false;
        return end !== undefined && (end > now.getTime() || (notAfter !== undefined && end >= Date.parse(notAfter)));
    });
}

/** What a PATCH does to `keyCredentials`, or nothing if they are as they should be. */
export interface KeyCredentialsPlan {
    readonly keyCredentials: readonly unknown[];
    readonly changes: readonly Item[];
    readonly gained: readonly Owned[];
    readonly lost: readonly Item[];
}

export function planKeyCredentials(
    inputs: RestorePortalAppInputs,
    observation: Observation,
): KeyCredentialsPlan | undefined {
    const { live, managed, now } = observation;
    const { certificate } = inputs;
    const keys = live.application.keyCredentials;
    const isMissing =
        certificate !== undefined &&
        certificate.thumbprint !== NOT_REGISTERED &&
        inputs.registerCertificate &&
        !isCertificateRegistered(live.application, certificate, now);
    if (isMissing) return addition(certificate, keys);
    // Add before remove: an old certificate goes only once a read shows the new one.
    const due = certificatesDue(observation).filter((thumbprint) => thumbprint !== certificate?.thumbprint);
    if (due.length === 0) return undefined;
    const going = due.filter((thumbprint) => heirOf(ownedCertificate(thumbprint), managed.holder, live) === undefined);
    const ids = going.map(keyIdOf);
    return {
        keyCredentials: keys.filter(({ keyId }) => !ids.includes(keyId)),
        changes: due.map(itemOf),
        gained: [],
        lost: due.map(itemOf),
    };
}

function addition(certificate: CertificateInput, keys: readonly KeyCredential[]): KeyCredentialsPlan {
    const { thumbprint = "" } = certificate;
    // An entry under our own id that ended too early is replaced: Entra does not let it be edited.
    const others = keys.filter(({ keyId }) => keyId !== keyIdOf(thumbprint));
    return {
        keyCredentials: [...others, newKeyCredential(certificate)],
        changes: [itemOf(thumbprint)],
        gained: [ownedCertificate(thumbprint)],
        lost: [],
    };
}

function itemOf(thumbprint: string): Item {
    return `certificates/${thumbprint}`;
}

export function ownedCertificate(thumbprint: string): Owned {
    return { item: itemOf(thumbprint), id: keyIdOf(thumbprint), how: "answered" };
}

/** The certificate's own dates: Entra refuses later ones (KeyCredentialsInvalidEndDate). Entra fills the thumbprint. */
function newKeyCredential(certificate: CertificateInput): Omit<KeyCredential, "customKeyIdentifier" | "endDateTime"> {
    return {
        keyId: keyIdOf(certificate.thumbprint ?? ""),
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: certificate.certificatePem.replace(/-----[^-]+-----|\s/g, ""),
        ...(certificate.name === undefined ? {} : { displayName: certificate.name.slice(0, 90) }),
        ...(certificate.notBefore === undefined ? {} : { startDateTime: certificate.notBefore }),
        ...(certificate.notAfter === undefined ? {} : { endDateTime: certificate.notAfter }),
    };
}

/** The resource's own replaced certificates that are past their overlap and still registered. */
export function certificatesDue({ live, managed, retiring, now }: Observation): string[] {
    return retiring
        .filter(
            ({ thumbprint, retiresOn }) =>
                isOwnKey(thumbprint, live.application, managed) && new Date(retiresOn) <= now,
        )
        .map(({ thumbprint }) => thumbprint);
}

/** Whether the entry that the resource added is there. Somebody may have registered the same certificate beside it. */
export function isOwnKey(thumbprint: string, { keyCredentials }: LiveApplication, { owned }: Ownership): boolean {
    return has(owned, itemOf(thumbprint)) && keyCredentials.some(({ keyId }) => keyId === keyIdOf(thumbprint));
}

/** Own certificates that are neither the program's nor retiring nor registered: somebody took them away. */
export function certificatesGone(
    { certificate }: RestorePortalAppInputs,
    { live, managed, retiring }: Observation,
): Item[] {
    const kept = [certificate?.thumbprint, ...retiring.map(({ thumbprint }) => thumbprint)];
    return managed.owned
        .map(({ item }) => item)
        .filter((item) => {
            const [kind, thumbprint = ""] = item.split("/");
            return (
                kind === "certificates" &&
                !kept.includes(thumbprint) &&
                !isOwnKey(thumbprint, live.application, managed)
            );
        });
}

/**
 * The resource's own certificates that are no longer the program's, and when they are removed: `certificateOverlapDays`
 * after they were replaced, or when they end, because VB365 may still use the old one and nothing can see that.
 */
export function retiringCertificates(
    certificates: readonly RegisteredCertificate[],
    {
        certificate,
        certificateOverlapDays: days,
    }: Pick<RestorePortalAppInputs, "certificate" | "certificateOverlapDays">,
    now: Date,
): RetiringCertificate[] {
    return certificates
        .filter(({ ours, thumbprint }) => ours && certificate && thumbprint !== certificate.thumbprint)
        .map(({ thumbprint, notAfter, replacedOn = now.toISOString() }) => {
            const overlapEnds = days === undefined ? Infinity : new Date(replacedOn).getTime() + days * DAY_MS;
            const retiresOn = new Date(Math.min(overlapEnds, new Date(notAfter).getTime())).toISOString();
            return { thumbprint, replacedOn, retiresOn };
        });
}

/** The output `certificates`. */
export function registeredCertificates(
    application: LiveApplication,
    ownership: Ownership,
    retiring: readonly RetiringCertificate[],
): RegisteredCertificate[] {
    return application.keyCredentials.map((key) => {
        const thumbprint = thumbprintOf(key.customKeyIdentifier);
        const ours = key.keyId === keyIdOf(thumbprint) && has(ownership.owned, itemOf(thumbprint));
        const { replacedOn, retiresOn } = (ours && retiring.find((one) => one.thumbprint === thumbprint)) || {};
        return {
            thumbprint,
            notAfter: key.endDateTime,
            ours,
            ...(replacedOn === undefined ? {} : { replacedOn }),
            ...(retiresOn === undefined ? {} : { retiresOn }),
        };
    });
}

/**
 * With `registerCertificate: false` the program only demands that its certificate is registered, as the wizard does of
 * existing certificates. Returns why the demand is not met, with the ways to meet it.
 */
export function missingCertificate(
    { certificate, registerCertificate }: RestorePortalAppInputs,
    application: LiveApplication,
    now: Date,
): string | undefined {
    const thumbprint = certificate?.thumbprint;
    if (registerCertificate || thumbprint === undefined || thumbprint === NOT_REGISTERED) return undefined;
    if (isCertificateRegistered(application, certificate ?? {}, now)) return undefined;
    const ways = [
        "let this deployment register it (leave registerCertificate out)",
        "upload its public part in the Entra admin center (App registrations > Certificates & secrets)",
        `run: az ad app credential reset --id ${application.appId} --append --cert @certificate.pem`,
    ];
    return `certificate ${thumbprint} is not registered on application ${application.appId}; ${ways.join(", or ")}`;
}
