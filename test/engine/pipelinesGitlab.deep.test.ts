// Runs the whole pipeline that `pipelines --for gitlab` writes, in every situation that a pipeline must handle.
import { GitlabApi } from "../support/pipelines/gitlabApi";
import { runGitlab, type GitlabResult, type GitlabRun } from "../support/pipelines/gitlabPipeline";
import type { Machine } from "../support/pipelines/machine";
import { PipelineRepository } from "../support/pipelines/pipelineRepository";
import {
    declarePortal,
    expectUnchanged,
    hideApplications,
    leaveLock,
    PORTAL_URL,
    replaceWebAddress,
    TITLES,
} from "../support/pipelines/scenarios";

jest.setTimeout(600_000);

let repository: PipelineRepository;
let machine: Machine;
let api: GitlabApi;
const SUBJECT = "project_path:contoso/portals:ref_type:branch:ref:main";
const OTHER = "project_path:contoso/portals:ref_type:branch:ref:other";

beforeAll(async () => {
    repository = await PipelineRepository.start("gitlab", { deployer: [SUBJECT], reader: [SUBJECT] });
    machine = repository.machine;
    api = await GitlabApi.start();
    expectCode(await run({ source: "push" }), 0);
});
afterEach(() => machine.tenant.emulator.control.reset());
afterAll(async () => {
    await api.close();
    await repository.close();
});

function run(how: GitlabRun, change = (text: string) => text, subject = SUBJECT): Promise<GitlabResult> {
    machine.subject = subject;
    return runGitlab(machine, change(repository.files.text(".gitlab-ci.yml")), api, how);
}

function expectCode(result: GitlabResult, code: number): void {
    if (result.code !== code) console.log(result.output);
    expect(result.code).toBe(code);
}

test("every night: without drift there is no issue; drift opens one, which is updated and closed", async () => {
    expectCode(await run({ source: "schedule" }), 0);
    expect(api.issues).toEqual([]);
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    const drifted = await run({ source: "schedule" });
    expectCode(drifted, 0);
    expect(drifted.output).toMatch(/WARN\s+report/);
    expect(api.issues).toHaveLength(1);
    expect(api.issues[0]).toMatchObject({ title: TITLES.drift, labels: "restore-portal-drift", isOpen: true });
    expect(api.issues[0]?.body).toContain("the web address is not registered");
    hideApplications(machine);
    const unreadable = await run({ source: "schedule" });
    expectCode(unreadable, 0);
    expect(unreadable.output).toMatch(/WARN\s+report/);
    expect(api.issues).toHaveLength(1);
    expect(api.issues[0]).toMatchObject({ title: TITLES.notReadable, isOpen: true });
    expect(api.issues[0]?.body).toContain("Insufficient privileges");
    machine.tenant.emulator.control.clearFaults();
    await replaceWebAddress(machine, PORTAL_URL);
    expectCode(await run({ source: "schedule" }), 0);
    expect(api.issues[0]?.isOpen).toBe(false);
});

test("with a failed sign-in the issue names the reason, and a deployment writes nothing to Entra", async () => {
    const failed = await run({ source: "schedule" }, undefined, OTHER);
    expectCode(failed, 0);
    expect(failed.output).toMatch(/WARN\s+report/);
    expect(api.issues.at(-1)).toMatchObject({ title: TITLES.notReadable, isOpen: true });
    expect(api.issues.at(-1)?.body).toContain("AADSTS70021");
    await run({ source: "schedule" });
    expect(api.issues.at(-1)?.isOpen).toBe(false);
    machine.tenant.clearLog();
    const deployed = await run({ source: "push" }, undefined, OTHER);
    expectCode(deployed, 1);
    expect(deployed.output).toContain("AADSTS70021");
    expect(machine.tenant.writes()).toEqual([]);
});

test("without id_tokens the job fails with what to do", async () => {
    const change = (text: string) => text.replace(/ {4}id_tokens:\n.*\n.*\n/, "");
    const result = await run({ source: "schedule" }, change);
    expectCode(result, 1);
    expect(result.output).toContain("add id_tokens with ARM_OIDC_TOKEN to the job");
    expect(api.issues.at(-1)).toMatchObject({ title: TITLES.notReadable, isOpen: true });
    const deployed = await run({ source: "push" }, change);
    expectCode(deployed, 1);
    expect(deployed.output).toContain("add id_tokens with ARM_OIDC_TOKEN to the job");
});

test("a merge request gets one note, which is updated, and a fork gets a sentence", async () => {
    declarePortal(machine, { portalUrl: "https://new.abc.com:4443" });
    expectCode(await run({ source: "merge_request_event" }), 0);
    expectCode(await run({ source: "merge_request_event" }), 0);
    declarePortal(machine);
    expect(api.notes).toHaveLength(1);
    expect(api.notes[0]?.body).toMatch(/^<!-- restore-portal -->\n## Restore portals: 1 drifted/);
    hideApplications(machine);
    const unreadable = await run({ source: "merge_request_event" });
    expectCode(unreadable, 0);
    expect(unreadable.output).toMatch(/WARN\s+report/);
    machine.tenant.emulator.control.clearFaults();
    expect(api.notes).toHaveLength(1);
    expect(api.notes[0]?.body).toContain("Insufficient privileges");
    const fork = await run({ source: "merge_request_event", sourceProject: "2" });
    expectCode(fork, 0);
    expect(fork.output).toContain("comes from a fork, and a fork gets no token");
    expect(fork.output).not.toMatch(/starting shell.*\(preview\)\s*preview:/);
});

test("after a killed run a deployment says what to do, and recover by hand continues", async () => {
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    await leaveLock(machine);
    const locked = await run({ source: "push" });
    expectCode(locked, 1);
    expect(locked.output).toContain("start the manual job 'recover' of this pipeline");
    // A pipeline that somebody starts by hand has the source `web`, not `push`.
    const recovered = await run({ source: "web", manual: "recover" });
    expectCode(recovered, 0);
    expect(recovered.output).toContain("recover, step 3 of 3");
    await expectUnchanged(machine);
});
