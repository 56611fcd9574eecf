// Searches every form of a report, its history and the output of the command for secrets from inputs, outputs and
// errors. The report must name a secret input that differs, without its value.
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { damage } from "../support/hooks/drifts";
import { Estate, portalArgs } from "../support/report/estate";
import { runCli, runReport, type Reported } from "../support/report/reportCli";

jest.setTimeout(600_000);

const hidden = (what: string) => `${what}${randomBytes(6).toString("hex")}`;
const NAME = hidden("Hidden");
const HOSTS = [hidden("host"), hidden("host"), hidden("host")];
const [FIRST = "", SECOND = "", THIRD = ""] = HOSTS.map((host) => `https://${host}.abc.com:4443`);
const REFERENCE = hidden("reference");
const TOKEN = hidden("token");
const REASON = hidden("reason");

let estate: Estate;
let pfx: string;
let password: string;

beforeAll(async () => {
    estate = await Estate.start(2);
    const [first = "", second = ""] = estate.customers;
    const secrets = ["additionalPortalUrls", "displayName", "portalUrl", "serviceManagementReference"];
    const args = {
        ...{ displayName: NAME, portalUrl: FIRST, additionalPortalUrls: [SECOND] },
        ...{ serviceManagementReference: REFERENCE, secrets },
    };
    estate.declare("dev", {
        portals: { gateway: portalArgs(args), untouched: portalArgs({ ...args, displayName: `${NAME} 2` }) },
        customers: [
            {
                name: "secret",
                portal: "gateway",
                tenantId: first,
                portalUrl: THIRD,
                secrets: ["tenantId", "portalUrl"],
            },
            { name: "open", portal: "gateway", tenantId: second },
        ],
        says: true,
    });
    await estate.deploy("dev");
    estate.declare("failing", { portals: {}, customers: [] });
    await estate.deploy("failing");
    await estate.pulumi("failing", "config", "set", "--secret", "token", TOKEN);
    estate.declare("failing", { portals: {}, customers: [], fails: true });
    const state = await estate.pulumi("dev", "stack", "export", "--show-secrets");
    [pfx = "", password = ""] = ["pfx", "pfxPassword"].map(
        (name) => new RegExp(`"${name}": \\{[^}]*"plaintext": "\\\\"(.*?)\\\\""`).exec(state)?.[1],
    );
    expect([pfx.length > 1000, password.length > 10]).toEqual([true, true]);
});
afterAll(() => estate.close());

function secretsOf(tenantId: string): Record<string, string> {
    return {
        "the client secret": estate.home.env["AZURE_CLIENT_SECRET"] ?? "",
        "the display name": NAME,
        "the first host": HOSTS[0] ?? "",
        "the second host": HOSTS[1] ?? "",
        "the third host": HOSTS[2] ?? "",
        "the reference": REFERENCE,
        "the token": TOKEN,
        "the PFX": pfx.slice(100, 160),
        "the password": password,
        "the tenant": tenantId,
    };
}

function expectNoSecret(made: Reported, history: string): void {
    const kept = Object.fromEntries(
        readdirSync(history).map((name) => [name, readFileSync(join(history, name), "utf8")]),
    );
    const places: Record<string, string> = { ...made.files, ...kept, output: made.output };
    const found = Object.entries(secretsOf(estate.customers[0] ?? "")).flatMap(([what, secret]) =>
        Object.entries(places).flatMap(([place, text]) =>
            text.toLowerCase().includes(secret.toLowerCase()) ? [`${what} in ${place}`] : [],
        ),
    );
    expect(found).toEqual([]);
    // The search finds a text that is not secret, so the search itself works.
    expect(places["report.json"]).toContain(estate.customers[1]);
}

test("nothing secret is in any form or in the history, and a secret input that differs is a drift", async () => {
    const { home, workspace } = estate;
    const appId = await estate.applicationId("dev", "gateway");
    await home.patchApplication(appId, { displayName: "Renamed by hand", spa: { redirectUris: [] } });
    await damage("servicePrincipal", "disabled")(home.neighbour(estate.customers[0] ?? ""), appId);
    const history = join(workspace.folder, "history");
    mkdirSync(history);
    const decision = { resource: "gateway", property: "displayName", value: NAME, until: "2099-12-31" };
    workspace.write("accepted.json", JSON.stringify([{ ...decision, reason: REASON, by: "anna@contoso.com" }]));
    const args = ["--stack", "dev", "--stack", "failing", "--history", history, "--accepted", "accepted.json"];

    for (const more of [[], ["--deep"], ["--who"]]) {
        const made = await runReport(workspace, ...args, ...more);
        expect(made.code).toBe(8);
        expect(made.report.partial).toEqual([expect.stringMatching(/^stack failing: .*\[secret\] \[secret\]/)]);
        const rows = Object.fromEntries(made.report.rows.map((row) => [row.name, row]));
        const named = (name: string) => rows[name]?.differences.map(({ property }) => property).sort();
        expect(named("gateway")).toEqual(["additionalPortalUrls", "displayName", "portalUrl"]);
        expect(named("secret")).toEqual(["servicePrincipal"]);
        expect(rows["gateway"]).toMatchObject({ status: "drifted", signIn: "fails", operation: "update" });
        expect(rows["gateway"]?.words).toContain(
            "the live value of the web address differs from the value in the program; both are hidden, because the input is secret",
        );
        expect(rows["untouched"]).toMatchObject({ status: "asDeclared", words: "as declared" });
        expect(rows["secret"]?.words).toBe("the service principal is disabled: users get AADSTS7000112");
        expect(rows["open"]).toMatchObject({ status: "asDeclared", words: "as declared" });
        expectNoSecret(made, history);
    }

    const saved = await workspace.pulumi(["preview", "--json", "--refresh", "--stack", "dev"]);
    workspace.write("dev.json", saved.stdout);
    const from = await runReport(workspace, "--from", "dev.json", "--history", history);
    expect(from.report.rows.find(({ name }) => name === "gateway")).toMatchObject({
        status: "drifted",
        signIn: "fails",
    });
    expectNoSecret(from, history);
});

test("doctor does not print a secret input either", async () => {
    const { output } = await runCli(estate.workspace, ["doctor", "--stack", "dev", "--json"]);
    expect(output).toContain("[secret]");
    const shown = Object.entries(secretsOf("no tenant")).filter(([, secret]) => output.includes(secret));
    expect(shown).toEqual([]);
});
