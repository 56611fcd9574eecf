// The first hook: completes the inputs, refuses bad ones all at once, and asks Entra what only Entra knows, before
// anything is written. Stays local for a resource that is there already and keeps its application, tenant and region.
import type { Live } from "../entra/live";
import { completeInputs, examineInputs } from "./rules/checkInputs";
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { type RestorePortalAppInputs } from "./rules/inputs";
import { lifetimeAdvice, longestCertificateDays } from "../entra/appManagementPolicy";
import { mayWriteOnlyOwned, missingPermissions } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { credentialsPresent } from "../entra/credentials";
import { discoverTenant } from "../entra/discovery";
import { findDeleted, restorableUntil } from "../entra/deletedItems";
import { observe } from "../entra/directory";
import { DAY_MS } from "../days";
import type { Region } from "../inputs/regions";
import { openSession, type Session } from "../entra/session";
import { logOnce, warn } from "../log";
import { PortalError, type PortalErrorCode } from "../portalError";
import { checkCertificate } from "./checkCertificate";
import { notedPlatforms } from "./platforms";
import { adoptionFailures, adoptionWarnings, platformFailures } from "./rules/adoption";

export interface CheckAnswer {
    readonly inputs: RestorePortalAppInputs;
    readonly failures: InputFailure[];
}

export async function checkPortal(olds: RawInputs, news: RawInputs): Promise<CheckAnswer> {
    const completed = completeInputs(news, olds);
    const certificate = checkCertificate(completed.certificate, olds["certificate"]);
    const found = examineInputs(completed as unknown as RawInputs, olds);
    for (const warning of [...found.warnings, ...certificate.warnings]) warn(warning);
    const inputs = { ...completed, ...(certificate.certificate ? { certificate: certificate.certificate } : {}) };
    const failures = [...found.failures, ...certificate.failures];
    if (failures.length > 0) return { inputs, failures };
    return askEntra(inputs, olds);
}

