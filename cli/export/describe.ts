// Describes an existing application as the inputs of a portal that adopts it. The provider's own plan decides which
// parts to leave alone, so that the first deployment writes only a tag. Pure.
import type { Live } from "../../provider/entra/live";
import { portOf } from "../../provider/inputs/portalUrl";
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import { completeInputs } from "../../provider/portal/rules/checkInputs";
import { LEAVABLE_PARTS, type LeavablePart } from "../../provider/portal/rules/inputs";
import { findScope } from "../../provider/portal/rules/live";
import { plan } from "../../provider/portal/rules/plan";
import { initialManaged } from "../../provider/portal/rules/registration";
import { portalAddresses } from "../init/candidates";
import type { PortalSettings } from "../project/settings";

export interface Described {
    readonly region: string;
    readonly tenantId: string;
    readonly portalUrl: string;
}

/**
 * Chooses the web address of the portal among the redirect URIs of the single-page application platform: first an
 * address with the default port, then an address with any other port except 443. If this platform has neither, uses
 * the origin of a redirect URI of another platform. That redirect URI must contain a port.
 */
export function portalUrlOf({ application: { spa, web, publicClient } }: Live): string | undefined {
    const own = portalAddresses(spa.redirectUris);
    const elsewhere = [...web.redirectUris, ...publicClient.redirectUris].map((uri) =>
        URL.canParse(uri) ? new URL(uri).origin : "",
    );
    const withPort = portalAddresses(elsewhere.filter((origin) => /:\d+$/.test(origin)));
    return own.find((url) => portOf(url) === DEFAULT_PORT) ?? own.find((url) => portOf(url) !== 443) ?? withPort[0];
}

/** The default port of VB365's REST API. An administrator may have set another port. */
const DEFAULT_PORT = 4443;

export function describe(live: Live, { region, tenantId, portalUrl }: Described, now: Date): PortalSettings {
    const { application, servicePrincipal, grants } = live;
    const port = portOf(portalUrl);
    const others = portalAddresses(application.spa.redirectUris).filter(
        (url) => url !== portalUrl && portOf(url) === port,
    );
    const audience = AUDIENCES.find((one) => one === application.signInAudience);
    const reference = application.serviceManagementReference ?? "";
    const described: PortalSettings = {
        region,
        tenantId,
        applicationId: application.appId,
        portalUrl,
        ...(port === DEFAULT_PORT ? {} : { restApiPort: port }),
        ...(others.length === 0 ? {} : { additionalPortalUrls: others }),
        ...(audience === undefined ? {} : { signInAudience: audience }),
        ...(servicePrincipal?.appRoleAssignmentRequired === true ? { servicePrincipal: ASSIGNMENT_REQUIRED } : {}),
        ...(reference === "" ? {} : { serviceManagementReference: reference }),
        adminConsent: grants !== undefined,
    };
    return untilUnchanged(described, live, now);
}

const AUDIENCES = ["AzureADMyOrg", "AzureADMultipleOrgs"];

/**
 * Leaves more parts alone, and turns `adminConsent` off if needed, until the plan of the first deployment changes only
 * tags.
 */
function untilUnchanged(settings: PortalSettings, live: Live, now: Date): PortalSettings {
    const changes = changesOf(settings, live, now);
    if (changes.length === 0) return settings;
    const left = settings.leaveAlone ?? [];
    const parts = LEAVABLE_PARTS.filter((part) => !left.includes(part) && changes.some((name) => isOf(part, name)));
    const mustNotConsent = settings.adminConsent === true && changes.some((name) => name.startsWith("grantedPerm"));
    if (parts.length === 0 && !mustNotConsent) {
        throw new Error(
            `describing application ${live.application.appId}: no configuration leaves its ${changes.join(", ")} unchanged; to adopt the application and change it, use init`,
        );
    }
    const leaveAlone = LEAVABLE_PARTS.filter((part) => left.includes(part) || parts.includes(part));
    const { servicePrincipal, ...rest } = settings;
    const kept = leaveAlone.includes("servicePrincipal") || servicePrincipal === undefined ? {} : { servicePrincipal };
    const next = { ...rest, ...kept, ...(mustNotConsent ? { adminConsent: false } : {}) };
    return untilUnchanged({ ...next, ...(leaveAlone.length === 0 ? {} : { leaveAlone }) }, live, now);
}

/** Returns the names of all changes that the first deployment makes, except for tags. */
function changesOf(settings: PortalSettings, live: Live, now: Date): string[] {
    const inputs = completeInputs({ identity: "export", ...settings }, {});
    const managed = initialManaged(inputs, findScope(live.application)?.id);
    const { changes } = plan(inputs, { live, managed, before: undefined, retiring: [], now });
    return changes.filter((name) => !name.startsWith("tags/"));
}

function isOf(part: LeavablePart, change: string): boolean {
    const [name = ""] = change.split("/");
    return part === { isDisabled: "applicationStatus", redirectUris: "portalUrl" }[name] || part === name;
}
