// Checks the help, the version, and the errors of the command line itself.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { version } from "../../package.json";
import { CliOnState } from "../support/cli/cliOnState";

let cli: CliOnState;
beforeAll(() => {
    cli = new CliOnState();
});
afterAll(() => cli.remove());

test.each([
    [["handover"], /use either --out or --show-password/],
    [["handover", "--out", "a", "--show-password"], /use either --out or --show-password/],
    [["handover", "--folder", "a"], /Unknown option '--folder'/],
    [
        ["hand-over"],
        /unknown command "hand-over"; use one of init, export, doctor, report, handover, pipelines, recover/,
    ],
    [["doctor", "--stack", "a", "--stack", "b"], /--stack is given several times; give it once/],
    [["handover", "--out", "a", "--stack", ""], /--stack is empty; give a value, or leave the option out/],
    [["recover", "--stack="], /--stack is empty/],
    [["doctor", "--", "--stack", "b"], /doctor has no options after --/],
    [["recover", "--", "--stack=b"], /--stack=b would apply to pulumi up only/],
    [["recover", "--", "-s", "b"], /-s would apply to pulumi up only/],
    [[], /the command is missing; use one of init, export, doctor, report, handover, pipelines, recover/],
])("the command line %j is refused with the reason, and with the command for help", async (args, message) => {
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain("For help, run: npx pulumi-restore-portal --help");
});

describe("outside of a project", () => {
    /** Runs the CLI in a folder that is not a Pulumi project. The fake Pulumi CLI fails there, as the real one does. */
    let outside: CliOnState;
    beforeAll(() => {
        outside = new CliOnState();
        outside.replacePulumi("process.exit(255);");
        const project = join(outside.folder, "project");
        mkdirSync(join(project, "src"), { recursive: true });
        writeFileSync(join(project, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
        mkdirSync(join(outside.folder, "empty"));
    });
    afterAll(() => outside.remove());

    const commands = [
        ["doctor"],
        ["doctor", "--stack", "dev"],
        ["handover", "--out", "portal"],
        ["handover", "--stack", "organization/portals/dev", "--show-password"],
        ["recover"],
        ["recover", "--clear-holder", "0123456789abcdef"],
    ];
    test.each(commands.map((args) => [args]))("%j says where to run it, and names --cwd", async (args) => {
        const { code, stderr } = await outside.run(...args);
        expect(code).toBe(1);
        expect(stderr).toContain(`there is no Pulumi project in ${outside.folder} or above it`);
        expect(stderr).toContain("name that folder with --cwd");
    });

    test("--cwd that names a folder without a project is named with its absolute path", async () => {
        const { code, stderr } = await outside.run("doctor", "--cwd", "empty");
        expect(code).toBe(1);
        expect(stderr).toContain(`there is no Pulumi project in ${join(outside.folder, "empty")} or above it`);
    });

    const notFolders = ["doctor", "report"].flatMap((command) =>
        ["none", "pulumi"].map((cwd) => [command, cwd] as const),
    );
    test.each(notFolders)(
        "%s --cwd %s, which is not a folder, is named, and not a missing Pulumi CLI",
        async (command, cwd) => {
            const { code, stderr } = await outside.run(command, "--cwd", cwd);
            expect(code).toBe(1);
            expect(stderr).toContain(
                `${join(outside.folder, cwd)} is not a folder; name the folder of the program with --cwd`,
            );
            expect(stderr).not.toContain("install the Pulumi CLI");
        },
    );

    const unstartable: [string, number | undefined, RegExp][] = [
        ["is missing", undefined, /ENOENT; install the Pulumi CLI, or add it to PATH/],
        ["may not be run", 0o644, /EACCES; this user is not allowed to run the Pulumi CLI/],
    ];
    // On Windows, a file mode does not stop a user from running a file, so the row with a mode is left out there.
    const rows = unstartable.filter(([, mode]) => mode === undefined || process.platform !== "win32");
    test.each(rows)("a Pulumi CLI that %s is named with a remedy for that case", async (_case, mode, message) => {
        const PATH = join(outside.folder, "programs");
        rmSync(PATH, { recursive: true, force: true });
        mkdirSync(PATH);
        if (mode !== undefined) writeFileSync(join(PATH, "pulumi"), "", { mode });
        const project = new CliOnState({ PATH });
        const { code, stderr } = await project.run("doctor", "--cwd", join(outside.folder, "project"));
        project.remove();
        expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    });

    test.each(["project", "project/src"])(
        "--cwd %s is in a project, so another error is not blamed on it",
        async (cwd) => {
            const { code, stderr } = await outside.run("doctor", "--cwd", cwd);
            expect(code).toBe(1);
            expect(stderr).toContain("pulumi stack export ended with exit code 255; correct the error above");
            expect(stderr).not.toContain("no Pulumi project");
        },
    );
});

test("--help describes all commands, or one", async () => {
    const all = await cli.run("--help");
    expect(all.code).toBe(0);
    for (const name of ["init", "export", "doctor", "handover", "recover"])
        expect(all.stdout).toMatch(new RegExp(`^ +${name}`, "m"));
    const one = await cli.run("doctor", "--help");
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^ +doctor/m);
    expect(one.stdout).not.toMatch(/^ +handover/m);
    expect(await cli.run("doctor", "--stack", "dev", "--help")).toMatchObject({ code: 0, stdout: one.stdout });
});

test("--version prints the version of the package", async () => {
    expect(await cli.run("--version")).toMatchObject({ code: 0, stdout: `${version}\n` });
});
