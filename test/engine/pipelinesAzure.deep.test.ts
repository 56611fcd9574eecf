// Gets the scripts from the pipeline that `pipelines --for azure-devops` writes. Runs them in every situation that a
// pipeline must handle.
import { runPipeline, type AzureRun, type StageResult } from "../support/pipelines/azurePipeline";
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
import type { Answer } from "../support/pipelines/standIns";

jest.setTimeout(600_000);

let repository: PipelineRepository;
let machine: Machine;
const connection = (role: string) => `sc://contoso/portal/restore-portal-${role}`;

beforeAll(async () => {
    const subjects = { deployer: [connection("deployer")], reader: [connection("reader")] };
    repository = await PipelineRepository.start("azure-devops", subjects);
    machine = repository.machine;
    machine.clientIds["other" as "reader"] = machine.clientIds.reader;
    const results = await run({ reason: "IndividualCI" });
    expectResults(results, { fork: "skipped", preview: "skipped", report: "skipped", deploy: "succeeded" });
});
afterEach(() => machine.tenant.emulator.control.reset());
afterAll(() => repository.close());

interface Options {
    readonly answers?: readonly Answer[];
    readonly change?: (text: string) => string;
}

async function run(how: AzureRun, { answers = [], change = (text) => text }: Options = {}) {
    machine.standIns.add("az", answers);
    machine.standIns.calls("az");
    return runPipeline(machine, (path) => change(repository.files.text(path)), how);
}

function expectResults(results: readonly StageResult[], expected: Readonly<Record<string, StageResult["result"]>>) {
    const all = Object.fromEntries(results.map(({ stage, result }) => [stage, result]));
    if (Object.entries(expected).some(([stage, result]) => all[stage] !== result))
        console.log(results.map(({ stage, output }) => `${stage}:\n${output}`).join("\n"));
    expect(all).toEqual(expected);
}

const calls = () =>
    machine.standIns.calls("az").map(({ args, files: texts }) => ({ call: args.join(" "), text: texts.join("") }));
const NIGHT = { fork: "skipped", deploy: "skipped" } as const;
const OPEN = { answers: [["boards query", "7"]] } as const;
const withoutToken = (text: string) => text.replaceAll("SYSTEM_ACCESSTOKEN: $(System.AccessToken)", "OTHER: text");
/** Makes the job sign in with a service connection for which Entra has no federated credential. */
const otherConnection = (text: string) =>
    text.replace(/azureSubscription: restore-portal-\w+/g, "azureSubscription: other");
const outputOf = (results: readonly StageResult[], name: string) =>
    results.find(({ stage }) => stage === name)?.output ?? "";
/** Returns the exit code of the report. */
const codeOf = (results: readonly StageResult[]) =>
    /##vso\[task\.setvariable variable=code\](\d+)/.exec(outputOf(results, "report"))?.[1];

