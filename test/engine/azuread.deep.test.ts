// Checks that azuread's own provider deploys a Restore Portal to the embedded tenant. This provider shares no code with
// ours.
import { randomUUID, X509Certificate } from "node:crypto";

import { issueCertificate, type IssuedCertificate } from "../../provider/certificate/issue";
import { nameBySignIn } from "../support/signIn/msalSignIn";
import { azureadVariables, describeWithAzuread } from "../support/stacks/azureadPlugin";
import { AZUREAD_PROGRAM } from "../support/stacks/azureadProgram";
import { linkAzuread } from "../support/stacks/stackWorkspace";
import { PORTAL_URL } from "../support/tenant/portals";
import { TestTenant, type ServicePrincipal } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";

jest.setTimeout(600_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";

describeWithAzuread("a portal of eleven azuread resources", () => {
    let tenant: TestTenant;
    let workspace: Workspace;
    let program: { portalUrl: string; scopeId: string; certificatePem: string; notAfter: string };
    let issued: IssuedCertificate;
    let appId: string;
    let graphBefore: ServicePrincipal;

    beforeAll(async () => {
        tenant = await TestTenant.start();
        graphBefore = await tenant.servicePrincipal(GRAPH);
        const env = azureadVariables(tenant, tenant.emulator.identity("admin"));
        workspace = await linkAzuread(new Workspace({ env })).init();
        workspace.write("index.js", AZUREAD_PROGRAM);
        program = { portalUrl: PORTAL_URL, scopeId: randomUUID(), ...(await newCertificate("First")) };
        await up();
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    async function newCertificate(name: string) {
        issued = await issueCertificate({ name, keySize: 2048, validDays: 90, now: new Date() });
        const { certificatePem } = issued;
        const notAfter = new Date(new X509Certificate(certificatePem).validTo).toISOString().replace(".000", "");
        return { certificatePem, notAfter };
    }

    async function up(change: Partial<typeof program> = {}): Promise<void> {
        program = { ...program, ...change };
        workspace.write("program.json", JSON.stringify(program));
        await workspace.upOk();
        appId = await workspace.output("clientId");
    }

    async function expectUserSignsIn(): Promise<void> {
        const user = tenant.emulator.users()[0];
        if (!user) throw new Error("the tenant has no user");
        tenant.emulator.control.signInAs(user);
        const certificate = { certificate: new X509Certificate(issued.certificatePem), key: issued.privateKey };
        const authority = `${tenant.emulator.url}/${tenant.tenantId}`;
        const client = { appId, authority, portalUrl: program.portalUrl, certificate };
        expect(await nameBySignIn(tenant, client)).toBe(user.displayName);
    }

    test("lets a user sign in", expectUserSignsIn);

    test("shows no change in a preview with refresh", async () => {
        expectSuccess(await workspace.preview("--refresh", "--expect-no-changes"));
    });

    test("gets another web address", async () => {
        await up({ portalUrl: "https://portal2.abc.com:4443" });
        expect((await tenant.application(appId)).spa.redirectUris).toEqual([program.portalUrl]);
        await expectUserSignsIn();
    });

    test("gets another certificate in place of the old one", async () => {
        await up(await newCertificate("Second"));
        const { keyCredentials } = await tenant.application(appId);
        const thumbprint = new X509Certificate(issued.certificatePem).fingerprint.replaceAll(":", "");
        expect(keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier)).toEqual([thumbprint]);
        await expectUserSignsIn();
        expectSuccess(await workspace.preview("--refresh", "--expect-no-changes"));
    });

    test("is destroyed, and Microsoft Graph's service principal stays", async () => {
        await workspace.destroyOk();
        expect((await tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status).toBe(404);
        // azuread sends this empty object to an existing service principal.
        const written = { samlSingleSignOnSettings: {} };
        expect(await tenant.servicePrincipal(GRAPH)).toEqual({ ...graphBefore, ...written });
    });
});
