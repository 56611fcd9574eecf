// What Entra has of a portal, row by row: the provider's own rules of drift, held against what a working portal needs.
import type { Live } from "../../provider/entra/live";
import { completeInputs } from "../../provider/portal/rules/checkInputs";
import { COMPARED_INPUTS } from "../../provider/portal/rules/drift";
import { type RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import { type PortalState } from "../../provider/portal/rules/state";
import type { Region } from "../../provider/inputs/regions";
import { findDeletedById, restorableUntil } from "../../provider/entra/deletedItems";
import { discoverTenant } from "../../provider/entra/discovery";
import { openSession } from "../../provider/entra/session";
import { observePortal } from "../../provider/portal/observe";
import { PortalError } from "../../provider/portalError";
import { failed, ok, unknown, type Check } from "./check";
import { remedyFor, signInError, type Difference } from "./signInErrors";

/** The tenant is known, and in the cloud of the region. Anonymous. */
export async function discoveryCheck({ tenantId, region, credentials }: PortalState): Promise<Check> {
    const name = "discovery";
    try {
        await discoverTenant(tenantId, region as Region, { credentials });
        return ok(name, `tenant ${tenantId} is known in region ${region}`);
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        if (error.code === "ERR_GRAPH_UNAVAILABLE") return unknown(name, error.message);
        return failed(name, error.message, { aadsts: 90002, remedy: "correct tenantId or region of the program" });
    }
}

export async function entraChecks(state: PortalState): Promise<Check[]> {
    const rows = (inputs: RestorePortalAppInputs) => COMPARED_INPUTS.filter((name) => inputs[name] !== undefined);
    const wanted = workingInputs(state);
    try {
        const session = await openSession(state);
        const found = await observePortal(session, state, wanted);
        if (found) {
            const needed = withLiveAudience(wanted, found.inputs, found.seen.live);
            return rows(needed).map((name) => rowCheck(name, needed, found.inputs, found.seen.live, state));
        }
        const deleted = await findDeletedById(session, state.objectId);
        const status = deleted ? `in the bin until ${restorableUntil(deleted)}` : "missing";
        return rows(wanted).map((name) =>
            name === "applicationStatus"
                ? differs({ name, live: status, wanted: wanted[name], application: undefined }, state)
                : unknown(name, `the application is ${deleted ? "in the bin" : "missing"}`),
        );
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return [
            unknown("entra", error.message),
            ...rows(wanted).map((name) => unknown(name, "Entra could not be read")),
        ];
    }
}

/**
 * What state holds may be what a refresh found. So what every portal needs is filled in anew, consent included, whether
 * the program grants it or not; only what the program alone can know is taken from state.
 */
function workingInputs(state: PortalState): RestorePortalAppInputs {
    const { servicePrincipal, ...asked } = state.desired;
    const open = servicePrincipal === ASSIGNMENT_REQUIRED ? { servicePrincipal } : {};
    const filled: Record<string, undefined> = {
        applicationStatus: undefined,
        applicationIdUri: undefined,
        accessAsUserScope: undefined,
        requiredPermissions: undefined,
        retiredCertificates: undefined,
        ...(asked.implicitGrant === undefined ? {} : { implicitGrant: undefined }),
    };
    // An owner of an adopted application chooses its audience; its live value is filled in below.
    const audience = { signInAudience: asked.signInAudience ?? LEFT_TO_OWNER };
    return completeInputs({ ...asked, ...filled, ...open, ...audience, adminConsent: true }, {});
}

const LEFT_TO_OWNER = "left to its owner";

/** Any organization's users may sign in with any of these but the last. */
function withLiveAudience(
    wanted: RestorePortalAppInputs,
    found: RestorePortalAppInputs,
    { application }: Live,
): RestorePortalAppInputs {
    if (wanted.signInAudience !== LEFT_TO_OWNER) return wanted;
    const isPersonal = application.signInAudience === "PersonalMicrosoftAccount";
    return { ...wanted, signInAudience: isPersonal ? "AzureADMyOrg" : (found.signInAudience ?? "") };
}

function rowCheck(
    name: keyof RestorePortalAppInputs,
    wanted: RestorePortalAppInputs,
    found: RestorePortalAppInputs,
    live: Live,
    state: PortalState,
): Check {
    if (name === "grantedPermissions") {
        if (live.servicePrincipal === undefined) return unknown(name, "the service principal is missing");
        if (live.grants === undefined) return unknown(name, "the credentials may not read grants");
    }
    if (name === "owners" && live.owners === undefined) return unknown(name, "the credentials may not read owners");
    if (JSON.stringify(found[name]) !== JSON.stringify(wanted[name])) {
        return differs({ name, live: found[name], wanted: wanted[name], application: live.application }, state);
    }
    const note = found[name] === ASSIGNMENT_REQUIRED ? ": other users than the assigned get AADSTS50105" : "";
    return ok(name, shown(found[name]) + note);
}

function differs(difference: Difference, state: PortalState): Check {
    const { name, live, wanted } = difference;
    const aadsts = signInError(difference);
    return failed(name, `${shown(live)} instead of ${shown(wanted)}`, {
        ...(aadsts === undefined ? {} : { aadsts }),
        remedy: remedyFor(difference, state),
    });
}

function shown(value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
    const { thumbprint } = (value ?? {}) as { thumbprint?: string };
    return thumbprint ?? String(value);
}
