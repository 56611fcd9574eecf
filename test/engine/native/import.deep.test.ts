// Imports existing objects by `pulumi import`, and reads one by `get` in a YAML program. Neither may write to Entra. A
// preview of the program that Pulumi generates must show no change.
import { randomUUID } from "node:crypto";

import { ServiceProvider } from "../../support/consent/customers";
import { useLanguage } from "../../support/engine/languages";
import { expectSuccess, Workspace } from "../../support/engine/workspace";
import { ENTERPRISE, patchServicePrincipal } from "../../support/hooks/ownership";
import { consentByHand, portalByHand } from "../../support/tenant/portalByHand";
import { everythingOf, giveToDeployer, PORTAL_URL } from "../../support/tenant/portals";
import type { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(600_000);

let provider: ServiceProvider;
let home: TestTenant;
let customer: TestTenant;
let workspace: Workspace;
let portal: string;
let consented: string;
const [PORTAL, CONSENT, CERTIFICATE, SERVER] = (
    ["RestorePortalApp", "PortalTenantConsent", "PortalCertificate", "PortalServer"] as const
).map((name) => `restore-portal:index:${name}`) as [string, string, string, string];

beforeAll(async () => {
    provider = await ServiceProvider.start(1);
    ({ home } = provider);
    customer = provider.customer();
    portal = (await portalByHand(home)).appId;
    await giveToDeployer(home, (await home.application(portal)).id);
    await patchServicePrincipal(home, portal, { tags: [ENTERPRISE] });
    consented = provider.app.appId;
    await consentByHand(customer, consented);
    await patchServicePrincipal(customer, consented, { tags: [ENTERPRISE] });
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

/** Imports a resource, and writes the program that Pulumi generates for it into the workspace. */
async function importWithProgram(type: string, name: string, id: string): Promise<string> {
    expectSuccess(await imported(type, name, id, "--out", "generated.yaml"));
    const generated = workspace.read("generated.yaml");
    workspace.write("Main.yaml", generated);
    return generated;
}

test("an application: its program previews without a change, and nothing was written", async () => {
    const before = await everythingOf(home, portal);
    home.clearLog();
    const program = await importWithProgram(PORTAL, "portal", portal);
    expect(program).toContain(`applicationId: ${portal}`);
    expect(program).toContain(`portalUrl: ${PORTAL_URL}`);
    expectSuccess(await workspace.preview("--expect-no-changes", "--refresh=false"));
    await workspace.previewUnchanged();
    expect(home.writes()).toEqual([]);
    expect(await everythingOf(home, portal)).toEqual(before);
});

test("a consent in a customer's tenant: its program previews without a change, and a destroy leaves it", async () => {
    const before = await customer.grants(consented);
    expect(before).toHaveLength(2);
    home.clearLog();
    const program = await importWithProgram(CONSENT, "consent", `${customer.tenantId}/${consented}`);
    expect(program).toContain(`tenantId: ${customer.tenantId}`);
    expect(program).toContain(`applicationId: ${consented}`);
    expectSuccess(await workspace.preview("--expect-no-changes", "--target", "**::consent"));
    expect(home.writes()).toEqual([]);
    expectSuccess(await workspace.destroy());
    expect(await customer.grants(consented)).toEqual(before);
    expect((await home.application(portal)).spa.redirectUris).toEqual([PORTAL_URL]);
});

describe("an import is refused, with the way out, and state stays as it was:", () => {
    const rows: [what: string, type: string, id: () => string, reason: RegExp][] = [
        ["an id that is no GUID", PORTAL, () => "portal", /"portal" is not a GUID; give the Application \(client\) ID/],
        [
            "an application that does not exist",
            PORTAL,
            randomUUID,
            /has no application with the id .*; give the Application \(client\) ID/,
        ],
        [
            "a certificate, whose key is secret",
            CERTIFICATE,
            () => "x",
            /give the argument source\.pfx or source\.store/,
        ],
        ["a server", SERVER, () => "x", /declare the resource with portalUrl and applicationId/],
        ["a consent without a tenant", CONSENT, () => consented, /the id must be <tenant>\/<Application ID>, got/],
        ["a consent in no tenant", CONSENT, () => `${randomUUID()}/${consented}`, /does not know this tenant/],
        [
            "a consent of an unknown application",
            CONSENT,
            () => `${customer.tenantId}/${randomUUID()}`,
            /has no service principal, so there is no consent to import/,
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

test("a YAML program reads an application that it does not manage, by get", async () => {
    const program = {
        resources: { existing: { type: "restore-portal:RestorePortalApp", get: { id: portal } } },
        outputs: { objectId: "${existing.objectId}", tenant: "${existing.tenantId}" },
    };
    workspace.write("Main.yaml", JSON.stringify(program));
    home.clearLog();
    await workspace.upOk();
    expect(await workspace.output("objectId")).toBe((await home.application(portal)).id);
    expect(await workspace.output("tenant")).toBe(home.tenantId);
    expect(home.writes()).toEqual([]);
});
