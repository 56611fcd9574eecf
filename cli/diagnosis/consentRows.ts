// Compares the desired inputs of a customer's consent with the live values from an observation or a preview. Pure.
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import type { ConsentInputs } from "../../provider/consent/rules/inputs";
import type { ConsentState } from "../../provider/consent/rules/state";
import { failed, follows, ok, textOf, unknown, type Check } from "./check";
import { consentErrors, UNKNOWN_TENANT, UP } from "./signInErrors";

export interface ObservedConsent {
    readonly desired: ConsentInputs;
    readonly live: ConsentInputs;
    readonly consent: ConsentState["consent"];
    readonly consentUrl: string;
}

export function checksOfConsent(observed: ObservedConsent): Check[] {
    const { desired, live } = observed;
    if (live.status.startsWith(NOT_READABLE)) return unreadableConsent(desired, live.status.slice(NOT_READABLE.length));
    return comparedInputs(desired).map((name) => rowCheck(name, observed));
}

export const NOT_READABLE = "not readable: ";

/**
 * With `mode: "verify"`, the credentials may lack the permission to read grants. So this mode does not check grants.
 */
function comparedInputs({ mode }: ConsentInputs): (keyof ConsentInputs)[] {
    return ["status", "servicePrincipal", ...(mode === "verify" ? [] : (["grantedPermissions"] as const))];
}

export function unreadableConsent(desired: ConsentInputs, reason: string): Check[] {
    const others = comparedInputs(desired).slice(1);
    const why = new RegExp(`AADSTS${UNKNOWN_TENANT}\\b`).test(reason)
        ? failed("status", reason, { aadsts: UNKNOWN_TENANT, remedy: "correct tenantId in the program" })
        : unknown("status", reason);
    return [why, ...others.map((name) => follows("status", name, "the tenant could not be read"))];
}

function rowCheck(name: keyof ConsentInputs, { desired, live, consent, consentUrl }: ObservedConsent): Check {
    if (name === "grantedPermissions") {
        if (live.servicePrincipal === "missing")
            return follows("servicePrincipal", name, "the service principal is missing");
        if (consent === "unknown") return unknown(name, "the credentials do not allow reading grants");
    }
    if (JSON.stringify(live[name]) !== JSON.stringify(desired[name])) return differs(name, desired, live, consentUrl);
    const note = live[name] === ASSIGNMENT_REQUIRED ? ": users who are not assigned get AADSTS50105" : "";
    return ok(name, textOf(live[name]) + note);
}

function differs(name: keyof ConsentInputs, desired: ConsentInputs, live: ConsentInputs, consentUrl: string): Check {
    const [aadsts] = consentErrors(name, live[name]);
    const byHand =
        live.servicePrincipal === "disabled"
            ? "ask an administrator of the tenant to enable the application in Enterprise applications"
            : `ask an administrator of the tenant to consent at ${consentUrl}`;
    const remedy = name === "status" ? MULTI_TENANT : desired.mode === "verify" ? byHand : UP;
    return failed(name, `${textOf(live[name])} instead of ${textOf(desired[name])}`, {
        ...(aadsts === undefined ? {} : { aadsts }),
        remedy,
    });
}

const MULTI_TENANT = 'set signInAudience of the RestorePortalApp to "AzureADMultipleOrgs" and run pulumi up';
