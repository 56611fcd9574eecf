// Implements the hook `check` of a portal. It completes the inputs and reports all invalid ones together. It checks the
// inputs against Entra only if all are valid. If no input of an existing resource differs from state, it sends no
// request to Graph, unless `portalUrl` is in `leaveAlone`.
import type { Live } from "../entra/live";
import { completeInputs, examineInputs } from "./rules/checkInputs";
import type { ExpectedCertificate } from "../inputs/expectedCertificates";
import type { PreviewFacts } from "../inputs/previewFacts";
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { type RestorePortalAppInputs } from "./rules/inputs";
import { lifetimeAdvice, longestCertificateDays } from "../entra/appManagementPolicy";
import { callerOf, mayWriteOnlyOwned, missingPermissions } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { credentialsPresent, unsetCredentials } from "../entra/credentials";
import { discoverTenant } from "../entra/discovery";
import { observe } from "../entra/directory";
import { DAY_MS } from "../days";
import type { Region } from "../inputs/regions";
import { openSession, type Session } from "../entra/session";
import { logOnce, warn } from "../log";
import { PortalError, type PortalErrorCode } from "../portalError";
import { counted } from "../sentences";
import { absenceReason } from "./absentApplication";
import { checkCertificate } from "./checkCertificate";
import { changeFailures } from "./checkChange";
import { addedOwnerFailures, ownerFailures, unboundOwnerFailures } from "./checkOwners";
import { warnOfNeighbours } from "./neighbours";
import {
    announceAdoption,
    announceRestoring,
    announcesInCheck,
    expectedInputs,
    isOfResource,
    noteChecked,
    noteOwners,
    notePlace,
    type Expected,
} from "./announce";
import { adoptionFailures, adoptionWarnings, generatedUnregistered } from "./rules/adoption";

export interface CheckAnswer {
    readonly inputs: RestorePortalAppInputs;
    readonly failures: InputFailure[];
}

export async function checkPortal(
    olds: RawInputs,
    news: RawInputs,
    ignored: readonly string[] = [],
    preview?: PreviewFacts,
): Promise<CheckAnswer> {
    const completed = completeInputs(news, olds, ignored);
    const certificate = checkCertificate(completed.certificate, olds["certificate"]);
    const findings = examineInputs(completed as unknown as RawInputs, olds);
    for (const warning of [...findings.warnings, ...certificate.warnings]) warn(warning);
    const inputs = { ...completed, ...(certificate.certificate ? { certificate: certificate.certificate } : {}) };
    const failures = [...findings.failures, ...certificate.failures];
    if (failures.length > 0) return { inputs, failures };
    notePlace(inputs.identity, news["identity"]);
    const expected = noteChecked(inputs.identity, preview);
    // Without `preview`, the expected certificate is only a guess, so the check must not refuse an input because of it.
    const isLikely = preview === undefined && !inputs.registerCertificate;
    return checkAgainstEntra(inputs, olds, isLikely ? undefined : expected);
}

/** Warns, in a preview, about applications that may already be the portal that the deployment registers. */
export async function previewPortal(olds: RawInputs, inputs: RestorePortalAppInputs): Promise<void> {
    const { region, tenantId, credentials } = inputs;
    if (!isRegistration(inputs, olds) || [region, tenantId, credentials].some(isUnknown)) return;
    if (credentialsPresent(credentials)) await warnOfNeighbours(await openSession(inputs), inputs);
}

