// Unpacks a program from Debian's packages into a folder. Nothing is installed on the machine.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Unpacks the package, and the packages that it needs and this machine lacks. The function uses its own package lists,
 * so it needs neither root nor the machine's lists.
 */
export function unpackDebian(name: string, root: string): void {
    const work = `${root}.partial-${process.pid}`;
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
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

/** Returns the value of LD_LIBRARY_PATH with which an unpacked program finds its libraries. */
export function librariesOf(root: string): string {
    const lib = join(root, "usr/lib");
    return (existsSync(lib) ? readdirSync(lib) : [])
        .filter((name) => name.endsWith("-linux-gnu"))
        .flatMap((name) => [join(lib, name), join(lib, name, "nss")])
        .join(":");
}

function installedPackages(): Set<string> {
    const format = "${db:Status-Status} ${Package}\n";
    const lines = execFileSync("dpkg-query", ["-W", "-f", format], { encoding: "utf8" }).split("\n");
    return new Set(lines.flatMap((line) => (line.startsWith("installed ") ? [line.slice("installed ".length)] : [])));
}
