// Gets the steps from the workflows that `pipelines --for github` writes, and runs them on the real engine.
import { GithubRuns, expectResults } from "../support/pipelines/githubRuns";
import { declarePortal, replaceWebAddress, TITLES } from "../support/pipelines/scenarios";

jest.setTimeout(300_000);

let github: GithubRuns;
beforeAll(async () => (github = await GithubRuns.start()));
afterAll(() => github.close());

test("a merge deploys without a secret, and a pull request shows in its comment what it would change", async () => {
    expectResults(await github.run("deploy", { name: "push" }), { deploy: "success" });
    declarePortal(github.machine, { portalUrl: "https://new.abc.com:4443" });
    github.machine.tenant.clearLog();
    const results = await github.run("preview", { name: "pull_request" });
    expectResults(results, { fork: "skipped", preview: "success", report: "success" });
    expect(github.machine.tenant.writes()).toEqual([]);
    const [comment, ...others] = github.writes();
    expect(others).toEqual([]);
    expect(comment?.call).toMatch(/^api --silent --method POST repos\/contoso\/portals\/issues\/5\/comments /);
    expect(comment?.text).toMatch(/^<!-- restore-portal -->\n## Restore portals: 1 drifted/);
    expect(comment?.text).toContain("new.abc.com:4443");
    declarePortal(github.machine);
});

test("drift opens one issue with the report, and is not a failure", async () => {
    await replaceWebAddress(github.machine, "https://other.abc.com:4443");
    const results = await github.run("drift", { name: "schedule" });
    expectResults(results, { preview: "success", report: "success" });
    expect(results["report"]?.output).toContain(`::warning::${TITLES.drift}`);
    expect(results["report"]?.summary).toContain("the web address is not registered");
    const [label, issue] = github.writes();
    expect(label?.call).toMatch(/^label create restore-portal-drift --force/);
    expect(issue?.call).toBe(`issue create --title ${TITLES.drift} --label restore-portal-drift --body-file issue.md`);
    expect(issue?.text).toContain("the web address is not registered: users get AADSTS50011");
    expect(issue?.text).toContain("https://github.com/contoso/portals/actions/runs/42");
});
