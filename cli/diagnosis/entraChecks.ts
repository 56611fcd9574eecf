// Compares each input of a portal in Entra with the value that a working portal needs, by the provider's own rules of
// drift. Also checks that the tenant exists, and when the application's certificates expire.
import { generateSource, type CertificateState } from "../../provider/certificate/inputs";
import type { Live } from "../../provider/entra/live";
import { completeInputs } from "../../provider/portal/rules/checkInputs";
import { COMPARED_INPUTS } from "../../provider/portal/rules/drift";
import { type RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import { registeredCertificates } from "../../provider/portal/rules/certificates";
import type { Observation } from "../../provider/portal/rules/live";
import type { PortalState } from "../../provider/portal/rules/state";
import { thumbprintOfKey } from "../../provider/sync/keyCredentials";
import type { Region } from "../../provider/inputs/regions";
import { findDeletedById, restorableUntil } from "../../provider/entra/deletedItems";
import { discoverTenant } from "../../provider/entra/discovery";
import { openSession } from "../../provider/entra/session";
import { observePortal } from "../../provider/portal/observe";
import { PortalError } from "../../provider/portalError";
import { CERTIFICATES, certificateEnds, certificatesCheck, type CertificateEnd } from "./certificateEnds";
import { failed, follows, ok, textOf, unknown, type Check } from "./check";
import { differs } from "./portalChecks";

/** Checks, without signing in, that the tenant exists in the cloud of the region. */
export async function discoveryCheck({ tenantId, region, credentials }: PortalState): Promise<Check> {
    const name = "discovery";
    try {
        await discoverTenant(tenantId, region as Region, { credentials });
        return ok(name, `tenant ${tenantId} exists in region ${region}`);
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        if (error.code === "ERR_GRAPH_UNAVAILABLE" || error.code === "ERR_ENVIRONMENT")
            return unknown(name, error.message);
        return failed(name, error.message, { aadsts: 90002, remedy: "correct tenantId or region in the program" });
    }
}

/** `issued`: the portal's PortalCertificate, if the stack has it. */
export async function entraChecks(state: PortalState, issued?: CertificateState): Promise<Check[]> {
    const rows = (inputs: RestorePortalAppInputs) => COMPARED_INPUTS.filter((name) => inputs[name] !== undefined);
    const desired = workingInputs(state);
    try {
        const session = await openSession(state);
        const observed = await observePortal(session, state, desired);
        if (observed) {
            const { inputs, observation } = observed;
            const needed = withLiveAudience(desired, inputs, observation.live);
            return [
                ...rows(needed).map((name) => rowCheck(name, needed, inputs, observation.live, state)),
                certificatesCheck(endsOf(observation, desired, issued)),
            ];
        }
        const deleted = await findDeletedById(session, state.objectId);
        const status = deleted ? `in deleted items until ${restorableUntil(deleted)}` : "missing";
        return [...rows(desired), CERTIFICATES].map((name) =>
            name === "applicationStatus"
                ? differs({ name, live: status, desired: desired[name], application: undefined }, state)
                : follows("applicationStatus", name, `the application is ${deleted ? "in deleted items" : "missing"}`),
        );
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return [
            unknown("entra", error.message),
            ...[...rows(desired), CERTIFICATES].map((name) => follows("entra", name, "Entra could not be read")),
        ];
    }
}

function endsOf(
    { live: { application }, managed, retiring, now }: Observation,
    { certificate }: RestorePortalAppInputs,
    issued: CertificateState | undefined,
): CertificateEnd[] {
    const keys = application.keyCredentials.map((key) => ({
        thumbprint: thumbprintOfKey(key),
        name: typeof key["displayName"] === "string" ? key["displayName"] : undefined,
        notBefore: key.startDateTime,
    }));
    const own = issued && { ...issued.certificate, generate: generateSource(issued.source) };
    const registered = registeredCertificates(application, managed, retiring);
    return certificateEnds(registered, certificate?.thumbprint, [...(own ? [own] : []), ...keys], now);
}

/**
 * Returns the inputs of a working portal, which always has consent. If an input is in `ignoreChanges`, `state.desired`
 * can contain a live value. So every input with only one correct value gets that value here. Only the program's own
 * choices come from state.
 */
function workingInputs(state: PortalState): RestorePortalAppInputs {
    const { servicePrincipal, ...declared } = state.desired;
    const open = servicePrincipal === ASSIGNMENT_REQUIRED ? { servicePrincipal } : {};
    const filled: Record<string, undefined> = {
        // A working portal also needs the parts that the program leaves alone, so they are checked too.
        leaveAlone: undefined,
        applicationStatus: undefined,
        applicationIdUri: undefined,
        accessAsUserScope: undefined,
        requiredPermissions: undefined,
        grantedPermissions: undefined,
        retiredCertificates: undefined,
        ...(declared.implicitGrant === undefined ? {} : { implicitGrant: undefined }),
    };
    // If the program sets no audience, the owner of the application chooses it. `withLiveAudience` replaces this
    // placeholder.
    const audience = { signInAudience: declared.signInAudience ?? LEFT_TO_OWNER };
    return completeInputs({ ...declared, ...filled, ...open, ...audience, adminConsent: true }, {});
}

const LEFT_TO_OWNER = "left to its owner";

/**
 * Users of an organization can sign in with every audience except `PersonalMicrosoftAccount`. So every other live
 * audience counts as correct.
 */
function withLiveAudience(
    desired: RestorePortalAppInputs,
    live: RestorePortalAppInputs,
    { application }: Live,
): RestorePortalAppInputs {
    if (desired.signInAudience !== LEFT_TO_OWNER) return desired;
    const isPersonal = application.signInAudience === "PersonalMicrosoftAccount";
    return { ...desired, signInAudience: isPersonal ? "AzureADMyOrg" : (live.signInAudience ?? "") };
}

function rowCheck(
    name: keyof RestorePortalAppInputs,
    desired: RestorePortalAppInputs,
    live: RestorePortalAppInputs,
    { application, servicePrincipal, grants, owners }: Live,
    state: PortalState,
): Check {
    if (name === "grantedPermissions") {
        if (servicePrincipal === undefined)
            return follows("servicePrincipal", name, "the service principal is missing");
        if (grants === undefined) return unknown(name, "the credentials do not allow reading grants");
    }
    if (name === "owners" && owners === undefined) {
        return unknown(name, "the credentials do not allow reading owners");
    }
    if (JSON.stringify(live[name]) !== JSON.stringify(desired[name])) {
        return differs({ name, live: live[name], desired: desired[name], application }, state);
    }
    const note = live[name] === ASSIGNMENT_REQUIRED ? ": users who are not assigned get AADSTS50105" : "";
    return ok(name, textOf(live[name]) + note);
}
