// Checks the rules for `keyCredentials`: how Entra shows, keeps, adds and refuses certificates of an application.
import { issueCertificates } from "../support/tenant/certificates";
import { expectRefusal as refused, type RefusedRequest } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let app: Application;
let certificates: string[];

beforeAll(async () => {
    tenant = await TestTenant.start();
    certificates = await issueCertificates(2);
});
afterAll(() => tenant.close());
beforeEach(async () => {
    app = await tenant.graph<Application>("POST", "/applications", { displayName: "Subject" });
});

const self = () => `/applications/${app.id}`;
const expectRefusal = (...request: RefusedRequest) => refused(tenant, ...request);

describe("keyCredentials", () => {
    const add = (key: string | undefined, more: object = {}) => ({
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key,
        ...more,
    });

    beforeEach(async () => {
        await tenant.graph("PATCH", self(), { keyCredentials: [add(certificates[0])] });
    });

    test("include their bytes only in a GET of one object that selects them", async () => {
        const [shown] = (await tenant.application(app.appId)).keyCredentials;
        expect(shown).toMatchObject({
            key: null,
            customKeyIdentifier: expect.stringMatching(/^[0-9A-F]{40}$/) as string,
        });
        const selected = await tenant.graph<Application>("GET", `${self()}?$select=keyCredentials`);
        expect(selected.keyCredentials[0]?.["key"]).toBe(certificates[0]);
    });

    test("are kept if they are sent unchanged, and removed if they are not sent", async () => {
        const [kept] = (await tenant.application(app.appId)).keyCredentials;
        await tenant.graph("PATCH", self(), { keyCredentials: [kept, add(certificates[1])] });
        expect((await tenant.application(app.appId)).keyCredentials).toHaveLength(2);
        await tenant.graph("PATCH", self(), { keyCredentials: [kept] });
        expect((await tenant.application(app.appId)).keyCredentials).toEqual([kept]);
    });

    test.each([
        ["a rounded date", { endDateTime: "2026-01-01T00:00:00.000Z" }],
        ["another name", { displayName: "renamed" }],
        ["a dropped identifier", { customKeyIdentifier: undefined }],
    ])("cannot be edited: %s is refused", async (_name, change) => {
        const [kept] = (await tenant.application(app.appId)).keyCredentials;
        await expectRefusal(
            "PATCH",
            self(),
            { keyCredentials: [{ ...kept, ...change }] },
            400,
            "Request_BadRequest",
            /KeyId .* is not allowed/,
        );
    });

    test.each([
        ["ends after its certificate", { endDateTime: "2099-01-01T00:00:00Z" }, "KeyCredentialsInvalidEndDate"],
        ["begins before its certificate", { startDateTime: "2000-01-01T00:00:00Z" }, "KeyCredentialsInvalidStartDate"],
        ["is for another use", { usage: "Encrypt" }, "Request_BadRequest"],
    ])("one that %s is refused", async (_name, more, code) => {
        const [kept] = (await tenant.application(app.appId)).keyCredentials;
        await expectRefusal("PATCH", self(), { keyCredentials: [kept, add(certificates[1], more)] }, 400, code);
    });

    test("are accepted as base64 of PEM text too", async () => {
        const pem = `-----BEGIN CERTIFICATE-----\n${certificates[1]!.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
        await tenant.graph("PATCH", self(), { keyCredentials: [add(Buffer.from(pem).toString("base64"))] });
        const selected = await tenant.graph<Application>("GET", `${self()}?$select=keyCredentials`);
        expect(selected.keyCredentials[0]?.["key"]).toBe(certificates[1]);
    });
});
