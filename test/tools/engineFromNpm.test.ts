// Runs tools/engine.mjs, which downloads an engine with the published npm package `pulumi`. One server on loopback
// replaces the registry and the vendor's download site, and provides a fake engine.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execFileSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox, engineOf, printsVersion } from "./sandbox";

// Each test starts several processes, so it needs more time.
jest.setTimeout(60_000);

const VERSION = "3.265.0";
const PACKAGE = published(`pulumi@${VERSION}`);
const BUILD = `/releases/sdk/pulumi-v${VERSION}.tar.gz`;

/** Replaces the vendor's script, with the same options. */
const INSTALL_SCRIPT = `#!/bin/sh
set -e
while [ $# -gt 0 ]; do
    case "$1" in
        --install-root) root="$2"; shift 2 ;;
        --version) version="$2"; shift 2 ;;
        *) shift ;;
    esac
done
folder=$(mktemp -d)
url="$STAND_IN/releases/sdk/pulumi-v$version.tar.gz"
curl -fsS "$url" -o "$folder/build.tar.gz" || wget -q "$url" -O "$folder/build.tar.gz"
tar zxf "$folder/build.tar.gz" -C "$folder"
mkdir -p "$root/bin"
cp -r "$folder/pulumi/." "$root/bin/"
rm -rf "$folder"
`;

/** Returns the archive of a package, as its registry has it. */
function published(name: string): Buffer {
    const folder = mkdtempSync(join(tmpdir(), "published-"));
    try {
        execFileSync("npm", ["pack", name, "--prefer-offline", "--silent", "--pack-destination", folder]);
        return readFileSync(join(folder, readdirSync(folder)[0]!));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

let box: Sandbox;
let server: Server;
let base: string;
let answers: Map<string, string | Buffer>;
let requests: string[];

beforeEach(async () => {
    box = new Sandbox();
    requests = [];
    server = createServer((request, response) => {
        requests.push(request.url!);
        const body = answers.get(request.url!);
        response.writeHead(body === undefined ? 404 : 200).end(body ?? "not found");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    answers = new Map<string, string | Buffer>([
        ["/pulumi", packument(PACKAGE)],
        ["/pulumi.tgz", PACKAGE],
        ["/install.sh", INSTALL_SCRIPT],
        [BUILD, officialBuild(VERSION)],
    ]);
    Object.assign(box.env, {
        STAND_IN: base,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(redirect)}`,
        npm_config_registry: base,
        npm_config_fetch_retries: "0",
    });
});

afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    box.remove();
});

/** The package cannot be configured to use another download site, so this script redirects its requests. */
const redirect = `const real = fetch;
globalThis.fetch = (url, ...rest) => real(String(url).replace("https://get.pulumi.com", process.env.STAND_IN), ...rest);`;

function packument(content: Buffer): string {
    const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
    const dist = { tarball: `${base}/pulumi.tgz`, integrity };
    const version = { name: "pulumi", version: VERSION, bin: { pulumi: "run.js" }, dist };
    return JSON.stringify({ name: "pulumi", "dist-tags": { latest: VERSION }, versions: { [VERSION]: version } });
}

/** Makes a tarball like the vendor's: a folder `pulumi` with the CLI, a language host and a launcher. */
function officialBuild(version: string, names = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    const folder = mkdtempSync(join(box.folder, "official-"));
    for (const name of names) box.script(name, printsVersion(version), join(folder, "pulumi"));
    const { stdout, status } = spawnSync("tar", ["czf", "-", "-C", folder, "pulumi"]);
    expect(status).toBe(0);
    return stdout;
}

const kept = () => readdirSync(join(box.cache, "pulumi-restore-portal"));

describe("the official build by the npm package pulumi", () => {
    it("is downloaded, verified and kept, and the next run takes it without a request", async () => {
        const engine = engineOf(await box.findEngine());
        const name = `engine-${VERSION}-${process.platform}-${process.arch}`;
        const bin = join(box.cache, "pulumi-restore-portal", name, "bin");
        expect(engine).toEqual({ bin, version: VERSION, source: "npm" });
        expect([...new Set(requests)]).toEqual(["/pulumi", "/pulumi.tgz", "/install.sh", BUILD]);
        expect(readdirSync(bin)).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
        expect(kept()).toEqual([name]);
        expect(existsSync(join(box.env["HOME"]!, ".pulumi"))).toBe(false);

        requests = [];
        expect(engineOf(await box.findEngine())).toEqual({ bin, version: VERSION, source: "cache" });
        expect(requests).toEqual([]);
    });

    it("ignores another version in the user's environment", async () => {
        box.env["PULUMI_VERSION"] = "3.1.0";
        expect(engineOf(await box.findEngine()).version).toBe(VERSION);
    });

    it.each<[string, () => void, RegExp]>([
        ["the registry does not have the package", () => answers.delete("/pulumi"), /npm error 404/],
        [
            "the package does not match the registry's checksum",
            () => answers.set("/pulumi", packument(Buffer.from("another"))),
            /npm error .*integrity/i,
        ],
        ["the install script is missing", () => answers.delete("/install.sh"), /pulumi: HTTP 404 fetching/],
        ["the build is missing", () => answers.delete(BUILD), /pulumi: Command failed/],
        [
            "the build arrives cut short",
            () => answers.set(BUILD, officialBuild(VERSION).subarray(0, 100)),
            /pulumi: Command failed/,
        ],
        [
            "the build is another version",
            () => answers.set(BUILD, officialBuild("3.1.0")),
            /does not run as version 3\.265\.0: v3\.1\.0/,
        ],
        [
            "the build has no language host",
            () => answers.set(BUILD, officialBuild(VERSION, ["pulumi"])),
            /the engine has no pulumi-language-nodejs/,
        ],
    ])("is refused and Go is tried when %s", async (_, arrange, reason) => {
        arrange();
        const { code, stderr } = await box.findEngine();
        expect(code).toBe(1);
        expect(stderr).toMatch(reason);
        expect(stderr).toContain("go is not on PATH");
        expect(kept()).toEqual([]);
    });
});
