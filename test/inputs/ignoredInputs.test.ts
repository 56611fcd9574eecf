// Checks that `check` keeps the values that the engine passes for `ignoreChanges`. ignoredInputs.deep.test.ts tests
// whole deployments of a portal.
import { portalCertificate, portalTenantConsent, restorePortalApp } from "../../provider/host";
import { ignoring } from "../support/hooks/ignoring";
import { certificateInput } from "../support/hooks/operations";

type Json = Record<string, unknown>;
type Hooks = { check: (olds: Json, news: Json) => Promise<{ inputs: Json; failures: unknown[] }> };
const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const portalUrl = "https://portal.abc.com:4443";

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));

async function expectIgnored(hooks: unknown, program: Json, name: string, live: unknown): Promise<void> {
    const { check } = hooks as Hooks;
    const { inputs } = await check({}, program);
    const olds = { ...inputs, [name]: live };
    const given = { __given: { secret: [], ignored: [name], extra: [] } };
    const { inputs: next, failures } = await check(olds, { ...ignoring(program, olds, [name]), ...given });
    expect(failures).toEqual([]);
    expect(next[name]).toEqual(live);
}

describe("an ignored input keeps its live value:", () => {
    const adopted = { identity: "p/s//n", portalUrl, applicationId: APP_ID };
    const consent = { identity: "p/s//n", applicationId: APP_ID, tenantId: APP_ID };
    const generated = { source: { generate: { name: "Portal" } } };
    const rows: [name: string, hooks: unknown, program: Json, live: unknown][] = [
        ["grantedPermissions", restorePortalApp, adopted, []],
        ["servicePrincipal", restorePortalApp, adopted, "enabled"],
        ["applicationStatus", restorePortalApp, adopted, "disabled"],
        ["applicationIdUri", restorePortalApp, adopted, "missing"],
        ["accessAsUserScope", restorePortalApp, adopted, "disabled"],
        ["requiredPermissions", restorePortalApp, adopted, ["User.Read"]],
        ["portalUrl", restorePortalApp, adopted, "not registered"],
        [
            "additionalPortalUrls",
            restorePortalApp,
            { ...adopted, additionalPortalUrls: ["https://a.abc.com:4443"] },
            [],
        ],
        ["servicePrincipal", portalTenantConsent, consent, "enabled"],
        ["servicePrincipal", portalTenantConsent, consent, "missing"],
        ["grantedPermissions", portalTenantConsent, consent, ["User.Read"]],
        ["status", portalTenantConsent, consent, "not readable: 503"],
        ["status", portalCertificate, generated, "due for renewal: ends 2027-01-02"],
    ];
    test.each(rows)("%s", (name, hooks, program, live) => expectIgnored(hooks, program, name, live));

    test("implicitGrant", async () => {
        const program = {
            identity: "p/s//n",
            portalUrl,
            displayName: "Portal",
            certificate: await certificateInput("c"),
        };
        await expectIgnored(restorePortalApp, program, "implicitGrant", true);
    });
});

test("a certificate whose renewal is ignored is not renewed by another change", async () => {
    const hooks = portalCertificate as unknown as Hooks & {
        create(inputs: Json): Promise<{ id: string; outs: Json }>;
        update(id: string, olds: Json, news: Json): Promise<{ outs: Json }>;
    };
    const program = { source: { generate: { name: "Portal", validDays: 30, renewBeforeDays: 29 } } };
    const { inputs } = await hooks.check({}, program);
    const { id, outs } = await hooks.create(inputs);
    const due = { generate: { name: "Portal", keySize: 2048, validDays: 1000, renewBeforeDays: 999 } };
    const olds = { ...inputs, source: due, status: "due for renewal: ends 2027-01-02" };
    const next = await hooks.check(olds, {
        ...ignoring(program, olds, ["status", "source"]),
        pfxEncryption: "AES256-SHA256",
    });
    const after = await hooks.update(id, { ...outs, ...olds }, next.inputs);
    expect(after.outs["certificate"]).toEqual(outs["certificate"]);
});
