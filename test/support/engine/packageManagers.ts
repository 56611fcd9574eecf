// Packs this package once with `npm pack`, and provides real package managers. npm installs each package manager once,
// into the user's cache folder.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-restore-portal");

let packed: string | undefined;

/** Returns the path of the tarball. The sources are built already, so the script `prepare` need not run. */
export function packedPackage(): string {
    if (packed !== undefined) return packed;
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const [made] = JSON.parse(execFileSync("npm", args, { cwd: ROOT, encoding: "utf8" })) as { filename: string }[];
    packed = join(folder, made?.filename ?? "");
    return packed;
}

/**
 * Returns the environment variables that package managers need: for their settings, caches, proxies and trusted
 * certificate authorities.
 */
export function machineEnvironment(): Record<string, string | undefined> {
    const names = Object.keys(process.env).filter((name) =>
        /^(HOME|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|.*_proxy|npm_config_.*|YARN_.*)$/i.test(name),
    );
    return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

const TOOLS = { pnpm: "pnpm@10", yarn: "@yarnpkg/cli-dist@4", bun: "bun@1" } as const;
type Tool = keyof typeof TOOLS;

/** Returns PATH with the package manager (unless it is npm) and Node.js 22 at its beginning. */
export function pathWith(tool: Tool | "npm"): string {
    const node = join(ROOT, "node_modules/node/bin");
    const rest = [node, process.env["PATH"] ?? ""].join(delimiter);
    return tool === "npm" ? rest : [join(installed(tool), "node_modules/.bin"), rest].join(delimiter);
}

function installed(tool: Tool): string {
    const folder = join(CACHE, `tool-${TOOLS[tool].replaceAll("/", "-")}`);
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial-${process.pid}`;
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, "package.json"), JSON.stringify({ private: true }));
    execFileSync("npm", ["install", "--no-audit", "--no-fund", TOOLS[tool]], { cwd: partial, stdio: "pipe" });
    renameSync(partial, folder);
    return folder;
}
