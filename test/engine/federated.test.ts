// Deploys a portal with a pipeline's OIDC token on the real engine. The deploying identity has two permissions and no
// secret. federated.deep.test.ts tests the portal's whole life.
import { readFileSync } from "node:fs";

import { filesBelow } from "../support/engine/filesBelow";
import { PipelineDeployment } from "../support/engine/pipelineDeployment";
import { onePortal } from "../support/tenant/portals";

jest.setTimeout(300_000);

let pipeline: PipelineDeployment;
beforeAll(async () => {
    pipeline = await PipelineDeployment.start();
});
afterAll(() => pipeline.close());

test("a pipeline's token deploys a portal, and no secret exists anywhere", async () => {
    const { tenant, issuer, workspace, clientId } = pipeline;
    workspace.declare(onePortal({ displayName: "Restore Portal" }));
    const said = [await workspace.upOk(), await workspace.previewUnchanged()].map(({ output }) => output);
    const { applicationId } = await workspace.outputsOf("portal");
    expect(await tenant.grants(String(applicationId))).toHaveLength(2);

    expect(await tenant.application(clientId)).toMatchObject({ passwordCredentials: [], keyCredentials: [] });
    expect(Object.keys(workspace.env).filter((name) => /SECRET|PASSWORD|CERTIFICATE/.test(name))).toEqual([]);
    // Each sign-in requests a new token, because a token of a GitHub workflow is valid for five minutes.
    expect(issuer.issued.length).toBeGreaterThan(1);
    const kept = filesBelow(workspace.folder).map((path) => readFileSync(path, "latin1"));
    const places = [...said, JSON.stringify(tenant.emulator.requests()), ...kept];
    expect(places.filter((text) => issuer.issued.some((token) => text.includes(token)))).toEqual([]);

    await workspace.destroyOk();
    expect((await tenant.tryGraph("GET", `/applications(appId='${String(applicationId)}')`)).status).toBe(404);
});
