// The programs and commands in README.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const PRELUDE = `import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate, PortalServer, RestorePortalApp } from "pulumi-restore-portal";
const config = new pulumi.Config();
declare const portal: RestorePortalApp;
`;
const README = join(__dirname, "../../../README.md");

/** Blocks of TypeScript. A block that is not a whole program gets the lines that its reader would write before it. */
export function readmePrograms(): string[] {
    const text = readFileSync(README, "utf8");
    const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map((match) => match[1] ?? "");
    return blocks.map((block) => (block.startsWith("import ") ? block : PRELUDE + block));
}

/** Blocks of commands for any shell. */
export function readmeShellBlocks(): string[] {
    const fence = /^```(?:sh|bash|shell|console|powershell|pwsh|ps1|bat|cmd)\n([^]*?)^```$/gm;
    return [...readFileSync(README, "utf8").matchAll(fence)].map((match) => match[1] ?? "");
}
