// Gets the steps from the workflows that `pipelines --for github` writes. Runs them in every situation that a pipeline
// must handle.
import type { JobResult } from "../support/pipelines/githubWorkflow";
import { GithubRuns, expectResults } from "../support/pipelines/githubRuns";
import {
    expectUnchanged,
    hideApplications,
    leaveLock,
    PORTAL_URL,
    replaceWebAddress,
    TITLES,
} from "../support/pipelines/scenarios";

jest.setTimeout(600_000);

let github: GithubRuns;
beforeAll(async () => {
    github = await GithubRuns.start();
    expectResults(await github.run("deploy", { name: "push" }), { deploy: "success" });
});
afterEach(() => github.machine.tenant.emulator.control.reset());
afterAll(() => github.close());

const OPEN = { answers: [["issue list", "7"]] } as const;
const withoutToken = (text: string) => text.replace(/^ +id-token: write.*\n/m, "");
/** Makes the job sign in as the other identity, which has no federated credential for the job's subject. */
const otherIdentity = (text: string) =>
    text.replace(/vars\.AZURE_(DEPLOYER|READER)_CLIENT_ID/, (_all, name: string) =>
        name === "READER" ? "vars.AZURE_DEPLOYER_CLIENT_ID" : "vars.AZURE_READER_CLIENT_ID",
    );
/** Returns the exit code of the report. */
const codeOf = (results: Readonly<Record<string, JobResult>>) => results["report"]?.steps["report"]?.outputs["code"];