describe("every night", () => {
    test("without drift the open work item is closed", async () => {
        const results = await run({ reason: "Schedule" }, OPEN);
        expectResults(results, { ...NIGHT, preview: "succeeded", report: "succeeded" });
        expect(codeOf(results)).toBe("0");
        const [, close, ...others] = calls();
        expect(others).toEqual([]);
        expect(close?.call).toContain("boards work-item update");
        expect(close?.call).toContain(
            "--id 7 --state Done --discussion Entra is as the program declares, except for accepted differences.",
        );
    });

    test("with drift one work item has the report, and the run has a warning", async () => {
        await replaceWebAddress(machine, "https://other.abc.com:4443");
        const results = await run({ reason: "Schedule" });
        expectResults(results, { ...NIGHT, preview: "succeeded", report: "issues" });
        expect(codeOf(results)).toBe("7");
        const created = calls().at(-1);
        expect(created?.call).toContain(`--type Issue --title ${TITLES.drift}`);
        expect(created?.text).toContain("the web address is not registered");
        expect(created?.text).toMatch(/^<pre>\n## Restore portals: 1 drifted/);
        expect(created?.text).not.toContain("<code>");
        await run({ reason: "Schedule" }, OPEN);
        expect(calls().at(-1)?.call).toContain(`--id 7 --title ${TITLES.drift} --description @issue.html`);
        await replaceWebAddress(machine, PORTAL_URL);
    });

    test("with something unreadable the work item says so", async () => {
        hideApplications(machine);
        const results = await run({ reason: "Schedule" });
        expectResults(results, { ...NIGHT, preview: "succeeded", report: "issues" });
        expect(codeOf(results)).toBe("8");
        const created = calls().at(-1);
        expect(created?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(created?.text).toContain("Insufficient privileges");
    });

    test("with a failed sign-in the work item names the reason", async () => {
        const results = await run({ reason: "Schedule" }, { change: otherConnection });
        expect(results.find(({ stage }) => stage === "report")?.result).toBe("issues");
        expect(codeOf(results)).toBe("8");
        const created = calls().at(-1);
        expect(created?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(created?.text).toContain("AADSTS70021");
    });

    test("without the mapped token the stage fails with what to do", async () => {
        const results = await run({ reason: "Schedule" }, { change: withoutToken });
        expectResults(results, { ...NIGHT, preview: "failed", report: "issues" });
        expect(codeOf(results)).toBe("8");
        const created = calls().at(-1);
        expect(created?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(created?.text).toContain("production");
        const output = outputOf(results, "preview");
        expect(output).toContain("map it in the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)");
        expect(output).not.toContain(machine.bearer);
    });
});

describe("a pull request", () => {
    const PULL_REQUEST = { fork: "skipped", deploy: "skipped", preview: "succeeded", report: "succeeded" } as const;

    test("gets one comment, which is updated", async () => {
        expectResults(await run({ reason: "PullRequest" }), PULL_REQUEST);
        const created = calls().at(-1);
        expect(created?.call).toMatch(/--resource pullRequestThreads --http-method POST .* pullRequestId=5$/);
        const { comments } = JSON.parse(created?.text ?? "") as { comments: { content: string }[] };
        expect(comments[0]?.content).toMatch(/^<!-- restore-portal -->\n## Restore portals: as declared/);
        await run({ reason: "PullRequest" }, { answers: [["starts_with", "9"]] });
        expect(calls().at(-1)?.call).toMatch(/--http-method PATCH .* threadId=9 commentId=1$/);
    });

    test("shows in its comment what it would change", async () => {
        declarePortal(machine, { portalUrl: "https://new.abc.com:4443" });
        const results = await run({ reason: "PullRequest" });
        declarePortal(machine);
        expectResults(results, PULL_REQUEST);
        expect(codeOf(results)).toBe("7");
        expect(calls().at(-1)?.text).toContain("new.abc.com:4443");
    });

    test.each([
        ["something unreadable", true, undefined, "succeeded", "Insufficient privileges"],
        ["a failed sign-in", false, otherConnection, "failed", "AADSTS70021"],
        ["a forgotten token", false, withoutToken, "failed", "not readable"],
    ] as const)("with %s says so in its comment", async (_name, isHidden, change, preview, text) => {
        if (isHidden) hideApplications(machine);
        const results = await run({ reason: "PullRequest" }, change ? { change } : {});
        expectResults(results, { ...PULL_REQUEST, preview, report: "issues" });
        expect(codeOf(results)).toBe("8");
        expect(calls().at(-1)?.text).toContain(text);
    });

    test("from a fork gets a sentence", async () => {
        const results = await run({ reason: "PullRequest", isFork: true });
        expectResults(results, { fork: "issues", preview: "skipped", report: "skipped", deploy: "skipped" });
        expect(results[0]?.output).toContain("comes from a fork, and a fork gets no token");
    });
});

test.each([
    ["a failed sign-in", otherConnection, "AADSTS70021"],
    ["a forgotten token", withoutToken, "map it in the step: env: SYSTEM_ACCESSTOKEN"],
])("with %s a deployment fails, names the reason, and writes nothing to Entra", async (_name, change, reason) => {
    machine.tenant.clearLog();
    const results = await run({ reason: "IndividualCI" }, { change });
    expect(results.at(-1)?.result).toBe("failed");
    expect(outputOf(results, "deploy")).toContain(reason);
    expect(machine.tenant.writes()).toEqual([]);
});

test("after a killed run a deployment says what to do, and recover by hand continues", async () => {
    const DEPLOYMENT = { fork: "skipped", preview: "skipped", report: "skipped" } as const;
    await replaceWebAddress(machine, "https://other.abc.com:4443");
    await leaveLock(machine);
    const locked = await run({ reason: "IndividualCI" });
    expectResults(locked, { ...DEPLOYMENT, deploy: "failed" });
    expect(locked.at(-1)?.output).toContain(
        "run this pipeline by hand with 'Recover after a run was killed, and deploy'",
    );
    const recovered = await run({ reason: "Manual", recover: true });
    expectResults(recovered, { ...DEPLOYMENT, deploy: "succeeded" });
    expect(recovered.at(-1)?.output).toContain("recover, step 3 of 3");
    await expectUnchanged(machine);
});
