// What a user meets where an input of RestorePortalApp is not as it should be, and what puts it right. Pure.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
import type { RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import type { LiveApplication } from "../../provider/entra/live";
import type { PortalState } from "../../provider/portal/rules/state";

type Name = keyof RestorePortalAppInputs;

/** One input that is not as it should be. */
export interface Difference {
    readonly name: Name;
    readonly live: unknown;
    readonly wanted: unknown;
    /** `undefined`: there is none. */
    readonly application: LiveApplication | undefined;
}

/** The number behind AADSTS; `undefined`: users sign in all the same. */
export function signInError({ name, live, wanted, application }: Difference): number | undefined {
    const found = typeof live === "string" ? live : "";
    const rules: { readonly [Key in Name]?: () => number | undefined } = {
        applicationStatus: () => (found === "disabled" ? 7000112 : 700016),
        applicationIdUri: () => 500011,
        accessAsUserScope: () => 650053,
        portalUrl: () => redirectError(found, application),
        additionalPortalUrls: () => 50011,
        certificate: () => 700027,
        servicePrincipal: () =>
            (({ missing: 700016, disabled: 7000112, "assignment required": 50105 }) as Record<string, number>)[found],
        grantedPermissions: () => 65001,
        signInAudience: () => (wanted === "AzureADMultipleOrgs" ? 50194 : undefined),
    };
    return rules[name]?.();
}

function redirectError(found: string, application: LiveApplication | undefined): number {
    // Sign-in begins on another platform too; only the page cannot redeem the code there.
    if (found.startsWith("registered as")) return 9002326;
    const { spa, web, publicClient } = application ?? {};
    const hasOther = [spa, web, publicClient].some((platform) => (platform?.redirectUris.length ?? 0) > 0);
    return hasOther ? 50011 : 500113;
}

const UP = "run pulumi up, which puts it right";

export function remedyFor({ name, live }: Difference, { managed, adminConsent, consentUrl }: PortalState): string {
    if (name === "grantedPermissions" && !adminConsent) {
        return `have an administrator consent at ${consentUrl}, or set adminConsent to true and run pulumi up`;
    }
    if (name !== "applicationStatus" || live === "disabled") return UP;
    if (live === "missing") return "give another applicationId, or register a new application by displayName";
    return managed.created ? UP : "set restoreDeleted to true and run pulumi up";
}
