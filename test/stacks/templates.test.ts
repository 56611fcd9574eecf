// Checks in each template of `pulumi new` that `npm run types` checks the types and Pulumi does not. Also checks where
// the templates that use this package get it.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { templateFiles } from "../../cli/project/ownPackage";

const STACKS = resolve(__dirname, "../../stacks");
const TEMPLATES = ["portal", "serviceProvider", "guarded", "deployer"];
const WITH_PROVIDER = TEMPLATES.filter((name) => name !== "deployer");

const text = (name: string, file: string) => readFileSync(join(STACKS, name, file), "utf8");

interface Manifest {
    readonly scripts: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = (name: string) => JSON.parse(text(name, "package.json")) as Manifest;

test.each(TEMPLATES)("Pulumi only compiles %s, and npm run types checks its types", (name) => {
    const { runtime } = parse(text(name, "Pulumi.yaml")) as { runtime: { options: { tsconfig: string } } };
    expect(text(name, runtime.options.tsconfig)).toMatch(/"noCheck": true/);
    expect(text(name, "tsconfig.json")).not.toMatch(/noCheck/);
    expect(manifest(name).scripts["types"]).toBe("tsc");
});

test.each(WITH_PROVIDER)("%s gets this package from where the template came, and not by its name", (name) => {
    expect(text(name, "provider.mjs")).toBe(text("portal", "provider.mjs"));
    expect(manifest(name).scripts["postinstall"]).toBe("node provider.mjs");
    expect(manifest(name).dependencies).not.toHaveProperty("pulumi-restore-portal");
    expect([...templateFiles(name).keys()]).not.toContain("provider.mjs");
});
