// Runs a portal's whole life with an identity that has two permissions and no secret. Checks that a message names each
// missing permission.
import { expectFailure } from "../support/engine/failures";
import { PipelineDeployment } from "../support/engine/pipelineDeployment";
import { onePortal } from "../support/tenant/portals";
import { DEPLOYER_ROLES } from "../../emulator/seed";

jest.setTimeout(600_000);

const NEW_URL = "https://portal2.abc.com:4443";

let pipeline: PipelineDeployment;
beforeAll(async () => {
    pipeline = await PipelineDeployment.start();
});
afterAll(() => pipeline.close());

describe("a registered portal", () => {
    const args = { displayName: "Restore Portal", restoreDeleted: true };
    const withCertificate = (name: string, more: object = {}) => ({
        ...onePortal({ ...args, ...more }),
        certificates: { certificate: { source: { generate: { name } } } },
    });
    const application = async () => {
        const { applicationId } = await pipeline.workspace.outputsOf("portal");
        return pipeline.tenant.application(String(applicationId));
    };

    test("is deployed", async () => {
        const { workspace } = pipeline;
        workspace.declare(withCertificate("Restore Portal"));
        await workspace.upOk();
        await workspace.previewUnchanged();
    });

    test("gets another web address and another certificate", async () => {
        const { workspace } = pipeline;
        workspace.declare(withCertificate("Next", { portalUrl: NEW_URL }));
        await workspace.upOk();
        const { spa, keyCredentials } = await application();
        expect(spa.redirectUris).toEqual([NEW_URL]);
        expect(keyCredentials.map(({ displayName }) => displayName)).toContain("Next");
        await workspace.previewUnchanged();
    });

    test("is repaired after changes by hand", async () => {
        const { tenant, workspace } = pipeline;
        const { id, appId } = await application();
        const [grant] = await tenant.grants(appId);
        await tenant.graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
        await tenant.graph("PATCH", `/applications/${id}`, { spa: { redirectUris: [] } });
        expect((await workspace.preview("--expect-no-changes")).code).toBe(7);
        await workspace.upOk();
        expect((await application()).spa.redirectUris).toEqual([NEW_URL]);
        expect(await tenant.grants(appId)).toHaveLength(2);
    });

    test("is restored after somebody deleted its application", async () => {
        const { tenant, workspace } = pipeline;
        const { id, appId } = await application();
        await tenant.graph("DELETE", `/applications/${id}`);
        await workspace.upOk();
        expect((await application()).appId).toBe(appId);
        await workspace.previewUnchanged();
    });

    test("is destroyed", async () => {
        const { appId } = await application();
        await pipeline.workspace.destroyOk();
        expect((await pipeline.tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status).toBe(404);
    });
});

test("an application that the identity owns is adopted and given back", async () => {
    const { tenant, workspace, clientId } = pipeline;
    const { id, appId } = await tenant.graph<{ id: string; appId: string }>("POST", "/applications", {
        displayName: "Existing application",
    });
    const owner = (await tenant.servicePrincipal(clientId)).id;
    const reference = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${owner}` };
    await tenant.graph("POST", `/applications/${id}/owners/$ref`, reference);
    const before = await tenant.application(appId);
    workspace.declare(onePortal({ applicationId: appId }));
    await workspace.upOk();
    await workspace.previewUnchanged();
    await workspace.destroyOk();
    expect(await tenant.application(appId)).toEqual(before);
});

test.each(DEPLOYER_ROLES)("without %s, the message names it before any write", async (missing) => {
    const { tenant } = pipeline;
    const workspace = await pipeline.workspaceWith(DEPLOYER_ROLES.filter((role) => role !== missing));
    try {
        workspace.declare(onePortal({ displayName: "Restore Portal" }));
        tenant.clearLog();
        const lacks = `needs the Microsoft Graph application permission ${missing}|lacks the Microsoft Graph application permission ${missing}`;
        expectFailure(tenant, await workspace.up(), new RegExp(lacks.replaceAll(".", "\\.")));
        expect(tenant.writes()).toEqual([]);
    } finally {
        workspace.remove();
    }
});
