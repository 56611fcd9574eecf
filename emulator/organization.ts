// Answers Graph's request for the tenant itself. https://learn.microsoft.com/graph/api/organization-list
import type { Answer, GraphCall } from "./context";
import { notFound } from "./graphError";
import { entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayReadApplications, assertMayReadDomains } from "./permissions";
import type { Tenant } from "./tenant";

/** The name of every tenant's organization. */
export const ORGANIZATION_NAME = "Contoso";

function shownOrganization({ tenantId, verifiedDomains }: Tenant): object {
    const domains = verifiedDomains.map((name, index) => ({
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: index === 0,
        isInitial: name.endsWith(".onmicrosoft.com"),
        name,
        type: "Managed",
    }));
    return { id: tenantId, displayName: ORGANIZATION_NAME, tenantType: "AAD", verifiedDomains: domains };
}

const ORGANIZATION: Kind = { set: "organization", type: "organization" };

export function getOrganization(call: GraphCall): Answer {
    assertMayReadApplications(call);
    return listAnswer(call, ORGANIZATION, { path: "/organization", objects: [shownOrganization(call.tenant)] });
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
