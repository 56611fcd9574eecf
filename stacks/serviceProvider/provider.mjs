// Installs the package pulumi-restore-portal from the repository or folder of this template, because no registry has
// the package yet. npm runs this file after it has installed the other packages.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const PACKAGE = "pulumi-restore-portal";

function isInstalled() {
    try {
        return createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`) !== "";
    } catch {
        return false;
    }
}

/** `pulumi new` writes the origin of the template to Pulumi.yaml: the URL of a git repository, or a folder. */
function source() {
    const [, template] = /pulumi:template: (.+)$/m.exec(readFileSync("Pulumi.yaml", "utf8")) ?? [];
    const [, repository, branch] = /^(https:.+?)(?:\/tree\/([^/]+))?\/stacks\/\w+\/?$/.exec(template ?? "") ?? [];
    if (repository !== undefined) return `git+${repository}${branch === undefined ? "" : `#${branch}`}`;
    const folder = resolve(template ?? "", "../..");
    const manifest = join(folder, "package.json");
    const { name } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : {};
    return name === PACKAGE ? folder : undefined;
}

function npm(args, cwd = ".") {
    const words = [process.env.npm_execpath, ...args, "--no-audit", "--no-fund"];
    return spawnSync(process.execPath, words, { cwd, stdio: "inherit" }).status === 0;
}

function install(from) {
    if (from === undefined || !/npm-cli\.[cm]?js$/.test(process.env.npm_execpath ?? "")) return false;
    console.log(`installing ${PACKAGE} from ${from}`);
    const mustBuild = existsSync(from) && !existsSync(join(from, "dist"));
    return (!mustBuild || npm(["install"], from)) && npm(["install", from]);
}

if (!isInstalled() && !install(source()))
    console.error(
        `${PACKAGE} is missing: run npm install <folder of its clone> or npm install <tarball from npm pack>`,
    );
