// The programs in README.md, as they stand there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const PRELUDE = `import * as pulumi from "@pulumi/pulumi";
import { PortalCertificate } from "pulumi-restore-portal";
const config = new pulumi.Config();
`;

/** Blocks of TypeScript; what is no whole program gets the lines before it that its reader would write. */
export function readmePrograms(): string[] {
    const text = readFileSync(join(__dirname, "../../README.md"), "utf8");
    const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map((match) => match[1] ?? "");
    return blocks.map((block) => (block.startsWith("import ") ? block : PRELUDE + block));
}
