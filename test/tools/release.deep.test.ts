// Checks the files of a release: the package, the list of packages that come with it, the plugin's archives and the
// checksums.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { dependencies, version } from "../../package.json";
import { ROOT } from "./sandbox";

jest.setTimeout(120_000);

test("a release has the package, every package that comes with it, and checksums", () => {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    try {
        execFileSync(process.execPath, [join(ROOT, "tools/release.mjs"), "--out", folder], { stdio: "pipe" });
        const tarball = `pulumi-restore-portal-${version}.tgz`;
        const list = `pulumi-restore-portal-${version}.cdx.json`;
        const systems = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];
        const archives = systems.map((system) => `pulumi-resource-restore-portal-v${version}-${system}.tar.gz`);
        expect(readdirSync(folder).sort()).toEqual(["SHA256SUMS", list, tarball, ...archives].sort());
        execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: folder, stdio: "pipe" });
        const files = execFileSync("tar", ["-tzf", tarball], { cwd: folder, encoding: "utf8" }).split("\n");
        for (const file of ["dist/provider/host.js", "dist/cli/main.js", "stacks/portal/index.ts", "docs/start.md"])
            expect(files).toContain(`package/${file}`);
        expect(files.filter((file) => /^package\/(test|bench|tools|node_modules)\//.test(file))).toEqual([]);
        const { components, metadata } = JSON.parse(readFileSync(join(folder, list), "utf8")) as {
            components: { name: string; group?: string }[];
            metadata: { component: { name: string; version: string } };
        };
        expect(metadata.component).toMatchObject({ name: "pulumi-restore-portal", version });
        const names = components.map(({ name, group }) => (group === undefined ? name : `${group}/${name}`));
        expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
        // Development packages also need tslib, but the list must still contain it.
        expect(names).toContain("tslib");
        expect(names).not.toContain("jest");
    } finally {
        rmSync(folder, { recursive: true });
    }
});
