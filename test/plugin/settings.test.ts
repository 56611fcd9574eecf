// Checks the settings of a provider of the native plugin: which are refused, and that a secret setting stays secret.
import { configFailures, settingsOf } from "../../plugin/config";
import { Resource } from "../../plugin/resource";
import { decode } from "../../plugin/values";
import { secret, urnOf } from "../support/plugin/pluginProcess";

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const TENANT_ID = "7c0fbc0c-97bd-4804-ba69-bf1ed293e017";
const PORTAL_URL = "https://portal.abc.com:4443";

const failuresOf = (settings: Record<string, unknown>) => configFailures(decode(settings));

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));

test("a setting that is null is not set", () => {
    expect(failuresOf({ region: null, tenantId: null, credentials: null })).toEqual([]);
    expect(settingsOf(decode({ region: null, tenantId: TENANT_ID })).values).toEqual({ tenantId: TENANT_ID });
});

test.each(["region", "tenantId", "credentials", "clientSecret"])("a refused secret %s is not shown", (name) => {
    const [failure] = failuresOf({ [name]: secret("S3cret~Value!") });
    expect(failure?.property).toBe("");
    expect(failure?.reason).toMatch(new RegExp(`^${name}: (must be|is not an input)`));
    expect(JSON.stringify(failure)).not.toMatch(/s3cret/i);
});

test("a refused setting cannot steer a terminal or a pipeline", () => {
    const [failure] = failuresOf({ region: "x\u009b\u202e##vso[task.x]y" });
    expect(failure).toEqual({
        property: "",
        reason: expect.stringContaining('got "x\\u009b\\u202e# #vso[task.x]y"') as string,
    });
});

test("a secret setting stays secret in the inputs of each resource that it fills", async () => {
    const settings = settingsOf(decode({ tenantId: secret(TENANT_ID), region: "Worldwide" }));
    const checked = async (type: string, news: Record<string, unknown>) =>
        (await new Resource(`restore-portal:index:${type}`, urnOf(type, "x"), settings).check(decode(), decode(news)))
            .inputs;
    const portal = { applicationId: APP_ID, portalUrl: PORTAL_URL };
    expect(await checked("RestorePortalApp", portal)).toMatchObject({
        tenantId: secret(TENANT_ID),
        region: "Worldwide",
    });
    expect(await checked("PortalTenantConsent", { applicationId: APP_ID })).toMatchObject({
        tenantId: secret(TENANT_ID),
    });
    expect(await checked("RestorePortalApp", { ...portal, tenantId: APP_ID })).toMatchObject({ tenantId: APP_ID });
});
