// Finds the programs that make the corpus. If a program is not on PATH, downloads its package from Debian. If Python
// lacks pyca's cryptography, downloads it from PyPI. Unpacks both into the user's cache folder, and installs nothing.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

import { librariesOf, unpackDebian } from "../../../support/debianPackage";

const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-restore-portal", "corpus");

/** The Debian package of each program. */
const PACKAGES = {
    openssl: "openssl",
    keytool: "openjdk-17-jre-headless",
    certutil: "libnss3-tools",
    pk12util: "libnss3-tools",
    certtool: "gnutls-bin",
} as const;
export type Tool = keyof typeof PACKAGES;

export function run(tool: Tool | "python3", args: readonly string[], input?: string | Buffer): Buffer {
    const { command, env } = tool === "python3" ? python() : found(tool);
    try {
        return execFileSync(command, args, { env, input, stdio: ["pipe", "pipe", "pipe"], timeout: 60_000 });
    } catch (error) {
        const { stderr, message } = error as { stderr?: Buffer; message: string };
        throw new Error(`${tool} failed: ${stderr?.toString() ?? message}`);
    }
}

interface Found {
    readonly command: string;
    readonly env: NodeJS.ProcessEnv;
}

const known = new Map<Tool, Found>();

function found(tool: Tool): Found {
    const cached = known.get(tool);
    if (cached) return cached;
    const result = onPath(tool) ?? unpacked(tool) ?? download(tool);
    known.set(tool, result);
    return result;
}

// This locale makes the programs print English messages on every machine, and use UTF-8 for file names and passwords.
const ENV = { ...process.env, LC_ALL: "C.UTF-8" };

function onPath(tool: Tool): Found | undefined {
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    const folder = folders.find((one) => existsSync(join(one, tool)));
    return folder === undefined ? undefined : { command: join(folder, tool), env: ENV };
}

function unpacked(tool: Tool): Found | undefined {
    const root = join(CACHE, PACKAGES[tool]);
    const java = join(root, "usr/lib/jvm");
    const folders = [
        join(root, "usr/bin"),
        ...(existsSync(java) ? readdirSync(java).map((name) => join(java, name, "bin")) : []),
    ];
    const folder = folders.find((one) => existsSync(join(one, tool)));
    if (folder === undefined) return undefined;
    return { command: join(folder, tool), env: { ...ENV, LD_LIBRARY_PATH: librariesOf(root) } };
}

function download(tool: Tool): Found {
    const name = PACKAGES[tool];
    try {
        unpackDebian(name, join(CACHE, name));
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${tool} is needed for the corpus of PFX files: install ${name} (${reason})`);
    }
    const result = unpacked(tool);
    if (!result) throw new Error(`${tool} is not in Debian's package ${name}`);
    return result;
}

let interpreter: Found | undefined;

/**
 * Returns a Python that has pyca's cryptography 42 or later. If the installed Python lacks it, downloads it from PyPI
 * into the cache.
 */
function python(): Found {
    if (interpreter) return interpreter;
    const target = join(CACHE, "pyca");
    const env = { ...ENV, PYTHONPATH: target, PYTHONDONTWRITEBYTECODE: "1" };
    const works = () => {
        try {
            execFileSync(
                "python3",
                ["-c", "import cryptography; assert int(cryptography.__version__.split('.')[0]) >= 42"],
                {
                    env,
                    stdio: "pipe",
                },
            );
            return true;
        } catch {
            return false;
        }
    };
    if (!works()) {
        const partial = `${target}.partial-${process.pid}`;
        const pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            partial,
            "cryptography",
        ];
        execFileSync("python3", pip, { env: ENV, stdio: "pipe" });
        rmSync(target, { recursive: true, force: true });
        renameSync(partial, target);
    }
    interpreter = { command: "python3", env };
    return interpreter;
}
