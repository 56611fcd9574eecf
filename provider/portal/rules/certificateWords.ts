// Describes in words which certificates a deployment adds, keeps and removes. Pure. A preview and `pulumi up` print the
// same words.
import { DAY_MS, WARN_BEFORE_DAYS } from "../../days";
import type { KeyCredential, LiveApplication } from "../../entra/live";
import { NOT_REGISTERED } from "../../inputs/statusTexts";
import { thumbprintOfKey } from "../../sync/keyCredentials";
import { retiringCertificates, type RegisteredCertificate } from "./certificates";
import type { CertificateInput, RestorePortalAppInputs } from "./inputs";

type Dated = Pick<RegisteredCertificate, "thumbprint" | "notAfter">;

/** Names the certificate of the program. Before the certificate is generated, a preview knows only its name. */
export function newCertificateWords(certificate: CertificateInput | undefined): string {
    const { thumbprint = "", name, notAfter } = certificate ?? {};
    if (thumbprint === "") return `a new certificate${name === undefined ? "" : ` "${name}"`}`;
    return `certificate ${thumbprint}${notAfter === undefined ? "" : `, valid until ${dayOf(notAfter)}`}`;
}

/** Lists the certificates that stay: `, beside 4F98..., valid until 2027-01-03`. */
export function besideWords(others: readonly Dated[]): string {
    const inOrder = [...others].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return others.length === 0 ? "" : `, beside ${inOrder.map(nameOf).join(" and ")}`;
}

const keyOf = ({ thumbprint, notAfter }: Dated) => `${notAfter} ${thumbprint}`;

export function datedKey(key: KeyCredential): Dated {
    return { thumbprint: thumbprintOfKey(key), notAfter: key.endDateTime };
}

/**
 * If the certificate has not expired, the words warn that VB365 may still use it, because the provider cannot see which
 * certificate VB365 uses.
 */
export function removalWords({ thumbprint, notAfter }: Dated, now: Date): string {
    const what = thumbprint === "" ? "a certificate whose thumbprint Entra does not show" : `certificate ${thumbprint}`;
    return new Date(notAfter) <= now
        ? `removes ${what}, which expired on ${dayOf(notAfter)}`
        : `removes ${what}, valid until ${dayOf(notAfter)}, which VB365 may still use`;
}

function nameOf({ thumbprint, notAfter }: Dated): string {
    return `${thumbprint === "" ? "one whose thumbprint Entra does not show" : thumbprint}, valid until ${dayOf(notAfter)}`;
}

function dayOf(date: string): string {
    return date.slice(0, 10);
}

/**
 * Returns a warning if the program names no certificate, and the last certificate on the application expires soon or
 * has expired. Nothing else would warn about that.
 */
export function lastCertificateEnds(
    { appId, keyCredentials }: Pick<LiveApplication, "appId" | "keyCredentials">,
    { certificate }: Pick<RestorePortalAppInputs, "certificate">,
    now: Date,
): string | undefined {
    const [last] = [...keyCredentials].sort((a, b) => Date.parse(b.endDateTime) - Date.parse(a.endDateTime));
    if (certificate !== undefined || last === undefined) return undefined;
    const daysLeft = Math.floor((Date.parse(last.endDateTime) - now.getTime()) / DAY_MS);
    if (daysLeft >= WARN_BEFORE_DAYS) return undefined;
    const { thumbprint, notAfter } = datedKey(last);
    const name = thumbprint === "" ? "its last certificate" : `its last certificate ${thumbprint}`;
    const when = daysLeft < 0 ? `expired on ${dayOf(notAfter)}` : `expires on ${dayOf(notAfter)}`;
    return `application ${appId}: ${name} ${when}, and nobody can sign in without a valid certificate; renew it by hand, or set the input certificate in the program`;
}

export interface CertificateChange {
    readonly phrases: readonly string[];
    /** Whether the deployment removes a certificate that has not expired yet. */
    readonly isEarly: boolean;
}

/**
 * Returns how one deployment changes the certificates. `certificates`: `diff` gives those in state, and `update` those
 * in Entra. `before`: the inputs of the last deployment.
 */
export function certificateChange(
    certificates: readonly RegisteredCertificate[],
    inputs: RestorePortalAppInputs,
    before: Pick<RestorePortalAppInputs, "certificateOverlapDays">,
    now: Date,
): CertificateChange {
    const { certificate, registerCertificate, certificateOverlapDays: days } = inputs;
    const retiring = retiringCertificates(certificates, inputs, now);
    const isThere = certificates.some(({ thumbprint }) => thumbprint === certificate?.thumbprint);
    const isNamed = certificate !== undefined && certificate.thumbprint !== NOT_REGISTERED;
    const isAdded = isNamed && registerCertificate && !isThere;
    const removalOf = ({ thumbprint }: Pick<Dated, "thumbprint">) =>
        retiring.find((one) => one.thumbprint === thumbprint)?.retiresOn;
    // If the certificate of the program is not registered and the deployment does not add it, the deployment removes no
    // certificate.
    const isComplete = !isNamed || isAdded || isThere;
    const isDue = (one: Dated) => isComplete && Date.parse(removalOf(one) ?? "") <= now.getTime();
    const due = certificates.filter(isDue);
    const stay = certificates.filter((one) => !isDue(one));
    const later = stay.filter((one) => Date.parse(removalOf(one) ?? one.notAfter) < Date.parse(one.notAfter));
    const isTold = isAdded || days !== before.certificateOverlapDays;
    return {
        phrases: [
            ...(isAdded ? [`adds ${newCertificateWords(certificate)}${besideWords(stay)}`] : []),
            ...(isTold ? later.map((one) => laterWords(one, removalOf(one) ?? "", days)) : []),
            ...due.map((one) => removalWords(one, now)),
        ],
        isEarly: due.some(({ notAfter }) => new Date(notAfter) > now),
    };
}

function laterWords({ thumbprint }: Dated, removal: string, days = 0): string {
    return `keeps certificate ${thumbprint} until the first pulumi up on or after ${dayOf(removal)} (certificateOverlapDays: ${days})`;
}
