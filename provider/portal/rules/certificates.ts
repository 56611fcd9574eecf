// Decides which certificates an application needs, and when a replaced certificate is removed. Pure.
import type { Item, Owned, Ownership, Snapshot } from "../../sync/owned";
import type { KeyCredential, Live, LiveApplication } from "../../entra/live";
import { base64Of } from "../../inputs/certificate";
import { DAY_MS } from "../../days";
import { NOT_REGISTERED } from "../../inputs/statusTexts";
import { keyIdOf, thumbprintOfKey } from "../../sync/keyCredentials";
import { cut } from "../../plainText";
import { has, isNeededByOthers } from "../../sync/ownership";
import type { CertificateInput, RestorePortalAppInputs } from "./inputs";
import { UNCHANGED, type Field, type Observation, type RetiringCertificate } from "./live";

/** A certificate that was on the application at the last deployment or refresh. */
export interface RegisteredCertificate {
    /** SHA-1 thumbprint, upper-case hex. Empty for a certificate of others whose identifier is not a thumbprint. */
    readonly thumbprint: string;
    /** The time at which Entra stops accepting the certificate: end date of the key credential, ISO 8601, UTC. */
    readonly notAfter: string;
    /** `true`: this resource added the certificate. The provider removes no other certificates. */
    readonly ours: boolean;
    /**
     * The time at which another certificate of the program replaced it, ISO 8601, UTC. Only for certificates that are
     * `ours`.
     */
    readonly replacedOn?: string;
    /**
     * The time from which `pulumi up` removes it, ISO 8601, UTC. Only for certificates that are `ours` and replaced.
     */
    readonly retiresOn?: string;
}

/**
 * Returns whether the certificate is registered. A key credential may start later or end earlier than its certificate.
 * Before the later start or after the earlier end, the certificate counts as not registered.
 */
export function isCertificateRegistered(
    { keyCredentials }: Pick<LiveApplication, "keyCredentials">,
    certificate: Pick<CertificateInput, "thumbprint" | "notBefore" | "notAfter">,
    now: Date,
): boolean {
    const { thumbprint, notBefore, notAfter } = certificate;
    return keyCredentials.some((key) => {
        if (thumbprintOfKey(key) !== thumbprint) return false;
        const [start, end] = [key.startDateTime, key.endDateTime].map((date) => Date.parse(date ?? ""));
        // A key credential with the start of its certificate counts as registered even before this start. A new
        // registration would have the same start, and the clock of this machine may be behind.
        const isLate = notBefore === undefined || start === undefined || start > Date.parse(notBefore);
        if (isLate && start !== undefined && start > now.getTime()) return false;
        return end !== undefined && (end > now.getTime() || (notAfter !== undefined && end >= Date.parse(notAfter)));
    });
}

export function planKeyCredentials(inputs: RestorePortalAppInputs, observation: Observation): Field {
    const { live, managed, now } = observation;
    const { certificate } = inputs;
    const keys = live.application.keyCredentials;
    const isMissing =
        certificate !== undefined &&
        certificate.thumbprint !== NOT_REGISTERED &&
        inputs.registerCertificate &&
        !isCertificateRegistered(live.application, certificate, now);
    if (isMissing) return addition(certificate, keys);
    // An old certificate is removed only after a read shows the new one. So the portal always has a certificate.
    if (missingCertificate(inputs, live.application, now) !== undefined) return UNCHANGED;
    const due = certificatesDue(observation).filter((thumbprint) => thumbprint !== certificate?.thumbprint);
    if (due.length === 0) return UNCHANGED;
    const going = due.filter((thumbprint) => !isNeededByOthers(ownedCertificate(thumbprint), managed.holder, live));
    const ids = going.map(keyIdOf);
    return {
        ...(ids.length === 0 ? {} : { body: { keyCredentials: keys.filter(({ keyId }) => !ids.includes(keyId)) } }),
        changes: due.map(itemOf),
        lost: due.map(itemOf),
    };
}

