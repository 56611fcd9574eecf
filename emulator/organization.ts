// Handles Graph's routes for the tenant's organization and domains.
// https://learn.microsoft.com/graph/api/organization-list
import type { Answer, GraphCall } from "./context";
import { notFound } from "./graphError";
import { entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayReadDomains, assertMayReadOrganization } from "./permissions";
import type { Tenant } from "./tenant";

/** The name of every tenant's organization. */
export const ORGANIZATION_NAME = "Contoso";

/** The values that Graph returns for properties that no client has set. */
const UNSET = {
    deletedDateTime: null,
    assignedPlans: [],
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: null,
    createdDateTime: null,
    defaultUsageLocation: null,
    isMultipleDataLocationsForServicesEnabled: null,
    marketingNotificationEmails: [],
    mobileDeviceManagementAuthority: "unknown",
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: null,
    partnerTenantType: null,
    postalCode: null,
    preferredLanguage: "en",
    privacyProfile: null,
    provisionedPlans: [],
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: [],
};

function shownOrganization({ tenantId, verifiedDomains }: Tenant): object {
    const domains = verifiedDomains.map((name, index) => ({
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: index === 0,
        isInitial: name.endsWith(".onmicrosoft.com"),
        name,
        type: "Managed",
    }));
    return { ...UNSET, id: tenantId, displayName: ORGANIZATION_NAME, tenantType: "AAD", verifiedDomains: domains };
}

const ORGANIZATION: Kind = { set: "organization", type: "organization" };

export function listOrganization(call: GraphCall): Answer {
    assertMayReadOrganization(call);
    return listAnswer(call, ORGANIZATION, { path: "/organization", objects: [shownOrganization(call.tenant)] });
}

export function getOrganization(call: GraphCall): Answer {
    assertMayReadOrganization(call);
    const id = call.params["organization"] ?? "";
    if (id.toLowerCase() !== call.tenant.tenantId) throw notFound(id);
    return entityAnswer(call, ORGANIZATION, shownOrganization(call.tenant));
}

const DOMAIN: Kind = { set: "domains", type: "domain" };

function domainsOf({ tenant }: GraphCall): { readonly id: string }[] {
    return tenant.verifiedDomains.map((id, index) => ({
        authenticationType: "Managed",
        availabilityStatus: null,
        id,
        isAdminManaged: true,
        isDefault: index === 0,
        isInitial: id.endsWith(".onmicrosoft.com"),
        isRoot: true,
        isVerified: true,
        supportedServices: ["Email", "OfficeCommunicationsOnline"],
        passwordValidityPeriodInDays: null,
        passwordNotificationWindowInDays: null,
        state: null,
    }));
}

export function listDomains(call: GraphCall): Answer {
    assertMayReadDomains(call);
    return listAnswer(call, DOMAIN, { path: "/domains", objects: domainsOf(call) });
}

export function getDomain(call: GraphCall): Answer {
    assertMayReadDomains(call);
    const name = call.params["domain"] ?? "";
    const found = domainsOf(call).find(({ id }) => id === name.toLowerCase());
    if (!found) throw notFound(name);
    return entityAnswer(call, DOMAIN, found);
}
