// Checks which packages npm installs together with this package: only those that the published code loads.
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";

import { ROOT } from "./sandbox";

type Versions = Readonly<Record<string, string>>;
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Versions;
    readonly peerDependencies: Versions;
    readonly devDependencies: Versions;
};
const { packages: locked } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly peer?: boolean }>>;
};

/**
 * Returns the packages that the published code loads. Reads `dist/`, because the sources also import types, and the
 * compiler removes these imports.
 */
function loadedPackages(): string[] {
    const files = readdirSync(join(ROOT, "dist"), { recursive: true, encoding: "utf8" });
    const texts = files
        // The plugin is bundled, so it loads no package.
        .filter((file) => file.endsWith(".js") && !file.startsWith("plugin"))
        .map((file) => readFileSync(join(ROOT, "dist", file), "utf8"));
    const names = texts.flatMap((text) =>
        [...text.matchAll(/(?:\brequire|\bimport)\("([^."][^"]*)"\)/g)].map(([, name = ""]) => name),
    );
    const packages = names
        .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name))
        .map((name) =>
            name
                .split("/")
                .slice(0, name.startsWith("@") ? 2 : 1)
                .join("/"),
        );
    return [...new Set(packages)].filter((name) => name !== "pulumi-restore-portal").sort();
}

test("the dependencies are what the published code loads, and no more", () => {
    const given = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(given.sort()).toEqual(loadedPackages());
});

test("the SDK is the program's own: a range of peers, of which the tests use the newest", () => {
    expect(Object.keys(manifest.dependencies)).not.toContain("@pulumi/pulumi");
    expect(manifest.peerDependencies["@pulumi/pulumi"]).toMatch(/^\^3\.\d+\.0$/);
    expect(manifest.devDependencies["@pulumi/pulumi"]).toMatch(/^3\.\d+\.\d+$/);
});

test.each(["@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf", "esbuild", "typescript"])(
    "%s does not come with the package",
    (name) => {
        const { dev = false, peer = false } = locked[`node_modules/${name}`] ?? {};
        expect(dev || peer).toBe(true);
    },
);
