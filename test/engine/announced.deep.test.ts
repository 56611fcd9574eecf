// Checks on the real engine that a preview announces what `pulumi up` does, for example that it adopts an application,
// rotates a certificate, or registers an application beside an existing one.
import { resolve } from "node:path";

import { expectSuccess, Workspace } from "../support/engine/workspace";
import { existingApplication, onePortal, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

const CLI = resolve(__dirname, "../../dist/cli/main.js");
/** The options of `pulumi up` for "rotate now", as docs/certificates.md shows them. */
const ROTATE_NOW = ["--replace", "**PortalCertificate::certificate"];

let tenant: TestTenant;
let workspace: Workspace;
let appId: string;
beforeAll(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
    appId = await existingApplication(tenant);
    await tenant.patchApplication(appId, { web: { redirectUris: ["https://theirs.contoso.com/signin"] } });
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

const adopted = (name: string, args: Record<string, unknown> = {}) => ({
    ...onePortal({ applicationId: appId, ...args }),
    certificates: { certificate: { source: { generate: { name } } } },
});
const thumbprints = async () =>
    (await tenant.application(appId)).keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);

/**
 * The preview cannot know the thumbprint and the expiry date of the new certificate, so the test replaces both before
 * the comparison.
 */
const asPreviewed = (sentence: string) =>
    sentence.replace(/certificate [0-9A-F]{40}, valid until [-0-9]+/, 'a new certificate "Restore Portal"');
const adoptionIn = (output: string) => [...new Set(output.match(/adopts ".*/g))];

test("an adoption is announced by preview and up in the same words, and up ends with the hand-over", async () => {
    workspace.declare(adopted("Restore Portal"));
    const [preview = "", ...more] = adoptionIn((await workspace.preview()).output);
    expect(more).toEqual([]);
    expect(preview).toContain(`adopts "Existing application" (${appId}): `);
    expect(preview).toContain(`adds redirect URI ${PORTAL_URL}; adds a new certificate "Restore Portal"; `);
    expect(preview).toContain("; leaves 1 redirect URI and 1 owner alone");
    const up = expectSuccess(await workspace.pulumi(["up", "--yes", "--skip-preview"]));
    const [sentence = ""] = adoptionIn(up.output).slice(-1);
    const [thumbprint = ""] = await thumbprints();
    expect(sentence).toContain(`adds certificate ${thumbprint}, valid until`);
    expect(asPreviewed(sentence)).toBe(preview);
    expect(up.output).toContain(`certificate ${thumbprint} is registered; to hand it over to VB365, run: npx `);
});

test("'rotate now' is one command: the new certificate is beside the old one, and the printed command hands it over", async () => {
    const [old = ""] = await thumbprints();
    const preview = await workspace.preview(...ROTATE_NOW);
    expect(preview.output).toMatch(
        new RegExp(
            `application ${appId}: adds a new certificate "Restore Portal", beside ${old}, valid until [-0-9]+; writes its tag on the application`,
        ),
    );
    const { output } = await workspace.upOk(...ROTATE_NOW);
    const now = await thumbprints();
    const fresh = now.find((one) => one !== old) ?? "";
    expect(now.sort()).toEqual([old, fresh].sort());
    const [, command = ""] = /run: npx pulumi-restore-portal (handover [^;]*);/.exec(output) ?? [];
    const handover = await workspace.run("node", [CLI, ...command.trim().split(" ")]);
    expect(handover.output).toContain(`The certificate has the thumbprint ${fresh}`);
});

test("another name of the certificate without an overlap: the preview says what is made and what goes", async () => {
    workspace.declare(adopted("Renamed", { certificateOverlapDays: 0 }));
    const { output } = await workspace.preview();
    expect(output).toMatch(
        /source\.generate\.name changes from "Restore Portal" to "Renamed", so the deployment makes a new/,
    );
    expect(output).toMatch(
        /warning: application .*: adds a new certificate "Renamed".*; removes certificate .*, which VB365 may still use/,
    );
});

test("after a change of the configuration, which starts a second provider process, Entra still was read", async () => {
    workspace.declare(adopted("Restore Portal"));
    expectSuccess(await workspace.pulumi(["config", "set", "anything", "x"]));
    expect((await workspace.preview()).output).not.toContain("Entra was not read");
    expect((await workspace.preview("--refresh=false")).output).toContain("Entra was not read");
});

test("a registration beside the portal's own application is a warning with the way to adopt it", async () => {
    workspace.declare({ portals: {}, ...onePortal({ displayName: "Existing application" }) });
    const { output } = await workspace.preview();
    expect(output).toMatch(
        new RegExp(
            `warning: displayName: the deployment registers a new application .* \\(${appId}\\), which has .*the same web address; to adopt it, give applicationId "${appId}"`,
        ),
    );
});

test("a later grant announces the tag in preview and up, and destroy says what it removes and leaves", async () => {
    const other = await existingApplication(tenant, { displayName: "Careful application" });
    const careful = { applicationId: other, certificate: undefined };
    workspace.declare({ certificates: {}, ...onePortal({ ...careful, adminConsent: false }) });
    await workspace.upOk();
    workspace.declare({ certificates: {}, ...onePortal(careful) });
    const sentence = `application ${other}: grants User.Read and access_as_user for all users of the tenant; writes its tag on the service principal`;
    expect((await workspace.preview()).output).toContain(sentence);
    expect((await workspace.upOk()).output).toContain(sentence);
    const { output } = await workspace.destroyOk();
    expect(output).toContain(`releases "Careful application" (${other}): removes Application ID URI api://${other}; `);
    expect(output).toContain("; removes its tag from the application");
});