function addition(certificate: CertificateInput, keys: readonly KeyCredential[]): Field {
    const { thumbprint = "" } = certificate;
    // If the entry that this resource added starts too late or ends too early, it is replaced, because Entra does not
    // allow changes to an entry.
    const others = keys.filter(({ keyId }) => keyId !== keyIdOf(thumbprint));
    return {
        body: { keyCredentials: [...others, newKeyCredential(certificate)] },
        changes: [itemOf(thumbprint)],
        gained: [ownedCertificate(thumbprint)],
    };
}

function itemOf(thumbprint: string): Item {
    return `certificates/${thumbprint}`;
}

export function ownedCertificate(thumbprint: string): Owned {
    return { item: itemOf(thumbprint), id: keyIdOf(thumbprint), how: "answered" };
}

const MAX_KEY_NAME = 90;

/**
 * Uses the dates of the certificate, because Entra refuses later dates (KeyCredentialsInvalidEndDate). Entra fills in
 * the thumbprint.
 */
function newKeyCredential(certificate: CertificateInput): Omit<KeyCredential, "customKeyIdentifier" | "endDateTime"> {
    return {
        keyId: keyIdOf(certificate.thumbprint ?? ""),
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: base64Of(certificate.certificatePem),
        ...(certificate.name === undefined ? {} : { displayName: cut(certificate.name, MAX_KEY_NAME) }),
        ...(certificate.notBefore === undefined ? {} : { startDateTime: certificate.notBefore }),
        ...(certificate.notAfter === undefined ? {} : { endDateTime: certificate.notAfter }),
    };
}

/** Returns the thumbprints of this resource's replaced certificates that are due for removal and still registered. */
export function certificatesDue({ live, managed, retiring, now }: Observation): string[] {
    return retiring
        .filter(
            ({ thumbprint, retiresOn }) =>
                isOwnKey(thumbprint, live.application, managed) && new Date(retiresOn) <= now,
        )
        .map(({ thumbprint }) => thumbprint);
}

/**
 * Returns whether the key credential that this resource added exists. Its `keyId` decides, because somebody may have
 * registered the same certificate a second time, with another `keyId`.
 */
export function isOwnKey(thumbprint: string, { keyCredentials }: LiveApplication, { owned }: Ownership): boolean {
    return has(owned, itemOf(thumbprint)) && keyCredentials.some(({ keyId }) => keyId === keyIdOf(thumbprint));
}

/**
 * Returns the certificates that this resource added and somebody else removed. A certificate that the program names, or
 * that is in `retiring`, stays in the record.
 */
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
 * Returns the certificates that this resource added and the program has replaced. A certificate is removed
 * `certificateOverlapDays` after its replacement, but at the latest when it expires. VB365 may still use the old
 * certificate, and the provider cannot see whether it does.
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

/**
 * Works as `retiringCertificates` does, but from an observation. So the result includes a certificate that another
 * resource handed over and that is not in state yet.
 */
export function retiringNow(
    inputs: RestorePortalAppInputs,
    { live, managed }: Snapshot<Live, Ownership>,
    retiring: readonly RetiringCertificate[],
    now: Date,
): RetiringCertificate[] {
    return retiringCertificates(registeredCertificates(live.application, managed, retiring), inputs, now);
}

/**
 * Returns all certificates of the application. Only those that this resource added and the program replaced have
 * `replacedOn` and `retiresOn`.
 */
export function registeredCertificates(
    application: LiveApplication,
    ownership: Ownership,
    retiring: readonly RetiringCertificate[],
): RegisteredCertificate[] {
    return application.keyCredentials.map((key) => {
        const thumbprint = thumbprintOfKey(key);
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
 * With `registerCertificate: false`, the certificate must already be registered. The wizard of VB365 requires this for
 * existing applications. Returns a text that names the missing certificate and the ways to register it.
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
    const where = `application ${application.appId}, or its entry there is not valid today`;
    return `certificate ${thumbprint} is not registered on ${where}; ${ways.join(", or ")}`;
}
