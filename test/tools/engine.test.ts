import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Sandbox, engineOf, printsVersion } from "./sandbox";

// Each test starts several processes, so it needs more time.
jest.setTimeout(60_000);

const GO_ENGINE = `engine-3.259.0-${process.platform}-${process.arch}`;

/** Replaces Go. `go build` logs its folder, two variables and its arguments, and writes the file that `-o` names. */
const FAKE_GO = `
[ "$1" = version ] && { echo go version go1.26.0; exit 0; }
echo "\${PWD##*/} CGO_ENABLED=$CGO_ENABLED GOWORK=$GOWORK $*" >> "$LOG"
echo "go: downloading example.org/module v1.0.0" >&2
sleep "\${GO_TAKES:-0}"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho v3.259.0\\n' > "$2" && chmod 755 "$2"`;

let box: Sandbox;

beforeEach(() => {
    box = new Sandbox();
    // engineFromNpm.test.ts tests the download with npm. Here npm fails as it does if there is no network.
    box.script("npm", `echo "pulumi: fetch failed" >&2; exit 1`);
});

afterEach(() => box.remove());

const keptFolder = () => join(box.cache, "pulumi-restore-portal", GO_ENGINE);
const unfinished = () => readdirSync(dirname(keptFolder())).filter((name) => name.includes("unfinished"));

function keep(options: { marker: boolean }): void {
    box.script("pulumi", printsVersion("3.259.0"), join(keptFolder(), "bin"));
    box.script("pulumi-language-nodejs", "", join(keptFolder(), "bin"));
    if (options.marker) box.write(join(keptFolder(), "complete.json"), `{"version":"3.259.0"}`);
}

describe("the engine on PATH", () => {
    it.each(["3.227.0", "3.300.1", "4.0.0", "3.227.0-alpha.1"])("is used when it is version %s", async (version) => {
        box.script("pulumi", printsVersion(version));
        box.script("pulumi-language-nodejs", "");
        const outcome = await box.findEngine();
        expect(engineOf(outcome)).toEqual({ bin: box.bin, version, source: "PATH" });
        expect(outcome.stderr).toBe(`using Pulumi ${version} from ${box.bin}/pulumi\n`);
    });

    it.each([
        ["3.226.9", "is version 3.226.9, older than 3.227.0"],
        ["2.300.0", "is version 2.300.0, older than 3.227.0"],
    ])("is ignored if it is version %s", async (version, reason) => {
        box.script("pulumi", printsVersion(version));
        box.script("pulumi-language-nodejs", "");
        box.script("go", FAKE_GO);
        const outcome = await box.findEngine();
        expect(engineOf(outcome).source).toBe("go");
        expect(outcome.stderr).toContain(reason);
    });

    it.each([
        ["fails", "exit 3"],
        ["prints another text", "echo hello"],
    ])("is ignored if it %s", async (_, body) => {
        box.script("pulumi", body);
        box.script("pulumi-language-nodejs", "");
        keep({ marker: true });
        expect(engineOf(await box.findEngine()).source).toBe("cache");
    });

    it("is ignored if it has no language host", async () => {
        box.script("pulumi", printsVersion("3.300.0"));
        box.script("go", FAKE_GO);
        const outcome = await box.findEngine();
        expect(engineOf(outcome).source).toBe("go");
        expect(outcome.stderr).toContain("has no pulumi-language-nodejs beside it");
    });

    it("can be a link, with the language host beside its target", async () => {
        const real = join(box.folder, "opt");
        box.script("pulumi", printsVersion("3.300.0"), real);
        box.script("pulumi-language-nodejs", "", real);
        symlinkSync(join(real, "pulumi"), join(box.bin, "pulumi"));
        expect(engineOf(await box.findEngine()).bin).toBe(real);
    });

    it("may have its language host elsewhere on PATH", async () => {
        const other = join(box.folder, "other");
        box.script("pulumi", printsVersion("3.300.0"));
        box.script("pulumi-language-nodejs", "", other);
        box.env["PATH"] = [box.env["PATH"], other].join(delimiter);
        expect(engineOf(await box.findEngine()).bin).toBe(box.bin);
    });
});

describe("the engine in the user's cache folder", () => {
    it("is used at once and without output", async () => {
        keep({ marker: true });
        const outcome = await box.findEngine();
        expect(engineOf(outcome)).toEqual({ bin: join(keptFolder(), "bin"), version: "3.259.0", source: "cache" });
        expect(outcome.stderr).toBe("");
    });

    it.each([
        ["without its marker", () => keep({ marker: false })],
        [
            "without its language host",
            () => {
                keep({ marker: true });
                rmSync(join(keptFolder(), "bin", "pulumi-language-nodejs"));
            },
        ],
        [
            "with a half-written marker",
            () => {
                keep({ marker: false });
                box.write(join(keptFolder(), "complete.json"), `{"vers`);
            },
        ],
    ])("is not used %s, and is built again", async (_, arrange) => {
        arrange();
        box.script("go", FAKE_GO);
        expect(engineOf(await box.findEngine()).source).toBe("go");
        expect(engineOf(await box.findEngine()).source).toBe("cache");
    });

    it.each([
        ["XDG_CACHE_HOME", () => ({ XDG_CACHE_HOME: join(box.folder, "xdg") }), "xdg"],
        [
            "the home folder",
            () => ({ XDG_CACHE_HOME: "" }),
            process.platform === "darwin" ? "home/Library/Caches" : "home/.cache",
        ],
    ])("is under %s", async (_, env, folder) => {
        Object.assign(box.env, env());
        box.script("go", FAKE_GO);
        const expected = join(box.folder, folder, "pulumi-restore-portal", GO_ENGINE, "bin");
        expect(engineOf(await box.findEngine()).bin).toBe(expected);
    });

    it("loses unfinished engines that are older than a day, but keeps newer ones", async () => {
        const old = `${keptFolder()}.unfinished-old`;
        const fresh = `${keptFolder()}.unfinished-fresh`;
        for (const folder of [old, fresh]) mkdirSync(folder, { recursive: true });
        utimesSync(old, new Date(0), new Date(0));
        box.script("go", FAKE_GO);
        engineOf(await box.findEngine());
        expect(unfinished()).toEqual([`${GO_ENGINE}.unfinished-fresh`]);
    });
});

