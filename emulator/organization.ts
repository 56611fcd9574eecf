// Answers Graph's request for the tenant itself. https://learn.microsoft.com/graph/api/organization-list
import type { Answer, GraphCall } from "./context";
import { assertKnownOptions, page, select } from "./odata";
import { assertMayReadApplications } from "./permissions";

export function getOrganization(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const { tenantId, verifiedDomains } = call.tenant;
    const domains = verifiedDomains.map((name, index) => ({
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: index === 0,
        isInitial: name.endsWith(".onmicrosoft.com"),
        name,
        type: "Managed",
    }));
    const organization = { id: tenantId, displayName: "Contoso", tenantType: "AAD", verifiedDomains: domains };
    return {
        status: 200,
        body: page(call, "organization", [select(call, organization, "organization")], "/organization"),
    };
}
