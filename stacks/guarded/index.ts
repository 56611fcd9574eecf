// Deploys a Restore Portal that only restore operators can open. The portal's application requires assignment, and a
// group of restore operators is assigned to it. An optional conditional access policy adds conditions for their
// sign-in.
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate, RestorePortalApp } from "pulumi-restore-portal";

interface ConditionalAccess {
    /** Default: report-only, because an enforced policy could lock all operators out on the first deployment. */
    readonly state?: "enabledForReportingButNotEnforced" | "enabled" | "disabled";
    /** Id of an authentication strength. Default: multifactor authentication. */
    readonly authenticationStrength?: string;
    /** Number of hours after which an operator must sign in again. Default: Entra's default. */
    readonly signInFrequencyHours?: number;
    /** CIDR ranges. The policy does not apply to sign-ins from these networks. */
    readonly trustedNetworks?: readonly string[];
    /** Object ids of groups that the policy excludes, such as the group of the emergency access accounts. */
    readonly excludedGroups?: readonly string[];
}

/** Entra's id for an assignment without an app role ("Default access"). */
const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

const config = new pulumi.Config();
const applicationId = config.get("applicationId");
const displayName = config.get("displayName") ?? "Restore Portal";
const conditionalAccess = config.getObject<ConditionalAccess>("conditionalAccess");

const certificate = new PortalCertificate("certificate", { source: { generate: { name: displayName } } });
const portal = new RestorePortalApp("portal", {
    ...(applicationId === undefined ? { displayName } : { applicationId }),
    certificate: certificate.certificate,
    portalUrl: config.require("portalUrl"),
    servicePrincipal: "assignment required",
});

/** Returns the object id of the operators' group: an existing group, or a new one that the deploying identity owns. */
function operatorsGroup(): pulumi.Output<string> {
    const existing = config.get("operatorsGroupId");
    if (existing !== undefined) return pulumi.output(existing);
    const me = azuread.getClientConfigOutput();
    const group = new azuread.Group(
        "operators",
        {
            displayName: config.get("operatorsGroupName") ?? `${displayName} operators`,
            description: `Members may open ${displayName} as restore operators`,
            securityEnabled: true,
            preventDuplicateNames: true,
            owners: [me.objectId],
        },
        // Administrators add members in Entra, so the program leaves the members alone.
        { ignoreChanges: ["members"] },
    );
    return group.objectId;
}

const operators = operatorsGroup();
new azuread.AppRoleAssignment("operators", {
    appRoleId: DEFAULT_ACCESS,
    principalObjectId: operators,
    resourceObjectId: portal.servicePrincipalId,
});

function createPolicy(settings: ConditionalAccess): azuread.ConditionalAccessPolicy {
    const networks = settings.trustedNetworks ?? [];
    const trusted =
        networks.length === 0
            ? undefined
            : new azuread.NamedLocation("trusted", {
                  displayName: `${displayName}: trusted networks`,
                  ip: { ipRanges: [...networks], trusted: true },
              });
    return new azuread.ConditionalAccessPolicy("operators", {
        displayName: `${displayName}: restore operators`,
        state: settings.state ?? "enabledForReportingButNotEnforced",
        conditions: {
            applications: { includedApplications: [portal.applicationId] },
            clientAppTypes: ["all"],
            users: { includedGroups: [operators], excludedGroups: [...(settings.excludedGroups ?? [])] },
            ...(trusted && { locations: { includedLocations: ["All"], excludedLocations: [trusted.objectId] } }),
        },
        grantControls: {
            operator: "OR",
            ...(settings.authenticationStrength === undefined
                ? { builtInControls: ["mfa"] }
                : { authenticationStrengthPolicyId: settings.authenticationStrength }),
        },
        ...(settings.signInFrequencyHours !== undefined && {
            sessionControls: { signInFrequency: settings.signInFrequencyHours, signInFrequencyPeriod: "hours" },
        }),
    });
}

const policy = conditionalAccess && createPolicy(conditionalAccess);

export const applicationIdOfPortal = portal.applicationId;
export const tenantId = portal.tenantId;
export const operatorsGroupId = operators;
export const conditionalAccessPolicy = policy?.displayName;
/** The PFX in base64, for VB365. `npx pulumi-restore-portal handover` writes the PFX to a file. */
export const pfx = certificate.pfx;
export const pfxPassword = certificate.pfxPassword;
