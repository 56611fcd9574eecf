// Checks on the real engine: ignored, secret and refused inputs, arguments that are one Output, and inputs from
// resources that `--target` leaves out.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { writePfx } from "../../provider/certificate/pfx/writePfx";

import { withInputsProgram, type InputsProgram } from "../support/engine/inputsProgram";
import { typeOf } from "../support/engine/faces";

jest.setTimeout(600_000);
let tenant: InputsProgram["tenant"];
let issued: InputsProgram["issued"];
let workspace: InputsProgram["workspace"];
let program: InputsProgram["program"];
withInputsProgram((given) => ({ tenant, issued, workspace, program } = given));

test("arguments that are one Output are deployed, and their secrets stay secret", async () => {
    program(`
const { certificate } = new PortalCertificate("certificate", pulumi.output({ source: { generate: { name: "Portal" } } }));
const args = pulumi.all([certificate, pulumi.secret("CMDB-hidden")]).apply(([one, serviceManagementReference]) =>
    ({ displayName: "One output", certificate: one, portalUrl, serviceManagementReference }));
new RestorePortalApp("portal", args);`);
    expect((await workspace.preview()).output).toMatch(/\\+ 3 to create|3 to create/);
    await workspace.upOk();
    expect(JSON.stringify(await workspace.exportState())).not.toContain("CMDB-hidden");
    const applications = await tenant.applications();
    expect(applications.find(({ displayName }) => displayName === "One output")?.["serviceManagementReference"]).toBe(
        "CMDB-hidden",
    );
    await workspace.previewUnchanged();
    await workspace.destroyOk();
});

test("an unknown name in arguments that are one Output is refused", async () => {
    program(
        `new RestorePortalApp("portal", pulumi.output({ displayName: "x", certificate: { certificatePem }, portalUrl, adminconsent: false }));`,
    );
    expect((await workspace.preview()).output).toMatch(
        /adminconsent: is not an input of RestorePortalApp; write adminConsent/,
    );
});

const urnOf = (type: string, name: string) => `urn:pulumi:dev::portals::${typeOf(type)}::${name}`;

describe("if --target leaves out a resource that another one needs, the message names the input:", () => {
    const certificate = `const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });`;
    const later = `${certificate} const { thumbprint } = certificate;`;
    const rows: [name: string, program: string, target: string, missing: string][] = [
        [
            "a certificate",
            `${certificate} new RestorePortalApp("it", { displayName: "Target", certificate, portalUrl });`,
            "RestorePortalApp",
            "certificate",
        ],
        [
            "one part of a certificate, and one address",
            `${later} new RestorePortalApp("it", { displayName: "x", certificate: { certificatePem: certificate.certificatePem }, portalUrl, additionalPortalUrls: [pulumi.interpolate\`https://a.abc.com:4443\`, pulumi.interpolate\`https://\${thumbprint}.abc.com:4443\`] });`,
            "RestorePortalApp",
            "certificate.certificatePem, additionalPortalUrls[1]",
        ],
        [
            "the application of a customer",
            `${certificate} const { applicationId } = new RestorePortalApp("portal", { displayName: "x", certificate, portalUrl }); new PortalTenantConsent("it", { applicationId, tenantId: "contoso.com" });`,
            "PortalTenantConsent",
            "applicationId",
        ],
        [
            "the application of a portal server",
            `${certificate} const { applicationId } = new RestorePortalApp("portal", { displayName: "x", certificate, portalUrl }); new PortalServer("it", { applicationId, portalUrl });`,
            "PortalServer",
            "applicationId",
        ],
        [
            "the password of a PFX file",
            `${later} new PortalCertificate("it", { source: { pfx: { file: "portal.pfx", password: thumbprint } } });`,
            "PortalCertificate",
            "source.pfx.password",
        ],
    ];
    test.each(rows)("%s", async (_name, text, target, missing) => {
        program(text);
        tenant.clearLog();
        const { code, output } = await workspace.up("--target", urnOf(target, "it"));
        expect(code).not.toBe(0);
        const reason = missing.includes(", ")
            ? "have no value yet, because each comes"
            : "has no value yet, because it comes";
        expect(output).toContain(`${missing}: ${reason} from a resource that is not deployed`);
        expect(output).toMatch(/another --target, or deploy without --target/);
        expect(output).not.toMatch(/property \S+ value|unexpected unknown|output<string>|__given/);
        expect(tenant.writes()).toEqual([]);
    });

    test("what the target does not need may have no value", async () => {
        program(
            `${certificate} new RestorePortalApp("portal", { displayName: "x", certificate, portalUrl }); new RestorePortalApp("it", { displayName: "Alone", certificate: { certificatePem }, portalUrl: "https://alone.abc.com:4443" });`,
        );
        await workspace.upOk("--target", urnOf("RestorePortalApp", "it"));
        expect((await tenant.applications()).map(({ displayName }) => displayName)).toContain("Alone");
        await workspace.destroyOk();
    });

    test("with another --target for it, the portal is deployed", async () => {
        program(`${certificate} new RestorePortalApp("it", { displayName: "Both", certificate, portalUrl });`);
        const targets = [urnOf("RestorePortalApp", "it"), urnOf("PortalCertificate", "certificate")];
        await workspace.upOk(...targets.flatMap((target) => ["--target", target]));
        await workspace.destroyOk();
    });
});

