// Announces an adoption before its writes. A preview announces it in `check`, and a deployment in `create`. Equal lines
// are printed once per process. Also tells the user to hand over a new certificate.
import { clock } from "../entra/clock";
import type { Live } from "../entra/live";
import type { Session } from "../entra/session";
import { expectedCertificate, type ExpectedCertificate } from "../inputs/expectedCertificates";
import type { PreviewFacts } from "../inputs/previewFacts";
import { isUnknown } from "../inputs/rawInputs";
import { logOnce } from "../log";
import { isPlugin } from "../pulumi/engineWatch";
import { identityOfHolder, parseTag } from "../sync/tags";
import { adoptionWords } from "./rules/adoptionWords";
import type { CertificateInput, RestorePortalAppInputs } from "./rules/inputs";

/** The inputs as a preview expects them. The deployment may still have to generate or import the certificate. */
export interface Expected {
    /** If a certificate is to be imported, the inputs contain its thumbprint. */
    readonly inputs: RestorePortalAppInputs;
    /** The name of a certificate that is to be generated. */
    readonly generated?: Pick<CertificateInput, "name">;
}

export function expectedInputs(inputs: RestorePortalAppInputs, expected: ExpectedCertificate | undefined): Expected {
    if (!isUnknown(inputs.certificate) && !isUnknown(inputs.certificate?.certificatePem)) return { inputs };
    if (expected?.kind === "generated") return { inputs, generated: { name: expected.name } };
    if (expected?.kind !== "imported") return { inputs };
    return { inputs: { ...inputs, certificate: { certificatePem: "", thumbprint: expected.thumbprint } } };
}

/**
 * The expected certificate of each resource for which `check` ran in this process, by identity. A refresh calls `diff`
 * without `check`, so `diff` recognizes a refresh by the missing entry.
 */
const checked = new Map<string, ExpectedCertificate | undefined>();

/**
 * The resources whose `check` may run in a preview. The engine does not tell the plugin whether a `check` runs in a
 * preview, so all resources of the plugin count.
 */
const previewed = new Set<string>();

/**
 * The place of each resource in the program, by identity. If a stack is renamed, its resources get new places and keep
 * their identities.
 */
const places = new Map<string, string>();

export function notePlace(identity: string, place: unknown): void {
    if (typeof place === "string") places.set(identity, place);
}

export function noteChecked(identity: string, preview: PreviewFacts | undefined): ExpectedCertificate | undefined {
    const expected = expectedCertificate(preview);
    checked.set(identity, expected);
    if (preview !== undefined || isPlugin) previewed.add(identity);
    return expected;
}

/** `undefined`: `check` did not run for the resource in this process. */
export function checkOf(identity: string): { readonly expected: ExpectedCertificate | undefined } | undefined {
    return checked.has(identity) ? { expected: checked.get(identity) } : undefined;
}

/**
 * Returns whether `check` announces an adoption. A deployment announces it in `create`, from the read on which its
 * writes are based.
 */
export function announcesInCheck(identity: string): boolean {
    return previewed.has(identity);
}

/** The owners that `check` read. Messages only count them, so their age does not matter. */
const owners = new Map<string, readonly string[]>();

export function noteOwners({ tenantId }: Session, { application, owners: seen }: Live): void {
    if (seen !== undefined) owners.set(`${tenantId}/${application.appId}`, seen);
}

export function notedOwners({ tenantId }: Session, appId: string): readonly string[] | undefined {
    return owners.get(`${tenantId}/${appId}`);
}

/** Announces the writes to an application that the last deployment did not manage. */
export function announceAdoption({ inputs, generated }: Expected, live: Live): void {
    logOnce(adoptionWords(inputs, live, clock.now(), generated));
}

/**
 * Announces that the application is restored, without more details: an application in deleted items cannot be read
 * completely.
 */
export function announceRestoring(appId: string): void {
    logOnce(`application ${appId}: the deployment restores it from deleted items and then adopts it`);
}

/**
 * Returns whether the application has a tag of this resource. If so, a program that replaces `displayName` by
 * `applicationId` does not adopt the application: the resource only gives up ownership.
 */
export function isOfResource({ application: { tags } }: Live, identity: string): boolean {
    return tags.some((tag) => identityOfHolder(tags, parseTag(tag)?.holder ?? "") === identity);
}

/** Tells the user to hand over each new certificate, because VB365 signs in with the private key of the certificate. */
export function announceHandOver(inputs: RestorePortalAppInputs, certificate: CertificateInput): void {
    const { thumbprint = "", id } = certificate;
    const place = places.get(inputs.identity)?.split("/") ?? [];
    const name = place.at(-1) ?? inputs.identity.split("/").at(-1) ?? "";
    // Without --stack, the command would use the selected stack, which may be another one.
    const stack = place[1] === undefined ? "" : ` --stack ${place[1]}`;
    // Each certificate gets its own folder, because the command does not overwrite files of an earlier hand-over.
    const folder = `handover-${thumbprint.slice(0, 8)}`;
    const how =
        id === undefined
            ? "import its PFX file there"
            : `run: npx pulumi-restore-portal handover${stack} --out ${folder}; if the stack has several portals, add --portal ${name}`;
    logOnce(`certificate ${thumbprint} is registered; to hand it over to VB365, ${how}`);
}
