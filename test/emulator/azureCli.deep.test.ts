// Checks that the real Azure CLI works on the embedded tenant, and that the provider signs in with it.
import { X509Certificate } from "node:crypto";

import { issueCertificate } from "../../provider/certificate/issue";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { certificateInput, IDENTITY } from "../support/hooks/operations";
import { AzureCli, describeWithAzureCli } from "../support/tenant/azureCli";
import { pipelineSurroundings } from "../support/tenant/pipelineIdentity";
import { PORTAL_URL } from "../support/tenant/portals";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

describeWithAzureCli("an application", () => {
    let tenant: TestTenant;
    let az: AzureCli;
    let clientId: string;
    beforeAll(async () => {
        tenant = await TestTenant.start();
        az = await AzureCli.start(tenant);
        ({ clientId } = tenant.emulator.identity("admin"));
    });
    afterAll(async () => {
        az.remove();
        await tenant.close();
    });

    const names = async () => {
        const found = await az.json<Application[]>("ad", "app", "list", "--all");
        return found.map(({ displayName }) => displayName);
    };

    test("signs in with a secret", async () => {
        await az.login(clientId, { secret: tenant.emulator.identity("admin").clientSecret });
        expect(await names()).toContain("Administrator");
        await az.text("logout");
    });

    test("signs in with a certificate", async () => {
        const issued = await issueCertificate({ name: "Pipeline", keySize: 2048, validDays: 30, now: new Date() });
        const key = new X509Certificate(issued.certificatePem).raw.toString("base64");
        await tenant.patchApplication(clientId, {
            keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }],
        });
        const keyPem = issued.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        await az.login(clientId, { pem: keyPem + issued.certificatePem });
        expect(await names()).toContain("Administrator");
    });

    test("is created, shown, changed, consented to and deleted", async () => {
        const named = ["--display-name", "Made by az"];
        const { appId } = await az.json<Application>(
            "ad",
            "app",
            "create",
            ...named,
            "--sign-in-audience",
            "AzureADMyOrg",
        );
        await az.text("ad", "app", "update", "--id", appId, "--identifier-uris", `api://${appId}`);
        const shown = await az.json<Application>("ad", "app", "show", "--id", appId);
        expect(shown.identifierUris).toEqual([`api://${appId}`]);
        const graph = ["--id", appId, "--api", "00000003-0000-0000-c000-000000000000"];
        const scope = "e1fe6dd8-ba31-4d61-89e7-88639da4683d=Scope";
        await az.text("ad", "app", "permission", "add", ...graph, "--api-permissions", scope);
        await az.text("ad", "sp", "create", "--id", appId);
        await az.text("ad", "app", "permission", "grant", ...graph, "--scope", "User.Read");
        expect(await tenant.grants(appId)).toMatchObject([{ scope: "User.Read", consentType: "AllPrincipals" }]);
        await az.text("ad", "app", "delete", "--id", appId);
        expect(await names()).not.toContain("Made by az");
    });

    test("signs the provider in, which deploys a portal and removes it", async () => {
        const hooks = new HooksProcess({ ...az.env, ...pipelineSurroundings(tenant.env) });
        const stack = new HooksStack(hooks);
        const certificate = await certificateInput("c");
        const named = { identity: IDENTITY, displayName: "Restore Portal", tenantId: tenant.tenantId };
        const portal = { ...named, portalUrl: PORTAL_URL, certificate };
        try {
            await stack.up(portal);
            await stack.refresh();
            expect(await stack.preview(portal)).toMatchObject({ hook: "none", named: [] });
            expect(await names()).toContain("Restore Portal");
            await stack.up(undefined);
            expect(await names()).not.toContain("Restore Portal");
        } finally {
            await hooks.kill();
        }
    });
});
