// Tests the Stacks that `pipelines --for kubernetes` writes. Runs the same commands as the workspace of Pulumi's
// operator, without a cluster.
import { parseAllDocuments } from "yaml";

import type { Machine } from "../support/pipelines/machine";
import { lastUpdateOf, runStack, type Stack } from "../support/pipelines/operatorWorkspace";
import { PipelineRepository } from "../support/pipelines/pipelineRepository";
import { resultAfter, type Patch } from "../support/pipelines/clusterApi";
import { hideApplications, leaveLock, PORTAL_URL, replaceWebAddress } from "../support/pipelines/scenarios";
import type { CommandResult } from "../support/engine/workspace";

jest.setTimeout(600_000);

const LABEL = "restore-portal/drift";

let repository: PipelineRepository;
let machine: Machine;
let stacks: Stack[];
let results: string;
const account = (role: string) => `system:serviceaccount:restore-portal:restore-portal-${role}`;
const run = (name: string, change = (stack: Stack) => stack) => {
    const stack = stacks.find(({ metadata }) => metadata.name === name);
    if (!stack) throw new Error(`stacks.yaml has no Stack ${name}`);
    return runStack(machine, change(stack));
};

beforeAll(async () => {
    const subjects = { deployer: [account("deployer")], reader: [account("reader")] };
    repository = await PipelineRepository.start("kubernetes", subjects);
    machine = repository.machine;
    const { files } = repository;
    const text = files.text("kubernetes/restore-portal/stacks.yaml");
    stacks = parseAllDocuments(text).map((document) => document.toJS() as Stack);
    results = files.text("kubernetes/restore-portal/results.yaml");
    expect((await run("production")).code).toBe(0);
});
afterEach(() => machine.tenant.emulator.control.reset());
afterAll(() => repository.close());

/** Returns the metadata that the CronJob writes to the Stack after the Stack's preview. */
const written = (preview: CommandResult): Promise<Patch> => resultAfter(results, lastUpdateOf(preview));

test("without drift the second Stack succeeds and writes nothing", async () => {
    machine.tenant.clearLog();
    const preview = await run("production-drift");
    expect(preview.code).toBe(0);
    expect(machine.tenant.writes()).toEqual([]);
    expect(await written(preview)).toEqual({ labels: { [LABEL]: "as-declared" }, annotations: {} });
});

/**
 * The operator gives up after three failed previews. So after each failure, the CronJob itself requests the next
 * preview.
 */
const again = (result: string) => ({
    labels: { [LABEL]: result },
    annotations: { "pulumi.com/reconciliation-request": expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string },
});

test("with drift, and with something unreadable, the second Stack fails and says what, and its label tells both apart", async () => {
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    const drifted = await run("production-drift");
    expect(drifted.code).toBe(7);
    expect(drifted.output).toMatch(/portalUrl\s*: "not registered" => "https:\/\/portal\.abc\.com:4443"/);
    expect(await written(drifted)).toEqual(again("differs"));
    await replaceWebAddress(machine, PORTAL_URL);
    hideApplications(machine);
    const unreadable = await run("production-drift");
    expect(unreadable.code).toBe(7);
    expect(unreadable.output).toMatch(/not readable: .* 403 Authorization_RequestDenied/);
    expect(await written(unreadable)).toEqual(again("not-readable"));
});

test("with another service account, and without a token, the sign-in fails and names the reason", async () => {
    const other = await run("production-drift", ({ spec, ...stack }) => ({
        ...stack,
        spec: { ...spec, serviceAccountName: "default" },
    }));
    expect(other.code).not.toBe(0);
    expect(other.output).toContain("AADSTS70021");
    expect(await written(other)).toEqual(again("failed"));
    const without = await run("production-drift", ({ spec, ...stack }) => {
        const { env } = spec.workspaceTemplate.spec;
        const left = env.filter(({ name }) => name !== "AZURE_FEDERATED_TOKEN_FILE");
        return { ...stack, spec: { ...spec, workspaceTemplate: { spec: { env: left } } } };
    });
    expect(without.code).not.toBe(0);
    expect(without.output).toContain("AZURE_FEDERATED_TOKEN_FILE");
});

test("after a killed run the Stack fails until the lock is removed, and then repairs the portal", async () => {
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    await leaveLock(machine);
    const locked = await run("production");
    expect(locked.code).not.toBe(0);
    expect(locked.output).toMatch(/the stack is currently locked by 1 lock/);
    const cancelled = await machine.workspace.pulumi(["cancel", "--yes", "--stack", "production"]);
    expect(cancelled.code).toBe(0);
    expect((await run("production")).code).toBe(0);
    expect((await run("production-drift")).code).toBe(0);
});