async function checkAgainstEntra(
    inputs: RestorePortalAppInputs,
    olds: RawInputs,
    expected: ExpectedCertificate | undefined,
): Promise<CheckAnswer> {
    // While the region or the credentials are unknown, nothing can be read. The deployment checks again when both are
    // known.
    if (isUnknown(inputs.credentials) || isUnknown(inputs.region))
        return { inputs: keepingTenant(inputs, olds), failures: [] };
    if (!credentialsPresent(inputs.credentials)) {
        logOnce(`the inputs were not checked against Entra, because ${unsetCredentials(inputs.credentials)}`);
        return withoutSignIn(inputs, olds);
    }
    try {
        const tenantId = await tenantOf(inputs);
        const located = { ...inputs, ...(tenantId === undefined ? keptTenant(olds) : { tenantId }) };
        if (isUnknown(located.tenantId) || isUnknown(located.applicationId)) return { inputs: located, failures: [] };
        if (!isAnotherApplication(located, olds))
            return { inputs: located, failures: await changeFailures(located, olds) };
        const session = await openSession(located);
        return {
            inputs: { ...located, tenantId: session.tenantId },
            failures: await entraFailures(session, expectedInputs(located, expected), olds),
        };
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return { inputs, failures: [{ property: propertyAtFault(error.code, inputs), reason: error.message }] };
    }
}

