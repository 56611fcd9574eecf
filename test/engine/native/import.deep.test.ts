// Imports what `pulumi import` must refuse. languageLife.ts imports an application.
import { randomUUID } from "node:crypto";

import { ServiceProvider } from "../../support/consent/customers";
import { useLanguage } from "../../support/engine/languages";
import { Workspace } from "../../support/engine/workspace";
import { consentByHand } from "../../support/tenant/portalByHand";
import type { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(600_000);

let provider: ServiceProvider;
let home: TestTenant;
let customer: TestTenant;
let workspace: Workspace;
let consented: string;
const [PORTAL, CONSENT, CERTIFICATE, SERVER] = (
    ["RestorePortalApp", "PortalTenantConsent", "PortalCertificate", "PortalServer"] as const
).map((name) => `restore-portal:index:${name}`) as [string, string, string, string];

beforeAll(async () => {
    provider = await ServiceProvider.start(1);
    ({ home } = provider);
    customer = provider.customer();
    consented = provider.app.appId;
    await consentByHand(customer, consented);
    workspace = new Workspace({ env: home.env, face: "native" });
    useLanguage(workspace, "yaml");
    workspace.write("Main.yaml", "{}");
    await workspace.init();
});
afterAll(async () => {
    workspace.remove();
    await provider.close();
});

const imported = (type: string, name: string, id: string, ...more: string[]) =>
    workspace.pulumi(["import", type, name, id, "--yes", "--skip-preview", "--protect=false", ...more]);

describe("an import is refused, with the way out, and state stays as it was:", () => {
    const rows: [what: string, type: string, id: () => string, reason: RegExp][] = [
        ["an id that is no GUID", PORTAL, () => "portal", /"portal" is not a GUID; give the Application \(client\) ID/],
        ["an application that does not exist", PORTAL, randomUUID, /has no application with the id/],
        [
            "a certificate, whose key is secret",
            CERTIFICATE,
            () => "x",
            /give the argument source\.pfx or source\.store/,
        ],
        ["a server", SERVER, () => "x", /declare it with portalUrl and applicationId/],
        ["a consent without a tenant", CONSENT, () => consented, /the id must be <tenant>\/<Application ID>, got/],
        ["a consent in no tenant", CONSENT, () => `${randomUUID()}/${consented}`, /does not know this tenant/],
        [
            "a consent of an unknown application",
            CONSENT,
            () => `${customer.tenantId}/${randomUUID()}`,
            /has no service principal, so there is no consent/,
        ],
    ];
    test.each(rows)("%s", async (_what, type, id, reason) => {
        home.clearLog();
        const { code, output } = await imported(type, "refused", id(), "--generate-code=false");
        expect(code).not.toBe(0);
        expect(output.replace(/\s+/g, " ")).toMatch(reason);
        expect(home.writes()).toEqual([]);
        expect(JSON.stringify(await workspace.exportState())).not.toContain("::refused");
    });
});
