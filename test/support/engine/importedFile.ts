import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeMaterial, type Material, type Pair } from "../../certificate/pfx/corpus/material";
import { run } from "../../certificate/pfx/corpus/tools";
import { onePortal } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";
import { filesBelow } from "./filesBelow";
import { Workspace, type ProgramSpec } from "./workspace";

export const PASSWORD = "correct-horse-battery";

/** Prepares a stack whose certificate comes from a PFX file. The test deploys the stack. */
export class ImportedFile {
    private constructor(
        readonly tenant: TestTenant,
        readonly workspace: Workspace,
        readonly material: Material,
        private readonly folder: string,
    ) {}

    static async start(): Promise<ImportedFile> {
        const tenant = await TestTenant.start();
        const workspace = await new Workspace({ env: tenant.env }).init();
        const folder = mkdtempSync(join(tmpdir(), "files-"));
        const one = new ImportedFile(tenant, workspace, makeMaterial(), folder);
        const { self, leaf, intermediate, root } = one.material;
        one.write(self, "self.pfx");
        one.write(leaf, "chain.pfx", [intermediate, root]);
        one.use("self.pfx");
        return one;
    }

    async close(): Promise<void> {
        this.material.remove();
        this.workspace.remove();
        rmSync(this.folder, { recursive: true });
        await this.tenant.close();
    }

    path(name: string): string {
        return join(this.folder, name);
    }

    /** Copies one of the two PFX files to the path that the program names. */
    use(name: "self.pfx" | "chain.pfx"): void {
        copyFileSync(this.path(name), this.path("portal.pfx"));
    }

    program(pfx: Record<string, unknown>, more: Record<string, unknown> = {}): ProgramSpec {
        const certificates = { certificate: { source: { pfx }, ...more } };
        return { ...onePortal({ displayName: "Restore Portal" }), certificates };
    }

    fromFile(more: Record<string, unknown> = {}): ProgramSpec {
        return this.program({ file: this.path("portal.pfx"), password: PASSWORD }, more);
    }

    expectNowhere(values: readonly string[], texts: readonly string[]): void {
        const paths = filesBelow(this.workspace.folder).filter((path) => !path.endsWith("program.json"));
        const files = paths.map((path) => readFileSync(path, "latin1"));
        for (const value of values) {
            for (const text of [...texts, ...files]) expect(text.includes(value)).toBe(false);
        }
    }

    private write({ key, certificate }: Pair, name: string, issuers: readonly Pair[] = []): void {
        const parts = [key, certificate, ...issuers.map((one) => one.certificate)].map((path) =>
            readFileSync(path, "utf8"),
        );
        const args = ["pkcs12", "-export", "-out", this.path(name), "-passout", `pass:${PASSWORD}`];
        run("openssl", args, parts.join(""));
    }
}
