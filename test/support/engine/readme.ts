// The programs and commands in README.md, CONTRIBUTING.md and docs/, as they stand there.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const IGNORED = ["node_modules", "dist", "coverage"];
/** What a reader of a part of a program has written before it. */
const PRELUDE = `import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate, PortalServer, PortalTenantConsent, RestorePortalApp } from "pulumi-restore-portal";
const config = new pulumi.Config();
declare const portal: RestorePortalApp;
`;

/** A block of code between fences. */
export interface Block {
    /** From the root of the repository, with slashes. */
    readonly file: string;
    /** The language of the code block: `sh`, `ts`, ... */
    readonly language: string;
    readonly text: string;
}

/** All Markdown files of the repository, from its root, the README first. */
export function markdownFiles(): string[] {
    const files = markdownIn(ROOT).map((file) => relative(ROOT, file).replaceAll("\\", "/"));
    return ["README.md", ...files.filter((file) => file !== "README.md").sort()];
}

function markdownIn(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.name.startsWith(".") || IGNORED.includes(entry.name)) return [];
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return markdownIn(path);
        return entry.name.endsWith(".md") ? [path] : [];
    });
}

export function readMarkdown(file: string): string {
    return readFileSync(join(ROOT, file), "utf8").replaceAll("\r\n", "\n");
}

/** A fence may be indented, in an item of a list. */
export function blocksOf(file: string): Block[] {
    const fence = /^( *)```(\w*)[^\n]*\n([^]*?)^\1```$/gm;
    return [...readMarkdown(file).matchAll(fence)].map(([, indent = "", language = "", text = ""]) => ({
        file,
        language,
        text: text.replace(new RegExp(`^${indent}`, "gm"), ""),
    }));
}

/** Files whose programs and commands readers copy. */
export function guides(): string[] {
    return markdownFiles().filter((file) => /^(README|CONTRIBUTING)\.md$|^docs\//.test(file));
}

const whole = ({ text }: Block): string => (text.startsWith("import ") ? text : PRELUDE + text);
const programsIn = (files: readonly string[]): string[] =>
    files.flatMap(blocksOf).flatMap((block) => (block.language === "ts" ? [whole(block)] : []));

/** Programs of the README, its first program first. */
export function readmePrograms(): string[] {
    return programsIn(["README.md"]);
}

/** Programs of all guides. A part of a program gets the lines before it that its reader has written. */
export function documentedPrograms(): string[] {
    return programsIn(guides());
}

/** Languages of blocks that show no command. A fence must name its language, so that no command hides in one. */
const OTHER_LANGUAGES = ["ts", "yaml", "json", "text", "mermaid"];

/** Blocks of commands, in the order of the guides. */
export function shellBlocks(): Block[] {
    return guides()
        .flatMap(blocksOf)
        .filter(({ language }) => !OTHER_LANGUAGES.includes(language));
}
