// Maps an input that differs in Entra to the sign-in errors that users get, and to its remedy. Pure.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import type { RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import type { ConsentInputs } from "../../provider/consent/rules/inputs";
import type { LiveApplication } from "../../provider/entra/live";
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import type { PortalState } from "../../provider/portal/rules/state";

type Name = keyof RestorePortalAppInputs;

/** An input whose live value differs from its desired value. */
export interface Difference {
    readonly name: Name;
    readonly live: unknown;
    readonly desired: unknown;
    /**
     * `undefined`: the application is missing or in deleted items. `"unknown"`: the difference comes from a preview,
     * which does not contain the redirect URIs of the application.
     */
    readonly application: LiveApplication | "unknown" | undefined;
}

/**
 * Returns the AADSTS numbers that users can get. Several: only a read of the application would show which number they
 * get. Empty: no sign-in error is known for this difference.
 */
export function signInErrors({ name, live, desired, application }: Difference): readonly number[] {
    const status = typeof live === "string" ? live : "";
    const rules: { readonly [Key in Name]?: () => readonly number[] } = {
        applicationStatus: () => [status === "disabled" ? 7000112 : 700016],
        applicationIdUri: () => [500011],
        accessAsUserScope: () => [650053],
        portalUrl: () => redirectErrors(status, application),
        additionalPortalUrls: () => [50011],
        certificate: () => [700027],
        servicePrincipal: () => principalErrors(status),
        grantedPermissions: () => [65001],
        signInAudience: () => (desired === "AzureADMultipleOrgs" ? [50194] : []),
    };
    return rules[name]?.() ?? [];
}

/** The counterpart of `signInErrors` for inputs of PortalTenantConsent. */
export function consentErrors(name: keyof ConsentInputs, live: unknown): readonly number[] {
    const status = typeof live === "string" ? live : "";
    const rules: { readonly [Key in keyof ConsentInputs]?: () => readonly number[] } = {
        status: () => [status.includes(`AADSTS${UNKNOWN_TENANT}`) ? UNKNOWN_TENANT : 50020],
        servicePrincipal: () => principalErrors(status),
        grantedPermissions: () => [65001],
    };
    return rules[name]?.() ?? [];
}

/** The AADSTS number that the token service returns if the tenant does not exist in the cloud. */
export const UNKNOWN_TENANT = 90002;

function principalErrors(status: string): readonly number[] {
    const codes: Readonly<Record<string, number>> = {
        missing: 700016,
        disabled: 7000112,
        [ASSIGNMENT_REQUIRED]: 50105,
    };
    const code = codes[status];
    return code === undefined ? [] : [code];
}

function redirectErrors(status: string, application: Difference["application"]): readonly number[] {
    // If the redirect URI is on another platform, sign-in starts, but Entra refuses to exchange the authorization
    // code of the page for a token.
    if (status.startsWith("registered as")) return [9002326];
    if (application === "unknown") return [50011, 500113];
    const { spa, web, publicClient } = application ?? {};
    const hasOther = [spa, web, publicClient].some((platform) => (platform?.redirectUris.length ?? 0) > 0);
    return [hasOther ? 50011 : 500113];
}

export const UP = "run pulumi up, which repairs it";

/** The parts of a portal's state on which a remedy depends. */
export type RemedyFacts = Pick<PortalState, "managed" | "desired" | "adminConsent" | "consentUrl">;

export function remedyFor({ name, live }: Difference, state: RemedyFacts): string {
    const { desired, adminConsent, consentUrl } = state;
    const part = name === "additionalPortalUrls" ? "portalUrl" : name;
    // `pulumi up` never repairs a part in `leaveAlone`. But for `applicationStatus` this means only that a disabled
    // application stays disabled.
    if (desired.leaveAlone?.includes(part) === true && (part !== "applicationStatus" || live === "disabled"))
        return `remove ${part} from leaveAlone and run pulumi up, or ask the owner of the application to repair it`;
    if (name === "grantedPermissions" && !adminConsent) {
        return `ask an administrator to consent at ${consentUrl}, or set adminConsent: true and run pulumi up`;
    }
    // With `registerCertificate: false`, `pulumi up` does not register the certificate.
    if (name === "certificate" && (desired as Partial<typeof desired>).registerCertificate === false)
        return "upload the certificate to the application (Certificates & secrets), or leave registerCertificate out of the program and run pulumi up";
    if (name === "signInAudience" && desired.signInAudience === undefined)
        return "set signInAudience in the program and run pulumi up";
    return name !== "applicationStatus" || live === "disabled" ? UP : absentRemedy(live, state);
}

function absentRemedy(live: unknown, { managed, desired }: RemedyFacts): string {
    if (live === "missing")
        return managed.created
            ? "run pulumi up --refresh, which registers a new application; then enter the new Application ID in VB365"
            : "use another applicationId, or register a new application with displayName";
    return managed.created || desired.restoreDeleted ? UP : "set restoreDeleted: true and run pulumi up";
}
