// Runs a copy of tools/start.mjs in a temporary folder. Fakes replace npm, the commands, the gates and the engine.
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Outcome, ROOT, Sandbox } from "./sandbox";

// Each test starts several processes, so it needs more time.
jest.setTimeout(60_000);

const NPM_CI = "npm ci --include=dev --no-audit --no-fund";
const REBUILD = "npm rebuild node --ignore-scripts=false";

/** Replaces npm. `npm ci` installs one package and compiles. It also installs Node if `NO_SCRIPTS` is not set. */
const FAKE_NPM = `
echo "npm $*" >> "$LOG"
[ -n "$NPM_FAILS" ] && { echo "npm error network is down" >&2; exit 9; }
install_node() { mkdir -p node_modules/.bin && ln -sf "$NODE_22" node_modules/.bin/node; }
case "$1" in
    rebuild) install_node ;;
    ci)
        mkdir -p node_modules/alpha
        cp installed.json node_modules/.package-lock.json
        [ -z "$NO_SCRIPTS" ] && install_node
        sleep 0.02
        touch dist/.built ;;
esac`;

const OLDER = `data:text/javascript,Object.defineProperty(process,"version",{value:"v20.20.2"})`;

let box: Sandbox;

beforeEach(() => {
    box = new Sandbox();
    for (const name of readdirSync(join(ROOT, "tools")).filter((file) => file.endsWith(".mjs")))
        cpSync(join(ROOT, "tools", name), join(box.folder, "tools", name));
    // The bundler is not installed here, so these files replace the code that uses it.
    box.write("tools/bundle.mjs", "export const PLUGIN = ''; export async function bundlePlugin() {}");
    box.write("tools/reportPage.mjs", "export async function bundlePage() {}");
    lock({ "node_modules/alpha": { version: "1.0.0" } });
    box.write("package.json", "{}");
    // Before tools/build.mjs compiles, it checks that esbuild and preact are installed.
    box.write("node_modules/esbuild/index.mjs", "export const build = () => Promise.resolve();");
    box.write("node_modules/esbuild/package.json", JSON.stringify({ exports: "./index.mjs" }));
    box.write("node_modules/preact/index.js", "");
    // The tests run this command. The file dist/.built marks dist/ as compiled.
    const body = `console.log(JSON.stringify([process.argv.slice(2), process.version])); process.exit(Number(process.env.EXIT ?? 0));`;
    box.write("dist/emulator/main.js", body);
    box.write("dist/.built", "");
    box.script("npm", FAKE_NPM);
    box.env["NODE_22"] = process.execPath;
});

afterEach(() => box.remove());

function lock(packages: Record<string, object>): void {
    const all = { "": { version: "0.1.0" }, ...packages, "node_modules/of-another-platform": { optional: true } };
    box.write("package-lock.json", JSON.stringify({ packages: all }));
    box.write("installed.json", JSON.stringify({ packages }));
}

const start = (...args: string[]): Promise<Outcome> => box.run(["tools/start.mjs", ...args]);
const startOnOlderNode = (...args: string[]): Promise<Outcome> =>
    box.run([`--import=${OLDER}`, "tools/start.mjs", ...args]);

async function install(): Promise<void> {
    await start("emulator");
    rmSync(box.env["LOG"]!);
}

describe("missing parts are installed", () => {
    it("in a new clone, with one line and nothing on stdout", async () => {
        const { code, stdout, stderr } = await start("emulator", "--port", "1");
        expect({ code, stdout }).toEqual({ code: 0, stdout: `[["--port","1"],"${process.version}"]\n` });
        expect(stderr).toBe("installing packages with npm ci ...\n");
        expect(box.log()).toEqual([NPM_CI]);
    });

    it("once: the next run uses it and prints nothing", async () => {
        await install();
        expect((await start("emulator")).stderr).toBe("");
        expect(box.log()).toEqual([]);
    });

    it.each([
        ["when package-lock.json wants another version", () => lock({ "node_modules/alpha": { version: "1.0.1" } })],
        ["when package-lock.json wants another package", () => lock({ "node_modules/beta": { version: "1.0.0" } })],
        ["when npm was interrupted", () => rmSync(join(box.folder, "node_modules/.package-lock.json"))],
        ["when a package's folder is gone", () => rmSync(join(box.folder, "node_modules/alpha"), { recursive: true })],
        ["when node_modules is gone", () => rmSync(join(box.folder, "node_modules"), { recursive: true })],
    ])("%s", async (_, arrange) => {
        await install();
        arrange();
        expect((await start("emulator")).code).toBe(0);
        expect(box.log()).toEqual([NPM_CI]);
    });

    it("and if npm fails, one error has its message and exit code", async () => {
        box.env["NPM_FAILS"] = "yes";
        const { code, stdout, stderr } = await start("emulator");
        expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
        expect(stderr).toContain(`error: ${NPM_CI}: exit code 9\nnpm error network is down\n`);
        expect(stderr).not.toMatch(/^\s+at /m);
    });
});

