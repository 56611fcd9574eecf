// Finds the programs that make the corpus. If PATH lacks one, it comes from Debian's packages or PyPI, unpacked into
// the user's cache folder. Nothing is installed on the machine.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

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

// The programs print English messages on every machine, and use UTF-8 for file names and passwords.
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
    const lib = join(root, "usr/lib");
    const libraries = (existsSync(lib) ? readdirSync(lib) : [])
        .filter((name) => name.endsWith("-linux-gnu"))
        .flatMap((name) => [join(lib, name), join(lib, name, "nss")]);
    return { command: join(folder, tool), env: { ...ENV, LD_LIBRARY_PATH: libraries.join(":") } };
}

/** Uses separate package lists, so it needs neither root nor the machine's lists. */
function download(tool: Tool): Found {
    const name = PACKAGES[tool];
    const [root, work] = [join(CACHE, name), join(CACHE, `${name}.partial-${process.pid}`)];
    const state = join(work, "apt");
    const options = ["Debug::NoLocking=1", `Dir::State::lists=${state}/lists`, `Dir::Cache=${state}/cache`];
    const apt = (command: string, ...args: string[]) =>
        execFileSync(command, [...options.flatMap((option) => ["-o", option]), ...args], {
            cwd: state,
            encoding: "utf8",
            stdio: "pipe",
        });
    try {
        for (const folder of ["lists/partial", "cache"]) mkdirSync(join(state, folder), { recursive: true });
        apt("apt-get", "-qq", "update");
        const relations = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"];
        const closure = apt("apt-cache", "depends", "--recurse", ...relations.map((one) => `--no-${one}`), name);
        const needed = closure.split("\n").filter((line) => /^[a-z0-9]/.test(line));
        const here = installedPackages();
        apt("apt-get", "-qq", "download", ...needed.filter((one) => one === name || !here.has(one)));
        for (const file of readdirSync(state).filter((one) => one.endsWith(".deb"))) {
            execFileSync("dpkg", ["-x", join(state, file), work], { stdio: "pipe" });
        }
        rmSync(state, { recursive: true });
        rmSync(root, { recursive: true, force: true });
        renameSync(work, root);
    } catch (error) {
        rmSync(work, { recursive: true, force: true });
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${tool} is needed for the corpus of PFX files: install ${name} (${reason})`);
    }
    const result = unpacked(tool);
    if (!result) throw new Error(`${tool} is not in Debian's package ${name}`);
    return result;
}

function installedPackages(): Set<string> {
    const format = "${db:Status-Status} ${Package}\n";
    const lines = execFileSync("dpkg-query", ["-W", "-f", format], { encoding: "utf8" }).split("\n");
    return new Set(lines.flatMap((line) => (line.startsWith("installed ") ? [line.slice("installed ".length)] : [])));
}

let interpreter: Found | undefined;

/** Returns a Python with pyca's cryptography. If none is installed, takes one from PyPI into the cache. */
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
