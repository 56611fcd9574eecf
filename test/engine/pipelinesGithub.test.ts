// Takes the steps out of the workflows that `pipelines --for github` writes, and runs them on the real engine.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writePipelines } from "../../cli/pipelines/writePipelines";
import { runWorkflow, type GithubEvent, type JobResult } from "../support/pipelines/githubWorkflow";
import { Machine } from "../support/pipelines/machine";

jest.setTimeout(600_000);

let machine: Machine;
let files: string;
const workflow = (name: "preview" | "deploy" | "drift") =>
    readFileSync(join(files, `.github/workflows/restore-portal-${name}.yml`), "utf8");
const run = (name: "preview" | "deploy" | "drift", event: GithubEvent) => runWorkflow(machine, workflow(name), event);
const resultsOf = (results: readonly JobResult[]) =>
    Object.fromEntries(results.map(({ job, result }) => [job, result]));
const args = {
    displayName: "Restore Portal",
    portalUrl: "https://portal.abc.com:4443",
    certificate: "$certificate:certificate",
};
const declare = (more: object = {}) =>
    machine.workspace.declare({
        certificates: { certificate: { source: { generate: { name: "Restore Portal" } } } },
        portals: { portal: { args: { ...args, ...more } } },
    });

beforeAll(async () => {
    machine = await Machine.start({
        deployer: ["repo:contoso/portals:environment:production"],
        reader: ["repo:contoso/portals:pull_request", "repo:contoso/portals:ref:refs/heads/main"],
    });
    machine.standIns.add("gh");
    files = mkdtempSync(join(tmpdir(), "workflows-"));
    mkdirSync(join(files, ".git"));
    writeFileSync(join(files, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    writePipelines({ system: "github", cwd: files });
    declare();
});
afterAll(async () => {
    rmSync(files, { recursive: true });
    await machine.close();
});

test("a merge deploys the portal without a secret", async () => {
    const results = await run("deploy", { name: "push" });
    expect(resultsOf(results)).toEqual({ deploy: "success" });
});