describe("on an older Node", () => {
    it("the command runs on the Node of node_modules, and one line reports that", async () => {
        await install();
        const { code, stdout, stderr } = await startOnOlderNode("emulator", "--port", "1");
        expect({ code, stdout }).toEqual({ code: 0, stdout: `[["--port","1"],"${process.version}"]\n` });
        expect(stderr).toBe(`Node 20.20.2 is too old; using Node ${process.version.slice(1)} from node_modules\n`);
    });

    it("the exit code of the command is passed on", async () => {
        await install();
        box.env["EXIT"] = "7";
        expect((await startOnOlderNode("emulator")).code).toBe(7);
    });

    it("the binary is fetched if npm runs no scripts", async () => {
        box.env["NO_SCRIPTS"] = "yes";
        const { code, stderr } = await startOnOlderNode("emulator");
        expect(code).toBe(0);
        expect(box.log()).toEqual([NPM_CI, REBUILD]);
        expect(stderr).toContain("fetching Node 22 from npm ...\n");
    });

    it("one error says what to do if there is no Node", async () => {
        await install();
        rmSync(join(box.folder, "node_modules/.bin/node"));
        box.script("node", "echo v18.0.0", join(box.folder, "node_modules/.bin"));
        const { code, stdout, stderr } = await startOnOlderNode("emulator");
        expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
        expect(stderr.trim().split("\n")).toHaveLength(1);
        expect(stderr).toMatch(
            /^error: Node 22 or newer is missing: this is v20\.20\.2, .*npm rebuild node --ignore-scripts=false\n$/,
        );
    });
});

it("on a new enough Node, the binary of node_modules may be missing", async () => {
    box.env["NO_SCRIPTS"] = "yes";
    expect((await start("emulator")).code).toBe(0);
    expect(box.log()).toEqual([NPM_CI]);
});

it("dist/ is compiled if a source is newer, and a compiler error ends the run", async () => {
    await install();
    box.write(
        "node_modules/typescript/bin/tsc",
        `console.log("bad.ts(1,1): error TS1"); process.exit(Number(process.env.TSC));`,
    );
    box.write("dist/.tsbuildinfo", "");
    await new Promise((done) => setTimeout(done, 20));
    box.write("provider/index.ts", "");
    box.env["TSC"] = "2";
    for (let time = 1; time <= 2; time++) {
        const { code, stderr } = await start("emulator");
        expect({ code, stderr }).toEqual({
            code: 1,
            stderr: "compiling to dist/ ...\nerror: compiling failed:\nbad.ts(1,1): error TS1\n",
        });
    }
    box.env["TSC"] = "0";
    expect(await start("emulator")).toMatchObject({ code: 0, stderr: "compiling to dist/ ...\n" });
    expect(await start("emulator")).toMatchObject({ code: 0, stderr: "" });
});

it("the demo runs with the engine, node_modules' programs and the SDK's launcher on PATH", async () => {
    await install();
    box.script("pulumi", "echo v3.300.0");
    box.script("pulumi-language-nodejs", "");
    box.write(
        "dist/tools/demo.js",
        `console.log(process.env.PATH.split(":").join("\\n"), process.env.PULUMI_SKIP_UPDATE_CHECK);`,
    );
    const { stdout } = await start("demo");
    const own = box.env["PATH"]!.split(":");
    const modules = join(box.folder, "node_modules");
    expect(stdout.trim().split("\n")).toEqual([
        join(modules, ".bin"),
        box.bin,
        ...own,
        `${join(modules, "@pulumi/pulumi")} true`,
    ]);
});

