// Reads the programs and commands that README.md, CONTRIBUTING.md and docs/ show.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const IGNORED = ["node_modules", "dist", "coverage"];
/** The lines that the reader of a guide has written before a part of a program. */
const PRELUDE = `import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate, PortalServer, PortalTenantConsent, RestorePortalApp } from "pulumi-restore-portal";
const config = new pulumi.Config();
declare const portal: RestorePortalApp;
`;

/** A block of code between fences. */
export interface Block {
    /** The path from the root of the repository, with slashes. */
    readonly file: string;
    /** The language of the code block: `sh`, `ts`, and so on. */
    readonly language: string;
    readonly text: string;
}

/** Returns the paths of the repository's own Markdown files. README.md comes first. */
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

/** Returns the blocks of code in a file, also those that are indented in a list item. */
export function blocksOf(file: string): Block[] {
    const fence = /^( *)```(\w*)[^\n]*\n([^]*?)^\1```$/gm;
    return [...readMarkdown(file).matchAll(fence)].map(([, indent = "", language = "", text = ""]) => ({
        file,
        language,
        text: text.replace(new RegExp(`^${indent}`, "gm"), ""),
    }));
}

/** Returns the files whose programs and commands readers copy. */
export function guides(): string[] {
    return markdownFiles().filter((file) => /^(README|CONTRIBUTING)\.md$|^docs\//.test(file));
}

const whole = ({ text }: Block): string => (text.startsWith("import ") ? text : PRELUDE + text);
const programsIn = (files: readonly string[]): string[] =>
    files.flatMap(blocksOf).flatMap((block) => (block.language === "ts" ? [whole(block)] : []));

/** Returns the programs of the README, in their order. */
export function readmePrograms(): string[] {
    return programsIn(["README.md"]);
}

/**
 * Returns the programs of all guides. A part of a program gets the lines that its reader has written before this part.
 */
export function documentedPrograms(): string[] {
    return programsIn(guides());
}

/**
 * The languages of blocks without commands. All other blocks count as commands, even without a language, so that the
 * tests miss no command.
 */
const OTHER_LANGUAGES = ["ts", "python", "yaml", "json", "text", "mermaid"];

/** Returns the blocks of commands, in the order of the guides. */
export function shellBlocks(): Block[] {
    return guides()
        .flatMap(blocksOf)
        .filter(({ language }) => !OTHER_LANGUAGES.includes(language));
}
