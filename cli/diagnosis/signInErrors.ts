// Maps an input of RestorePortalApp that differs in Entra to the sign-in error that users get, and to its remedy. Pure.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import type { RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import type { LiveApplication } from "../../provider/entra/live";
import type { PortalState } from "../../provider/portal/rules/state";

type Name = keyof RestorePortalAppInputs;

/** An input whose live value differs from its desired value. */
export interface Difference {
    readonly name: Name;
    readonly live: unknown;
    readonly desired: unknown;
    /** `undefined`: the application does not exist. */
    readonly application: LiveApplication | undefined;
}

/** Returns the number after "AADSTS", or `undefined` if users can still sign in. */
export function signInError({ name, live, desired, application }: Difference): number | undefined {
    const status = typeof live === "string" ? live : "";
    const rules: { readonly [Key in Name]?: () => number | undefined } = {
        applicationStatus: () => (status === "disabled" ? 7000112 : 700016),
        applicationIdUri: () => 500011,
        accessAsUserScope: () => 650053,
        portalUrl: () => redirectError(status, application),
        additionalPortalUrls: () => 50011,
        certificate: () => 700027,
        servicePrincipal: () =>
            (({ missing: 700016, disabled: 7000112, "assignment required": 50105 }) as Record<string, number>)[status],
        grantedPermissions: () => 65001,
        signInAudience: () => (desired === "AzureADMultipleOrgs" ? 50194 : undefined),
    };
    return rules[name]?.();
}

function redirectError(status: string, application: LiveApplication | undefined): number {
    // Sign-in starts on another platform too, but Entra does not let the page redeem the code.
    if (status.startsWith("registered as")) return 9002326;
    const { spa, web, publicClient } = application ?? {};
    const hasOther = [spa, web, publicClient].some((platform) => (platform?.redirectUris.length ?? 0) > 0);
    return hasOther ? 50011 : 500113;
}

const UP = "run pulumi up, which repairs it";

export function remedyFor({ name, live }: Difference, { managed, adminConsent, consentUrl }: PortalState): string {
    if (name === "grantedPermissions" && !adminConsent) {
        return `ask an administrator to consent at ${consentUrl}, or set adminConsent: true and run pulumi up`;
    }
    if (name !== "applicationStatus" || live === "disabled") return UP;
    if (live === "missing") return "use another applicationId, or register a new application with displayName";
    return managed.created ? UP : "set restoreDeleted: true and run pulumi up";
}