async function askEntra(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<CheckAnswer> {
    if (!credentialsPresent(inputs.credentials)) {
        logOnce("No credentials in the environment: the inputs were checked, but Entra was not asked");
        return { inputs: keepingTenant(inputs, olds), failures: [] };
    }
    try {
        const tenantId = await tenantOf(inputs);
        const located = { ...inputs, ...(tenantId === undefined ? keptTenant(olds) : { tenantId }) };
        if (!isToBeAsked(located, olds)) return { inputs: located, failures: await addressFailures(located, olds) };
        const session = await openSession(located);
        return { inputs: { ...located, tenantId: session.tenantId }, failures: await entraFailures(session, located) };
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return { inputs, failures: [{ property: propertyOf(error.code), reason: error.message }] };
    }
}

/** A domain becomes the GUID that it stands for, so that another spelling of the same tenant is no change. */
async function tenantOf({ tenantId, region, credentials }: RestorePortalAppInputs): Promise<string | undefined> {
    if (tenantId === undefined || isGuid(tenantId) || isUnknown(tenantId) || isUnknown(region)) return tenantId;
    return (await discoverTenant(tenantId, region as Region, { credentials })).tenantId;
}

function keptTenant(olds: RawInputs): { tenantId?: string } {
    return typeof olds["tenantId"] === "string" ? { tenantId: olds["tenantId"] } : {};
}

/** Without anybody to ask, a domain cannot be told from the GUID in state: what state says stays. */
function keepingTenant(inputs: RestorePortalAppInputs, olds: RawInputs): RestorePortalAppInputs {
    const mustKeep = inputs.tenantId === undefined || !isGuid(inputs.tenantId);
    return mustKeep ? { ...inputs, ...keptTenant(olds) } : inputs;
}

function isToBeAsked(inputs: RestorePortalAppInputs, olds: RawInputs): boolean {
    const asked: readonly (keyof RestorePortalAppInputs)[] = ["region", "tenantId", "applicationId", "credentials"];
    if (asked.some((key) => isUnknown(inputs[key]))) return false;
    return asked.some((key) => inputs[key] !== olds[key]);
}

/** A new web address of an adopted application may be on another platform of its owner's. */
async function addressFailures(inputs: RestorePortalAppInputs, olds: RawInputs): Promise<InputFailure[]> {
    const { applicationId } = inputs;
    if (applicationId === undefined || olds["applicationId"] !== applicationId) return [];
    const { portalUrl, additionalPortalUrls } = inputs;
    const known = [olds["portalUrl"], ...((olds["additionalPortalUrls"] as unknown[] | undefined) ?? [])];
    const additional = isUnknown(additionalPortalUrls) ? [] : additionalPortalUrls;
    const isNew = [portalUrl, ...additional].some((url) => !known.includes(url) && !isUnknown(url));
    if (!isNew) return [];
    const noted = notedPlatforms(applicationId);
    const platforms =
        noted ?? (await observe(await openSession(inputs), applicationId, { withGrants: false }))?.application;
    return platforms
        ? platformFailures(
              platforms,
              inputs,
              known.filter((url) => typeof url === "string"),
          )
        : [];
}

function propertyOf(code: PortalErrorCode): string {
    const properties: Partial<Record<PortalErrorCode, string>> = {
        ERR_REGION_MISMATCH: "region",
        ERR_TENANT_MISMATCH: "tenantId",
        ERR_APPLICATION_NOT_FOUND: "applicationId",
    };
    return properties[code] ?? "credentials";
}

async function entraFailures(session: Session, inputs: RestorePortalAppInputs): Promise<InputFailure[]> {
    const missing = missingPermissions(session, { adminConsent: inputs.adminConsent });
    if (missing.length > 0) return missing;
    await warnOfPolicy(session, inputs);
    if (inputs.applicationId === undefined) return [];
    const live = await observe(session, inputs.applicationId, {
        withOwners: mayWriteOnlyOwned(session),
        withGrants: false,
    });
    return live === undefined
        ? await absenceFailures(session, inputs, inputs.applicationId)
        : [...adoptionFindings(live, inputs), ...ownershipFailures(session, live)];
}

/** Where the caller may read it. A generated certificate is not known yet in the first preview, so its limit is said then. */
async function warnOfPolicy(
    session: Session,
    { certificate, registerCertificate }: RestorePortalAppInputs,
): Promise<void> {
    const limit = registerCertificate ? await longestCertificateDays(session) : undefined;
    if (limit === undefined) return;
    const { notBefore, notAfter } = certificate ?? {};
    const days =
        notBefore === undefined || notAfter === undefined
            ? undefined
            : (Date.parse(notAfter) - Date.parse(notBefore)) / DAY_MS;
    if (days !== undefined && days <= limit) return;
    const lasts = days === undefined ? "" : `, and this one lasts ${Math.ceil(days)}`;
    warn(
        `certificate: the tenant's application management policy allows ${limit} days${lasts}; ${lifetimeAdvice(limit)}`,
    );
}

async function absenceFailures(
    session: Session,
    inputs: RestorePortalAppInputs,
    appId: string,
): Promise<InputFailure[]> {
    const deleted = await findDeleted(session, (application) => application.appId === appId);
    if (deleted && inputs.restoreDeleted) return [];
    const where = `tenant ${session.tenantId} (${inputs.region})`;
    const reason = deleted
        ? `application ${appId} lies in the bin of ${where} until ${restorableUntil(deleted)}; set restoreDeleted to true to restore it`
        : `application ${appId} does not exist in ${where}; correct it, or give displayName to register a new application`;
    return [{ property: "applicationId", reason }];
}

function adoptionFindings(live: Live, inputs: RestorePortalAppInputs): InputFailure[] {
    for (const warning of adoptionWarnings(live, inputs)) warn(warning);
    return adoptionFailures(live, inputs, clock.now());
}

function ownershipFailures(session: Session, { application, owners }: Live): InputFailure[] {
    if (!mayWriteOnlyOwned(session) || owners === undefined || owners.includes(session.callerObjectId)) return [];
    const caller = `the deploying identity ${session.callerAppId ?? ""} (service principal ${session.callerObjectId})`;
    const reason = `${caller} holds Application.ReadWrite.OwnedBy and is not an owner of application ${application.appId}; add it as an owner, or grant it Application.ReadWrite.All`;
    return [{ property: "applicationId", reason }];
}