it.each(["SIGINT", "SIGTERM"] as const)("%s is passed on to the command, which handles it", async (signal) => {
    await install();
    box.write(
        "dist/emulator/main.js",
        `process.on(process.env.SIGNAL, () => { console.log("closed"); process.exit(3); });
        setInterval(() => {}, 1000);
        console.log("ready");`,
    );
    box.env["SIGNAL"] = signal;
    const { child, outcome } = box.start([`--import=${OLDER}`, "tools/start.mjs", "emulator"]);
    await new Promise((ready) => child.stdout.once("data", ready));
    child.kill(signal);
    expect(await outcome).toMatchObject({ code: 3, stdout: "ready\nclosed\n" });
});

it("an unknown command is refused with the list of all commands", async () => {
    await install();
    expect(await start("tset")).toMatchObject({
        code: 1,
        stderr: `error: unknown command "tset"; use one of demo, emulator, test, test:deep, test:all, test:unit, test:engine, test:windows, format, lint, types, release, bench\n`,
    });
});

describe("the gates", () => {
    type Gate = readonly [name: string, script: string, args: string];
    /** These gates are one step: lint runs at the same time as format and types. */
    const SIDE_BY_SIDE = ["lint", "format", "types"];
    const ENGINE = "<rootDir>/test/engine";
    const DEEP = "\\.deep\\.test\\.ts$";
    const ALONE = "/engine/parallel\\.deep\\.test\\.ts$";
    /** Go is missing in the sandbox, so the tests that need it are left out. */
    const ON_ENGINE = `--roots ${ENGINE} --testPathIgnorePatterns /engine/native/`;
    const BUILD: Gate = ["build", "node_modules/typescript/bin/tsc", "-p tsconfig.build.json"];
    const JEST = "node_modules/jest/bin/jest.js";
    const QUICK: readonly Gate[] = [
        BUILD,
        ["lint", "node_modules/eslint/bin/eslint.js", "."],
        ["format", "node_modules/prettier/bin/prettier.cjs", "--check ."],
        ["types", "node_modules/typescript/bin/tsc", "--noEmit"],
        ["types", "node_modules/typescript/bin/tsc", "-p tools/tsconfig.scripts.json"],
        ["types", "node_modules/typescript/bin/tsc", "-p cli/report/html/page/tsconfig.json"],
        ["docs", "tools/docs.mjs", "--check"],
        ["unit and hooks", JEST, `--testPathIgnorePatterns ${ENGINE} ${DEEP}`],
        ["engine", JEST, `--testPathIgnorePatterns ${DEEP} ${ON_ENGINE}`],
    ];
    const DEEP_RUNS: readonly Gate[] = [
        ["deep", JEST, `--testPathPatterns ${DEEP} --testPathIgnorePatterns ${ENGINE}`],
        ["deep, engine, alone", JEST, `--testPathPatterns ${ALONE} ${ON_ENGINE}`],
        ["deep, engine", JEST, `--testPathPatterns ${DEEP} --testPathIgnorePatterns ${ALONE} ${ON_ENGINE}`],
    ];
    const COMMANDS = {
        test: QUICK,
        "test:deep": [BUILD, ...DEEP_RUNS],
        "test:all": [...QUICK, ...DEEP_RUNS],
    };
    const ran = (gates: readonly Gate[]) => gates.map(([, script, args]) => `${script.replace(/.*\//, "")} ${args}`);
    /** Sorts the lines of the gates in `SIDE_BY_SIDE`, because their order can vary. */
    const inSteps = (lines: readonly string[]) => {
        const isFree = (line: string) => ran(QUICK.filter(([name]) => SIDE_BY_SIDE.includes(name))).includes(line);
        const first = lines.findIndex(isFree);
        const free = lines.filter(isFree).sort();
        return first < 0 ? [...lines] : [...lines.slice(0, first), ...free, ...lines.slice(first + free.length)];
    };
    const namesOf = (gates: readonly Gate[]) => [...new Set(gates.map(([name]) => name))];

    beforeEach(async () => {
        await install();
        box.script("pulumi", "echo v3.300.0");
        box.script("pulumi-language-nodejs", "");
        const gate = (load: string) => `${load}
            const line = [basename(process.argv[1]), ...process.argv.slice(2)].join(" ");
            appendFileSync(process.env.LOG, line + "\\n");
            const times = process.env.RESTORE_PORTAL_TEST_TIMES;
            const time = (number) => JSON.stringify({ file: "test/" + number + ".test.ts", seconds: number }) + "\\n";
            if (times && line.startsWith("jest.js")) appendFileSync(times, [1, 2, 3, 4, 5, 6].map(time).join(""));
            console.log("output of " + line);
            process.exit(line === process.env.FAILS ? 5 : 0);`;
        const asModule = gate(`import { appendFileSync } from "node:fs"; import { basename } from "node:path";`);
        const asScript = gate(`const { appendFileSync } = require("fs"); const { basename } = require("path");`);
        for (const [, script] of QUICK) box.write(script, script.endsWith(".mjs") ? asModule : asScript);
        box.write("dist/.tsbuildinfo", "");
    });

    it.each(Object.entries(COMMANDS))(
        "npm run %s runs them in order, and prints the time of each",
        async (name, gates) => {
            const { code, stderr } = await start(name);
            expect(code).toBe(0);
            expect(inSteps(box.log())).toEqual(inSteps(ran(gates)));
            const lines = stderr.split("\n").filter((line) => /^(ok|FAIL|all)/.test(line));
            const expected = [...namesOf(gates).map((gate) => `ok    ${gate} (T)`), "all gates passed (T)"];
            expect(lines.map((line) => line.replace(/\d+\.\d s/, "T")).sort()).toEqual(expected.sort());
            expect(stderr).not.toContain("output of");
        },
    );

    it.each(Object.keys(COMMANDS))(
        "npm run %s refuses arguments, and names the commands for single files",
        async (name) => {
            const { code, stderr } = await start(name, "--testPathPatterns", "engine/init");
            expect([code, box.log()]).toEqual([1, []]);
            expect(stderr).toMatch(
                /takes no arguments, got --testPathPatterns; for single files, use "npm run test:unit/,
            );
        },
    );

    it("npm test ends with its ten slowest files", async () => {
        const { stderr } = await start("test");
        expect(stderr).toMatch(
            /\nthe 10 slowest of 12 test files:\n( +6 s {2}test\/6\.test\.ts\n){2}( +5 s .*\n){2}( +4 s .*\n){2}( +3 s .*\n){2}( +2 s .*\n){2}all gates/,
        );
    });

    it.each(ran(QUICK).map((line, index) => [line, index] as const))(
        "npm test stops if %s fails, with its exit code",
        async (line, index) => {
            box.env["FAILS"] = line;
            const { code, stdout, stderr } = await start("test");
            expect(code).toBe(5);
            const isFree = ([name]: Gate) => SIDE_BY_SIDE.includes(name);
            const last = isFree(QUICK[index]!) ? QUICK.findLastIndex(isFree) : index;
            const log = box.log();
            // The other gates of the same step may have run too, but no gate of a later step.
            expect(ran(QUICK.slice(0, last + 1))).toEqual(expect.arrayContaining(log));
            expect(log).toEqual(
                expect.arrayContaining([...ran(QUICK.slice(0, index).filter((one) => !isFree(one))), line]),
            );
            expect(stderr).toMatch(new RegExp(`^FAIL {2}${QUICK[index]![0]} \\(`, "m"));
            expect(stdout + stderr).toContain(`output of ${line}`);
        },
    );

    it("a gate whose script does not exist says so and passes", async () => {
        rmSync(join(box.folder, "tools/docs.mjs"));
        const { code, stderr } = await start("test");
        expect(code).toBe(0);
        expect(stderr).toContain("docs: tools/docs.mjs does not exist, so this command is skipped\n");
    });

    it("test:unit and test:engine pass further words on to jest", async () => {
        await start("test:unit", "plan", "-t", "drift");
        await start("test:engine", "lifecycle");
        expect(box.log()).toEqual([
            `jest.js plan -t drift --testPathIgnorePatterns ${ENGINE}`,
            `jest.js lifecycle ${ON_ENGINE}`,
        ]);
    });

    const TYPES = ran(QUICK.filter(([name]) => name === "types"));
    it.each([
        ["format", [], ["prettier.cjs --write ."]],
        ["lint", [], ["eslint.js ."]],
        ["lint", ["provider/sync"], ["eslint.js provider/sync"]],
        ["types", [], TYPES],
    ])("npm run %s %j runs the tool in a new clone too", async (name, args, expected) => {
        rmSync(join(box.folder, "node_modules/.package-lock.json"));
        expect((await start(name, ...args)).code).toBe(0);
        expect(box.log()).toEqual([NPM_CI, ...expected]);
    });
});
