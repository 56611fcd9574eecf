// Checks the length of the README, the headings of decisions, the indexes, and that the reference lists each input and
// output. `node tools/docs.mjs --check` checks that the texts of the reference are up to date.
import { markdownFiles, readMarkdown } from "../support/engine/readme";

const RESOURCES = ["RestorePortalApp", "PortalCertificate", "PortalTenantConsent", "PortalServer"];

test("the README has at most 150 lines", () => {
    expect(readMarkdown("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

const decisions = markdownFiles().filter((file) => /^docs\/decisions\/(?!README)/.test(file));

test.each(decisions)("%s has question, options, decision and consequence", (file) => {
    const headings = [...readMarkdown(file).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(["Question", "Options", "Decision", "Consequence"]);
});

test.each(["docs", "docs/decisions", "docs/reference"])("the index of %s lists each of its pages once", (folder) => {
    const pages = markdownFiles()
        .filter((file) => file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes("/"))
        .map((file) => file.slice(folder.length + 1))
        .filter((name) => name !== "README.md");
    const index = readMarkdown(`${folder}/README.md`);
    const listed = [...index.matchAll(/^\| \[[^\]]*\]\(([^)/]+\.md)\)/gm)].map((match) => match[1]);
    expect([...listed].sort()).toEqual([...pages].sort());
});

test.each(RESOURCES)("the reference has one row for each input and output of %s", (name) => {
    const source = `provider/${name[0]?.toLowerCase() ?? ""}${name.slice(1)}.ts`;
    const text = readMarkdown(source);
    const args = new RegExp(`export interface ${name}Args \\{([^]*?)^\\}`, "m").exec(text)?.[1] ?? "";
    const inputs = [...args.matchAll(/^ {4}(\w+)\??:/gm)].map((match) => match[1]);
    const outputs = [...text.matchAll(/declare public readonly (\w+):/g)].map((match) => match[1]);
    expect(inputs.length).toBeGreaterThan(1);
    const page = readMarkdown(`docs/reference/${name}.md`);
    const rowsIn = (heading: string) => {
        const section = new RegExp(`^## ${heading}\n([^]*?)(?=^##|(?![^]))`, "m").exec(page)?.[1] ?? "";
        return [...section.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]);
    };
    expect(rowsIn("Inputs")).toEqual(inputs);
    expect(rowsIn("Outputs")).toEqual(outputs);
});