describe("a secret input is nowhere in state or output in the clear:", () => {
    const rows: [name: string, program: string][] = [
        [
            "the name of a portal",
            `new RestorePortalApp("it", { displayName: pulumi.secret("hidden-text"), certificate: { certificatePem }, portalUrl });`,
        ],
        [
            "an additional address in a list",
            `new RestorePortalApp("it", { displayName: "x", certificate: { certificatePem }, portalUrl, additionalPortalUrls: [pulumi.secret("https://hidden-text.abc.com:4443")] });`,
        ],
        [
            "the name of a certificate",
            `new PortalCertificate("it", { source: { generate: { name: pulumi.secret("hidden-text") } } });`,
        ],
        [
            "the address of a server",
            `new PortalServer("it", { applicationId: "58a0f8e1-97bd-4804-ba69-bf1ed293e017", portalUrl: pulumi.secret("https://hidden-text.invalid:4443") });`,
        ],
        [
            "all arguments, as one secret Output",
            `new RestorePortalApp("it", pulumi.secret({ displayName: "hidden-text", certificate: { certificatePem }, portalUrl }));`,
        ],
    ];
    test.each(rows)("%s", async (_name, text) => {
        program(text);
        for (const command of ["up", "refresh"]) {
            const { output } = await workspace.pulumi([command, "--yes", "--skip-preview", "--diff"]);
            expect(output).toMatch(/Duration/);
            expect(output).not.toContain("hidden-text");
            expect(JSON.stringify(await workspace.exportState())).not.toContain("hidden-text");
        }
        await workspace.destroyOk();
    });
});

test.each([
    ["id", `id: "58a0f8e1-97bd-4804-ba69-bf1ed293e017"`],
    ["import", `import: "58a0f8e1-97bd-4804-ba69-bf1ed293e017"`],
])("the option %s says what to use instead", async (_name, option) => {
    program(
        `new RestorePortalApp("portal", { displayName: "x", certificate: { certificatePem }, portalUrl }, { ${option} });`,
    );
    expect((await workspace.preview()).output).toMatch(
        /RestorePortalApp "portal": a dynamic resource does not support the option .* give its Application ID as the argument applicationId/,
    );
});

test("a refused certificate and a fault of the environment print no PEM text, and no property without a value", async () => {
    program(
        `new RestorePortalApp("portal", { displayName: "x", portalUrl, certificate: { certificatePem: certificatePem + certificatePem } });`,
    );
    const refused = await workspace.preview();
    expect(refused.output).toMatch(/certificate: certificatePem must be one certificate/);
    expect(refused.output).not.toContain(issued.certificatePem.split("\n")[1]);
    expect(refused.output).not.toContain("<nil>");
    program(`new RestorePortalApp("portal", { displayName: "x", portalUrl, certificate: { certificatePem } });`);
    const wrong = await workspace.preview("--suppress-outputs");
    expect(wrong.code).toBe(0);
    const fault = await workspace.pulumi(["preview"], {
        env: { AZURE_CLIENT_SECRET: "wrong~secret.0123456789012345678901234" },
    });
    expect(fault.code).not.toBe(0);
    expect(fault.output).not.toMatch(/<nil>|property credentials/);
});

test("a file is found from the project's folder, whatever main says, and a missing one is named with its whole path", async () => {
    for (const folder of ["src", "certs"]) mkdirSync(join(workspace.folder, folder));
    const password = "planted";
    const pfx = writePfx({ ...issued, chain: [], friendlyName: "Portal", password, encryption: "AES256-SHA256" });
    writeFileSync(join(workspace.folder, "certs/portal.pfx"), pfx);
    workspace.write("Pulumi.yaml", workspace.read("Pulumi.yaml").replace("main: index.js", "main: src/index.js"));
    const source = (file: string) => `
const { PortalCertificate } = require("pulumi-restore-portal");
new PortalCertificate("certificate", { source: { pfx: { file: "${file}", password: "${password}" } } });`;
    workspace.write("src/index.js", source("certs/portal.pfx"));
    await workspace.upOk();
    workspace.write("src/index.js", source("certs/none.pfx"));
    expect((await workspace.preview()).output).toContain(
        `"${join(workspace.folder, "certs/none.pfx")}": the file does not exist`,
    );
});

test("ignoreChanges of grantedPermissions holds also when something else changes", async () => {
    const portal = (name: string, options: string) =>
        program(`
const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
new RestorePortalApp("portal", { displayName: "${name}", certificate, portalUrl }, ${options});`);
    portal("Before", "{}");
    await workspace.upOk();
    const appId = (await workspace.outputsOf("portal"))["applicationId"] as string;
    for (const { id } of await tenant.grants(appId)) await tenant.graph("DELETE", `/oauth2PermissionGrants/${id}`);
    portal("After", `{ ignoreChanges: ["grantedPermissions"] }`);
    await workspace.upOk();
    expect(await tenant.grants(appId)).toEqual([]);
    expect((await tenant.application(appId)).displayName).toBe("After");
    await workspace.destroyOk();
});
