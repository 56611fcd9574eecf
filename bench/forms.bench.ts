// Measures a preview of the template stacks/portal with four ways to run its TypeScript program. Each round measures
// all four in turn, so that other work on the machine affects all of them. Run `npm run bench -- forms`.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";

import { installForTemplate } from "../test/support/engine/sdk";
import { expectSuccess, Workspace } from "../test/support/engine/workspace";
import { TestTenant } from "../test/support/tenant/testTenant";

jest.setTimeout(3_600_000);

const TEMPLATE = resolve(__dirname, "../stacks/portal");
const RESULTS = join(__dirname, "results.json");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);

interface Form {
    readonly name: string;
    /** Replaces the line `tsconfig: tsconfig.run.json` in the template's Pulumi.yaml. */
    readonly setting: string;
    readonly cache?: boolean;
}

interface Row {
    readonly form: string;
    readonly medianMs: number;
    readonly leastMs: number;
}

const OWN = "tsconfig: tsconfig.run.json";
const FORMS: readonly Form[] = [
    { name: "Pulumi checks the types", setting: "tsconfig: tsconfig.json" },
    { name: "noCheck, as the templates have it", setting: OWN },
    { name: "Node.js strips the types (typescript: false)", setting: "typescript: false" },
    { name: "noCheck and NODE_COMPILE_CACHE", setting: OWN, cache: true },
];

class Measurement {
    private readonly times = new Map<Form, number[]>(FORMS.map((form) => [form, []]));

    constructor(
        private readonly workspace: Workspace,
        private readonly folder: string,
    ) {}

    async round(): Promise<void> {
        for (const form of FORMS) this.times.get(form)?.push(await this.preview(form));
    }

    /**
     * Runs one preview of each form, and discards its time. These previews fill the operating system's cache of files,
     * and the compile cache if the form has one.
     */
    async warmUp(): Promise<void> {
        for (const form of FORMS) await this.preview(form);
    }

    rows(): Row[] {
        return [...this.times].map(([{ name }, times]) => {
            const sorted = [...times].sort((a, b) => a - b);
            const at = (index: number) => Math.round(sorted[index] ?? 0);
            return { form: name, medianMs: at(Math.floor(sorted.length / 2)), leastMs: at(0) };
        });
    }

    private async preview({ setting, cache = false }: Form): Promise<number> {
        const text = readFileSync(join(TEMPLATE, "Pulumi.yaml"), "utf8");
        writeFileSync(join(this.folder, "Pulumi.yaml"), text.replace(OWN, setting));
        const env = { NODE_COMPILE_CACHE: cache ? join(this.workspace.folder, "compiled") : undefined };
        const since = performance.now();
        const result = await this.workspace.pulumi(["preview", "--expect-no-changes", "-C", this.folder], { env });
        const elapsed = performance.now() - since;
        expectSuccess(result);
        return elapsed;
    }
}

test("a preview in four forms", async () => {
    const tenant = await TestTenant.start();
    const workspace = new Workspace({ env: tenant.env });
    const folder = join(workspace.folder, "program");
    mkdirSync(folder);
    try {
        cpSync(TEMPLATE, folder, { recursive: true });
        installForTemplate(folder);
        const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", folder]));
        await pulumi("stack", "init", "dev");
        await pulumi("config", "set", "portalUrl", "https://portal.abc.com:4443");
        await pulumi("up", "--yes", "--skip-preview");
        const measurement = new Measurement(workspace, folder);
        await measurement.warmUp();
        for (let round = 0; round < ROUNDS; round++) await measurement.round();
        const forms = measurement.rows();
        console.table(forms);
        const results = JSON.parse(readFileSync(RESULTS, "utf8")) as object;
        writeFileSync(RESULTS, `${JSON.stringify({ ...results, forms }, undefined, 4)}\n`);
        await pulumi("destroy", "--yes", "--skip-preview");
    } finally {
        workspace.remove();
        await tenant.close();
    }
});