/** Resolves a changed domain, because otherwise the deployment would continue in the tenant of the last one. */
async function withoutSignIn(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<CheckAnswer> {
    const { tenantId } = inputs;
    const isKnown = tenantId === undefined || isGuid(tenantId) || tenantId === olds["tenantId"];
    if (isKnown || olds["tenantId"] === undefined) return { inputs: { ...keptTenant(olds), ...inputs }, failures: [] };
    try {
        return { inputs: { ...inputs, ...keptTenant({ tenantId: await tenantOf(inputs) }) }, failures: [] };
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return { inputs, failures: [{ property: "tenantId", reason: error.message }] };
    }
}

/** Replaces a domain by the tenant's GUID, so that another spelling of the same tenant is not a change. */
async function tenantOf({ tenantId, region, credentials }: RestorePortalAppInputs): Promise<string | undefined> {
    if (tenantId === undefined || isGuid(tenantId)) return tenantId;
    return (await discoverTenant(tenantId, region as Region, { credentials })).tenantId;
}

function keptTenant(olds: RawInputs): { tenantId?: string } {
    return typeof olds["tenantId"] === "string" ? { tenantId: olds["tenantId"] } : {};
}

/**
 * Without known credentials and region, a domain cannot be compared with the GUID in state. So the tenant in state
 * stays, unless the program gives a GUID.
 */
function keepingTenant(inputs: RestorePortalAppInputs, olds: RawInputs): RestorePortalAppInputs {
    const mustKeep = inputs.tenantId === undefined || !isGuid(inputs.tenantId);
    return mustKeep ? { ...inputs, ...keptTenant(olds) } : inputs;
}

/** Returns whether the inputs may name an application that the last deployment did not manage. */
function isAnotherApplication(inputs: RestorePortalAppInputs, olds: RawInputs): boolean {
    const decisive: readonly (keyof RestorePortalAppInputs)[] = ["region", "tenantId", "applicationId", "credentials"];
    return decisive.some((key) => inputs[key] !== olds[key]);
}

/**
 * Returns the name of the input that caused the error. If no input caused the error, or the program does not set the
 * input, returns an empty text: the engine then names no input and prints no value.
 */
function propertyAtFault(code: PortalErrorCode, inputs: RestorePortalAppInputs): string {
    const properties: Partial<Record<PortalErrorCode, "region" | "tenantId" | "applicationId">> = {
        ERR_REGION_MISMATCH: "region",
        ERR_TENANT_MISMATCH: "tenantId",
        ERR_APPLICATION_NOT_FOUND: "applicationId",
    };
    const property = properties[code];
    return property === undefined || inputs[property] === undefined ? "" : property;
}

export async function entraFailures(session: Session, expected: Expected, olds: RawInputs): Promise<InputFailure[]> {
    const { inputs } = expected;
    const missing = missingPermissions(session, {
        adminConsent: !isUnknown(inputs.adminConsent) && inputs.adminConsent,
    });
    if (missing.length > 0) return missing;
    await warnOfPolicy(session, inputs);
    const absent = await ownerFailures(session, inputs, olds);
    if (absent.length > 0) return absent;
    if (inputs.applicationId === undefined)
        return isRegistration(inputs, olds) ? unboundOwnerFailures(session, inputs) : [];
    const announces = announcesInCheck(inputs.identity);
    const live = await observe(session, inputs.applicationId, {
        withOwners: announces || mayWriteOnlyOwned(session),
        withGrants: announces,
        certificate: isUnknown(inputs.certificate) ? undefined : inputs.certificate,
    });
    if (live !== undefined) {
        noteOwners(session, live);
        const failures = [
            ...adoptionFindings(live, expected),
            ...ownershipFailures(session, live),
            ...addedOwnerFailures(session, inputs, live.owners),
        ];
        if (announces && failures.length === 0 && isAdoption(live, inputs, olds)) announceAdoption(expected, live);
        return failures;
    }
    const reason = await absenceReason(session, inputs, inputs.applicationId);
    if (reason !== undefined) return [{ property: "applicationId", reason }];
    announceRestoring(inputs.applicationId);
    return [];
}

/**
 * Warns if the certificate is valid for more days than the tenant allows, provided that the caller may read the policy.
 * If the dates are unknown, as in the first preview of a generated certificate, it warns whenever the tenant has a
 * limit.
 */
async function warnOfPolicy(
    session: Session,
    { certificate, registerCertificate }: RestorePortalAppInputs,
): Promise<void> {
    if (certificate === undefined || !registerCertificate) return;
    const limit = await longestCertificateDays(session);
    if (limit === undefined) return;
    const { notBefore, notAfter } = isUnknown(certificate) ? {} : certificate;
    const days =
        notBefore === undefined || notAfter === undefined
            ? undefined
            : (Date.parse(notAfter) - Date.parse(notBefore)) / DAY_MS;
    if (days !== undefined && days <= limit) return;
    const lasts = days === undefined ? "" : `, and this certificate is valid for ${counted(Math.ceil(days), "day")}`;
    warn(
        `certificate: the tenant's application management policy allows at most ${counted(limit, "day")}${lasts}; ${lifetimeAdvice(limit)}`,
    );
}

function adoptionFindings(live: Live, { inputs, generated }: Expected): InputFailure[] {
    for (const warning of adoptionWarnings(live, inputs)) warn(warning);
    const isUnregistered = generated !== undefined && !inputs.registerCertificate;
    return [...adoptionFailures(live, inputs, clock.now()), ...(isUnregistered ? [generatedUnregistered()] : [])];
}

function isRegistration({ applicationId, region, tenantId }: RestorePortalAppInputs, olds: RawInputs): boolean {
    const isElsewhere = region !== olds["region"] || tenantId !== olds["tenantId"];
    return applicationId === undefined && (isElsewhere || olds["applicationId"] !== undefined);
}

/**
 * A change of the credentials or of the spelling of the tenant is not an adoption, because the application stays the
 * same.
 */
function isAdoption(live: Live, inputs: RestorePortalAppInputs, olds: RawInputs): boolean {
    const wasRegistered = olds["displayName"] !== undefined;
    if (wasRegistered && isOfResource(live, inputs.identity)) return false;
    return inputs.applicationId !== olds["applicationId"] || inputs.tenantId !== olds["tenantId"];
}

function ownershipFailures(session: Session, { application, owners }: Live): InputFailure[] {
    if (!mayWriteOnlyOwned(session) || owners === undefined || owners.includes(session.callerObjectId)) return [];
    const caller = `${callerOf(session)} (service principal ${session.callerObjectId})`;
    const reason = `${caller} has only Application.ReadWrite.OwnedBy and is not an owner of application ${application.appId}; add it as an owner (az ad app owner add --id ${application.appId} --owner-object-id ${session.callerObjectId}), or grant it Application.ReadWrite.All`;
    return [{ property: "applicationId", reason }];
}
