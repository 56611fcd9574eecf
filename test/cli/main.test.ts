// Checks the help, the version, and the errors of the command line itself.
import { writeFileSync } from "node:fs";
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
    [["hand-over"], /unknown command "hand-over"; use doctor, handover, recover/],
    [[], /the command is missing; use doctor, handover, recover/],
])("the command line %j is refused with the reason, and with the command for help", async (args, message) => {
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain("For help, run: pulumi-restore-portal --help");
});

test("outside of a project, a command says where to run it", async () => {
    const outside = new CliOnState();
    writeFileSync(join(outside.folder, "pulumi"), "#!/bin/sh\nexit 255\n");
    const { code, stderr } = await outside.run("doctor");
    const inside = new CliOnState();
    writeFileSync(join(inside.folder, "pulumi"), "#!/bin/sh\nexit 255\n");
    writeFileSync(join(inside.folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    const other = await inside.run("doctor");
    const named = await outside.run("doctor", "--cwd", inside.folder);
    for (const one of [outside, inside]) one.remove();
    expect(code).toBe(1);
    expect(stderr).toContain(`there is no Pulumi project in ${outside.folder} or above it`);
    expect(stderr).toContain("--cwd");
    for (const result of [other, named]) expect(result.stderr).not.toContain("no Pulumi project");
});

test("--help describes all commands, or one", async () => {
    const all = await cli.run("--help");
    expect(all.code).toBe(0);
    for (const name of ["doctor", "handover", "recover"]) expect(all.stdout).toMatch(new RegExp(`^ +${name}`, "m"));
    const one = await cli.run("doctor", "--help");
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/^ +doctor/m);
    expect(one.stdout).not.toMatch(/^ +handover/m);
});

test("--version prints the version of the package", async () => {
    expect(await cli.run("--version")).toMatchObject({ code: 0, stdout: `${version}\n` });
});
