// Checks which changes of inputs replace the application of a portal, and which update it.
import { UNKNOWN } from "../../../provider/inputs/rawInputs";
import { replacedBy } from "../../../provider/portal/rules/replacement";
import type { PortalState } from "../../../provider/portal/rules/state";

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const OTHER_ID = "11111111-1111-4111-8111-111111111111";
const TENANT_ID = "22222222-2222-4222-8222-222222222222";

function stateOf(kind: "registered" | "adopted"): PortalState {
    const managed = { created: kind === "registered" };
    const desired = { tenantId: "contoso.com" };
    return {
        region: "Worldwide",
        tenantId: TENANT_ID,
        applicationId: APP_ID,
        managed,
        desired,
    } as unknown as PortalState;
}

type Row = readonly [what: string, kind: "registered" | "adopted", news: Record<string, unknown>, replaces: string[]];

const ADOPTED = { region: "Worldwide", tenantId: TENANT_ID, applicationId: APP_ID };
const REGISTERED = { region: "Worldwide", tenantId: TENANT_ID, displayName: "Restore Portal" };

const ROWS: readonly Row[] = [
    ["nothing, of a registered application", "registered", REGISTERED, []],
    ["nothing, of an adopted application", "adopted", ADOPTED, []],
    ["another display name", "registered", { ...REGISTERED, displayName: "Other" }, []],
    ["another region", "adopted", { ...ADOPTED, region: "China" }, ["region"]],
    ["no region, which keeps the old one", "adopted", { ...ADOPTED, region: undefined }, []],
    ["another tenant", "registered", { ...REGISTERED, tenantId: OTHER_ID }, ["tenantId"]],
    ["the domain of the last deployment", "registered", { ...REGISTERED, tenantId: "contoso.com" }, []],
    ["no tenant, which keeps the old one", "registered", { ...REGISTERED, tenantId: undefined }, []],
    ["a tenant that is not known yet", "registered", { ...REGISTERED, tenantId: UNKNOWN }, []],
    ["another application", "adopted", { ...ADOPTED, applicationId: OTHER_ID }, ["applicationId"]],
    ["an application that is not known yet", "adopted", { ...ADOPTED, applicationId: UNKNOWN }, []],
    ["from a display name to the id of that application: gives up ownership", "registered", ADOPTED, []],
    [
        "from a display name to another application",
        "registered",
        { ...ADOPTED, applicationId: OTHER_ID },
        ["applicationId"],
    ],
    ["from an adopted application to a display name: registers a new one", "adopted", REGISTERED, ["applicationId"]],
    [
        "region, tenant and application at once",
        "adopted",
        { region: "China", tenantId: OTHER_ID, applicationId: OTHER_ID },
        ["region", "tenantId", "applicationId"],
    ],
];

test.each(ROWS)("%s", (_what, kind, news, replaces) => {
    expect(replacedBy(stateOf(kind), news)).toEqual(replaces);
});