describe("every night", () => {
    test("without drift the open issue is closed, and without an issue nothing is written", async () => {
        const first = await github.run("drift", { name: "schedule" });
        expectResults(first, { preview: "success", report: "success" });
        expect(codeOf(first)).toBe("0");
        expect(first["report"]?.output).not.toContain("::warning::");
        expect(github.writes()).toEqual([]);
        await github.run("drift", { name: "workflow_dispatch" }, OPEN);
        expect(github.writes().map(({ call }) => call)).toEqual([
            "issue close 7 --comment Entra is as the program declares, except for accepted differences. https://github.com/contoso/portals/actions/runs/42",
        ]);
    });

    test("with drift the open issue gets the new report", async () => {
        await replaceWebAddress(github.machine, "https://other.abc.com:4443");
        const results = await github.run("drift", { name: "schedule" }, OPEN);
        expectResults(results, { preview: "success", report: "success" });
        expect(codeOf(results)).toBe("7");
        const [issue, ...others] = github.writes();
        expect(others).toEqual([]);
        expect(issue?.call).toBe(`issue edit 7 --title ${TITLES.drift} --body-file issue.md`);
        expect(issue?.text).toContain("the web address is not registered");
        await replaceWebAddress(github.machine, PORTAL_URL);
    });

    test("with something unreadable the issue says so, and the run is not a failure", async () => {
        hideApplications(github.machine);
        const results = await github.run("drift", { name: "schedule" });
        expectResults(results, { preview: "success", report: "success" });
        expect(codeOf(results)).toBe("8");
        const issue = github.writes().at(-1);
        expect(issue?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(issue?.text).toContain("Insufficient privileges");
    });

    test("with a failed sign-in the issue names the reason", async () => {
        const results = await github.run("drift", { name: "schedule" }, { change: otherIdentity });
        expectResults(results, { preview: "success", report: "success" });
        expect(codeOf(results)).toBe("8");
        const issue = github.writes().at(-1);
        expect(issue?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(issue?.text).toContain("AADSTS70021");
    });

    test("without id-token: write the job fails with what to do, and the issue does not say that all is well", async () => {
        const results = await github.run("drift", { name: "schedule" }, { change: withoutToken });
        expectResults(results, { preview: "failure", report: "success" });
        expect(results["preview"]?.output).toContain('::error::GitHub gives this job no token; add "id-token: write"');
        expect(codeOf(results)).toBe("8");
        const issue = github.writes().at(-1);
        expect(issue?.call).toContain(`--title ${TITLES.notReadable}`);
        expect(issue?.text).toContain("production");
    });
});

describe("a pull request", () => {
    test("gets one comment, which is updated", async () => {
        const answers = [["api --paginate", "99\n100"]] as const;
        const results = await github.run("preview", { name: "pull_request" }, { answers });
        expectResults(results, { fork: "skipped", preview: "success", report: "success" });
        const [comment, ...others] = github.writes();
        expect(others).toEqual([]);
        expect(comment?.call).toMatch(/^api --silent --method PATCH repos\/contoso\/portals\/issues\/comments\/99 /);
        expect(comment?.text).toContain("Restore portals: as declared");
    });

    test.each([
        ["something unreadable", true, undefined, "success", "Insufficient privileges"],
        ["a failed sign-in", false, otherIdentity, "failure", "AADSTS70021"],
        ["a forgotten id-token: write", false, withoutToken, "failure", "not readable"],
    ] as const)("with %s says so in its comment", async (_name, isHidden, change, preview, text) => {
        if (isHidden) hideApplications(github.machine);
        const results = await github.run("preview", { name: "pull_request" }, change ? { change } : {});
        expectResults(results, { fork: "skipped", preview, report: "success" });
        expect(codeOf(results)).toBe("8");
        expect(results["report"]?.output).toContain(`::warning::${TITLES.notReadable}`);
        expect(github.writes().at(-1)?.text).toContain(text);
    });

    test("from a fork gets a sentence", async () => {
        const event = { name: "pull_request", headRepository: "abc/portals" } as const;
        const results = await github.run("preview", event);
        expectResults(results, { fork: "success", preview: "skipped", report: "skipped" });
        expect(results["fork"]?.summary).toMatch(/comes from a fork, and a fork gets no token/);
        expect(github.writes()).toEqual([]);
    });

    test("with a program that does not run fails", async () => {
        const { workspace } = github.machine;
        const text = workspace.read("index.js");
        workspace.write("index.js", `${text}\nthrow new Error("the program is wrong");`);
        const results = await github.run("preview", { name: "pull_request" });
        workspace.write("index.js", text);
        expectResults(results, { fork: "skipped", preview: "failure", report: "success" });
        expect(github.writes().at(-1)?.text).toContain("the program is wrong");
    });
});

describe("a merge", () => {
    test("with a failed sign-in fails, names the reason, and writes nothing to Entra", async () => {
        github.machine.tenant.clearLog();
        const results = await github.run("deploy", { name: "push" }, { change: otherIdentity });
        expectResults(results, { deploy: "failure" });
        expect(results["deploy"]?.output).toContain("AADSTS70021");
        expect(github.machine.tenant.writes()).toEqual([]);
    });

    test("is the only thing that deploys: by hand, another branch is skipped", async () => {
        const results = await github.run("deploy", { name: "workflow_dispatch", branch: "change" });
        expectResults(results, { deploy: "skipped" });
    });

    test("after a killed run says what to do, and recover by hand continues", async () => {
        await replaceWebAddress(github.machine, "https://other.abc.com:4443");
        await leaveLock(github.machine);
        const locked = await github.run("deploy", { name: "push" });
        expectResults(locked, { deploy: "failure" });
        expect(locked["deploy"]?.output).toContain(
            "::notice::If a killed run left the stack locked, run this workflow by hand with 'Recover after a run was killed, and deploy'",
        );
        const recovered = await github.run("deploy", { name: "workflow_dispatch", recover: true });
        expectResults(recovered, { deploy: "success" });
        expect(recovered["deploy"]?.output).toContain("recover, step 3 of 3");
        await expectUnchanged(github.machine);
    });

    test("without id-token: write fails before anything is deployed", async () => {
        github.machine.tenant.clearLog();
        const results = await github.run("deploy", { name: "push" }, { change: withoutToken });
        expectResults(results, { deploy: "failure" });
        expect(results["deploy"]?.output).toContain("GitHub gives this job no token");
        expect(github.machine.tenant.emulator.requests()).toEqual([]);
    });
});
