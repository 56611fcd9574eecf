// Checks every resource that the program stacks/guarded registers for a portal that only restore operators can open.
import golden from "../golden/stacks/guarded.json";
import { sayMocks } from "../support/stacks/azureadPlugin";
import { resourceGraph } from "../support/stacks/resourceGraph";

sayMocks("stacks/guarded");

const portalUrl = "https://portal.abc.com:4443";
const guarded = (config: Record<string, unknown>) =>
    resourceGraph("guarded", "restore-portal-guarded", { portalUrl, ...config });

const CONDITIONAL_ACCESS = {
    authenticationStrength: "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004",
    signInFrequencyHours: 8,
    trustedNetworks: ["192.0.2.0/24"],
    excludedGroups: ["55555555-5555-4555-8555-555555555555"],
};

test("every resource with its inputs is as in the golden file", async () => {
    expect(await guarded({ conditionalAccess: CONDITIONAL_ACCESS })).toEqual(golden);
});

test("without conditional access there are the portal, the group and its assignment", async () => {
    const { resources } = await guarded({});
    expect(resources.map(({ type }) => type.split(":").at(-1))).toEqual([
        "AppRoleAssignment",
        "Group",
        "PortalCertificate",
        "RestorePortalApp",
    ]);
});

test("an existing group and an existing application are used", async () => {
    const [operatorsGroupId, applicationId] = ["<group>", "66666666-6666-4666-8666-666666666666"];
    const { resources, outputs } = await guarded({ operatorsGroupId, applicationId });
    expect(resources.some(({ type }) => /group$/i.test(type))).toBe(false);
    expect(resources.find(({ type }) => /RestorePortalApp$/.test(type))?.inputs).toMatchObject({ applicationId });
    expect(outputs["operatorsGroupId"]).toBe(operatorsGroupId);
});

test("a policy without settings is report-only and asks for multifactor authentication", async () => {
    const { resources } = await guarded({ conditionalAccess: {} });
    expect(resources.find(({ type }) => /conditionalAccessPolicy$/i.test(type))?.inputs).toMatchObject({
        state: "enabledForReportingButNotEnforced",
        grantControls: { operator: "OR", builtInControls: ["mfa"] },
    });
});