describe("the engine built by Go", () => {
    beforeEach(() => box.script("go", FAKE_GO));

    it("is built with exactly these two commands, from the pinned modules", async () => {
        const { bin, version, source } = engineOf(await box.findEngine());
        expect({ bin, version, source }).toEqual({ bin: join(keptFolder(), "bin"), version: "3.259.0", source: "go" });
        const common = "CGO_ENABLED=0 GOWORK=off build -v -mod=readonly -buildvcs=false -trimpath";
        const lines = box.log().map((line) => line.replace(/-o \S+unfinished-\w+/, "-o OUT"));
        expect(lines).toEqual([
            `cli ${common} -tags osusergo,grpcnotrace -ldflags -w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0 ` +
                `-o OUT/bin/pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi`,
            `languagehost ${common} -ldflags -w -s ` +
                `-o OUT/bin/pulumi-language-nodejs github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs`,
        ]);
    });

    it("has the SDK's launcher of dynamic providers beside it, executable", async () => {
        const { bin } = engineOf(await box.findEngine());
        expect(readdirSync(bin).sort()).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
        expect(statSync(join(bin, "pulumi-resource-pulumi-nodejs")).mode & 0o777).toBe(0o755);
    });

    it("is found at once by the next run", async () => {
        engineOf(await box.findEngine());
        const commands = box.log().length;
        expect(engineOf(await box.findEngine()).source).toBe("cache");
        expect(box.log()).toHaveLength(commands);
    });

    it("prints its progress every few seconds", async () => {
        Object.assign(box.env, { GO_TAKES: "0.5", RESTORE_PORTAL_TICK_MS: "100" });
        const { stderr } = await box.findEngine();
        expect(stderr).toMatch(/^building Pulumi 3\.259\.0 with Go .*\n( {2}\.\.\. 0\.\d s, 1 downloads\n){2}/m);
    });

    it("is not used when the build was killed, and the next run builds it", async () => {
        box.env["GO_TAKES"] = "1";
        const { child, outcome } = box.start([join(__dirname, "../../tools/engine.mjs")]);
        while (box.log().length === 0) await new Promise((done) => setTimeout(done, 20));
        child.kill("SIGKILL");
        await outcome;
        expect(existsSync(keptFolder())).toBe(false);
        box.env["GO_TAKES"] = "0";
        expect(engineOf(await box.findEngine()).source).toBe("go");
    });

    it("is complete if two runs build it at the same time", async () => {
        box.env["GO_TAKES"] = "0.3";
        const engines = (await Promise.all([box.findEngine(), box.findEngine()])).map(engineOf);
        expect(engines.map(({ bin }) => bin)).toEqual(Array(2).fill(join(keptFolder(), "bin")));
        expect(JSON.parse(readFileSync(join(keptFolder(), "complete.json"), "utf8"))).toMatchObject({
            version: "3.259.0",
        });
        expect(unfinished()).toEqual([]);
    });

    it("is refused when it is another version", async () => {
        box.script("go", FAKE_GO.replace("echo v3.259.0", "echo v3.1.0"));
        const { code, stderr } = await box.findEngine();
        expect(code).toBe(1);
        expect(stderr).toContain("pulumi does not run as version 3.259.0: v3.1.0");
        expect(existsSync(keptFolder())).toBe(false);
    });

    it("shows the compiler's error when the build fails, without the downloads", async () => {
        box.script(
            "go",
            `[ "$1" = version ] && exit 0; echo "go: downloading a.b/c v1.0.0"; echo golang.org/x/net; echo "main.go:1: no space left"; exit 2`,
        );
        const { code, stderr } = await box.findEngine();
        expect(code).toBe(1);
        expect(stderr).toContain("go build of pulumi: exit code 2\n     main.go:1: no space left\n     remedy: ");
        expect(unfinished()).toEqual([]);
    });
});

it("without any engine, one error names the three ways, why each failed, and its remedy", async () => {
    box.script("pulumi", printsVersion("3.100.0"));
    const { code, stdout, stderr } = await box.findEngine();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.slice(stderr.indexOf("error: ")).trim().split("\n")).toEqual([
        "error: a usable Pulumi CLI 3.227.0 or newer is missing. It could not be obtained in any of three ways:",
        `  1. from PATH: ${box.bin}/pulumi is version 3.100.0, older than 3.227.0`,
        "     remedy: install Pulumi 3.227.0 or newer (https://www.pulumi.com/docs/install/) and open a new terminal",
        "  2. download with the npm package pulumi@3.265.0: pulumi: fetch failed",
        "     remedy: allow this machine to connect to the npm registry and to get.pulumi.com",
        "  3. build with Go from the published modules: go is not on PATH",
        "     remedy: install Go 1.26 or newer (https://go.dev/dl/) and allow it to connect to its module proxy",
        "One remedy is enough. Then run the same command again.",
    ]);
    expect(stderr).not.toMatch(/^\s+at /m);
});
