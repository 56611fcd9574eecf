// Checks that text from outside cannot control a terminal or a pipeline.
import { warn } from "../provider/log";
import { cut } from "../provider/plainText";
import { noteSecret } from "../provider/secretTexts";
import { PortalError } from "../provider/portalError";
import { hostedProvider, type Hooks } from "../provider/pulumi/hooks";
import { liveServerInputs } from "../provider/server/drift";
import { completeServerInputs } from "../provider/server/inputs";
import { observeTwice } from "../provider/sync/observeTwice";

/** Matches what controls a terminal or the direction of text, and commands of Azure Pipelines, GitHub or TeamCity. */
const OBEYED =
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|##vso\[|##\[|##teamcity\[|^\s*::[a-z-]+.*::/im;

const TEXTS: [name: string, text: string][] = [
    ["a colour", "\u001b[31mred\u001b[0m"],
    ["a title", "\u001b]0;planted\u0007"],
    ["an eight-bit sequence", "\u009b2J"],
    ["a carriage return", "all is well\rerror"],
    ["a backspace", "no\b\byes"],
    ["text from right to left", "\u202etxt.exe"],
    ["an isolate", "\u2067x\u2069"],
    ["a separator of lines", "a\u2028::error::b"],
    ["a command of GitHub", "a\n::error file=x,line=1::planted"],
    ["an output of GitHub", "a\r\n  ::set-output name=x::y"],
    ["a command of Azure Pipelines", "##vso[task.setvariable variable=x;isOutput=true]y"],
    ["a format of Azure Pipelines", "a\n##[error]planted"],
    ["a message of TeamCity", "##teamcity[buildStatus text='planted']"],
    ["half a pair", "\ud800"],
];

test.each(TEXTS)("%s in an error", (_name, text) => {
    const { message } = new PortalError("ERR_GRAPH_REFUSED", `reading application 1: ${text}`);
    expect(message).not.toMatch(OBEYED);
    expect(new PortalError("ERR_GRAPH_REFUSED", text).withAdvice(text).message).not.toMatch(OBEYED);
});

test.each(TEXTS)("%s in a warning", (_name, text) => {
    const print = jest.spyOn(console, "log").mockImplementation(() => undefined);
    warn(text);
    const printed = print.mock.calls.flat().join("\n");
    print.mockRestore();
    expect(printed).toMatch(/^warning: /);
    expect(printed).not.toMatch(OBEYED);
});

test.each(TEXTS)("%s in the reason of a refused input", async (_name, text) => {
    const failures = [{ property: "displayName", reason: `must not be "${text}"` }];
    const hooks = { check: () => Promise.resolve({ inputs: {}, failures }) } as unknown as Hooks<object, object>;
    const answer = await hostedProvider(hooks).check({}, {});
    expect(answer.failures[0]?.reason).not.toMatch(OBEYED);
});

test.each(TEXTS)("%s in a live value that a preview shows", async (_name, text) => {
    const live = { displayName: text, tags: [text], same: "same" };
    const desired = { displayName: "Restore Portal", tags: [], same: "same" };
    const { inputs } = await observeTwice(
        desired,
        live,
        () => Promise.resolve(live),
        (one) => one,
    );
    expect(`${inputs.displayName}\n${inputs.tags.join("\n")}`).not.toMatch(OBEYED);
    expect(inputs.same).toBe("same");
});

test.each(TEXTS)("%s in a setting of the portal server", (_name, text) => {
    const desired = completeServerInputs({ portalUrl: "https://portal.abc.com:4443", applicationId: "a" });
    const settings = { isEnabled: true, applicationId: text, restorePortalUri: text };
    const tls = { thumbprint: "A", thumbprintSha256: "B", notAfter: "2027-01-01T00:00:00Z" };
    const live = liveServerInputs(desired, { settings, tls }, new Date("2026-06-01T00:00:00Z"));
    expect(`${live.applicationId}\n${live.portalUrl}`).not.toMatch(OBEYED);
});

test("an access token in the text of a service is not shown", () => {
    const token = `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${"a".repeat(40)}.${"b".repeat(40)}`;
    const { message } = new PortalError("ERR_GRAPH_REFUSED", `reading x: Authorization: Bearer ${token} is wrong`);
    expect(message).toBe("reading x: Authorization: *** is wrong");
});

test.each([
    "reading application 1: connect ECONNREFUSED ::1:443",
    "connect ECONNREFUSED ::ffff:127.0.0.1:443",
    "Größe, 日本語, emoji 👍🏽, R&D #2 ## heading, urn:pulumi:dev::portals::type::name",
    `set PORTAL to "https://portal.abc.com:4443" (it is 'x'; run "pulumi up" again)`,
])("ordinary text stays as it is: %s", (text) => {
    expect(new PortalError("ERR_GRAPH_REFUSED", text).message).toBe(text);
});

test("a secret with a tab or a line break is hidden, although a message shows it on one line", () => {
    const print = jest.spyOn(console, "log").mockImplementation(() => undefined);
    noteSecret(["hidden\tone", "hidden\ntwo"]);
    const { message } = new PortalError("ERR_GRAPH_REFUSED", "got hidden\tone and hidden\ntwo");
    warn(message);
    const printed = print.mock.calls.flat().join("\n");
    print.mockRestore();
    expect(printed).toBe("warning: got [secret] and [secret]");
});

test.each([
    ["a\ud83d\udedf", 2, "a"],
    ["a\ud83d\udedf", 3, "a\ud83d\udedf"],
    ["abc", 2, "ab"],
])("%j is cut to %i units, but never inside a character", (text, most, expected) => {
    expect(cut(text, most)).toBe(expected);
});
