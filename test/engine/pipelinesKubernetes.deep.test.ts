// Runs the commands that the operator's workspace runs for the Stacks that `pipelines --for kubernetes` writes. No
// cluster runs here.
import { parseAllDocuments } from "yaml";

import { Machine } from "../support/pipelines/machine";
import { runStack, type Stack } from "../support/pipelines/operatorWorkspace";
import {
    declarePortal,
    hideApplications,
    leaveLock,
    PORTAL_URL,
    replaceWebAddress,
} from "../support/pipelines/scenarios";
import { WrittenFiles } from "../support/pipelines/writtenFiles";

jest.setTimeout(600_000);

let machine: Machine;
let stacks: Stack[];
const account = (role: string) => `system:serviceaccount:restore-portal:restore-portal-${role}`;
const run = (name: string, change = (stack: Stack) => stack) => {
    const stack = stacks.find(({ metadata }) => metadata.name === name);
    if (!stack) throw new Error(`no Stack ${name}`);
    return runStack(machine, change(stack));
};

beforeAll(async () => {
    machine = await Machine.start({ deployer: [account("deployer")], reader: [account("reader")] });
    const files = new WrittenFiles();
    files.write({ system: "kubernetes" });
    const text = files.text("kubernetes/restore-portal/stacks.yaml");
    stacks = parseAllDocuments(text).map((document) => document.toJS() as Stack);
    files.remove();
    declarePortal(machine);
    expect((await run("production")).code).toBe(0);
});
afterEach(() => machine.tenant.emulator.control.reset());
afterAll(() => machine.close());

test("without drift the second Stack succeeds and writes nothing", async () => {
    machine.tenant.clearLog();
    expect((await run("production-drift")).code).toBe(0);
    expect(machine.tenant.writes()).toEqual([]);
});

test("with drift, and with something unreadable, the second Stack fails and says what", async () => {
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    const drifted = await run("production-drift");
    expect(drifted.code).toBe(7);
    expect(drifted.output).toMatch(/portalUrl\s*: "not registered" => "https:\/\/portal\.abc\.com:4443"/);
    await replaceWebAddress(machine, PORTAL_URL);
    hideApplications(machine);
    const unreadable = await run("production-drift");
    expect(unreadable.code).toBe(7);
    expect(unreadable.output).toMatch(/not readable: .* 403 Authorization_RequestDenied/);
});

test("with another service account, and without a token, the sign-in fails and names the reason", async () => {
    const other = await run("production-drift", ({ spec, ...stack }) => ({
        ...stack,
        spec: { ...spec, serviceAccountName: "default" },
    }));
    expect(other.code).not.toBe(0);
    expect(other.output).toContain("AADSTS70021");
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
