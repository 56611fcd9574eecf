// Reads a PFX by each form of its path, such as relative and absolute paths. Windows has more forms than other systems.
// The hooks run in a separate process, whose working folder is the project's folder.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, win32 } from "node:path";

import { issueCertificate } from "../../provider/certificate/issue";
import { writePfx } from "../../provider/certificate/pfx/writePfx";
import { HooksProcess } from "../support/hooks/hooksProcess";

const PASSWORD = "the file's own password";
const folder = realpathSync.native(mkdtempSync(join(tmpdir(), "paths-")));
const NAME = join("my certificates", "restore portal.pfx");
const FILE = join(folder, NAME);

let hooks: HooksProcess;
let thumbprint: string;
beforeAll(async () => {
    const issued = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 90, now: new Date() });
    mkdirSync(join(folder, "my certificates"));
    const contents = { ...issued, friendlyName: "Portal", password: PASSWORD, encryption: "AES256-SHA256" } as const;
    writeFileSync(FILE, writePfx(contents));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    hooks = new HooksProcess({}, { resource: "portalCertificate", cwd: folder });
    const { inputs } = await checked(FILE);
    thumbprint = String(inputs?.["thumbprint"]);
});
afterAll(async () => {
    await hooks.end();
    rmSync(folder, { recursive: true });
});

interface Checked {
    readonly inputs?: Record<string, unknown>;
    readonly failures: { readonly property: string; readonly reason: string }[];
}

function checked(file: string, olds: Record<string, unknown> = {}): Promise<Checked> {
    return hooks.call("check", olds, { source: { pfx: { file, password: PASSWORD } } }) as Promise<Checked>;
}

const upper = () => FILE.charAt(0).toUpperCase() + FILE.slice(1);
/** Returns the path through the share of the whole drive, which only administrators can read. */
const unc = () => `\\\\localhost\\${FILE.charAt(0)}$${FILE.slice(2)}`;
const WAYS: [name: string, path: () => string][] = [
    ["an absolute path with a space", () => FILE],
    ["a path relative to the project", () => NAME],
    ["a path with ./ and /", () => "./my certificates/restore portal.pfx"],
    ["a path through ..", () => join("..", relative(join(folder, ".."), FILE))],
];
const WAYS_OF_WINDOWS: [name: string, path: () => string][] = [
    ["backslashes", () => "my certificates\\restore portal.pfx"],
    [".\\", () => ".\\my certificates\\restore portal.pfx"],
    ["a drive with slashes", () => FILE.replaceAll("\\", "/")],
    ["a small letter of the drive", () => FILE.charAt(0).toLowerCase() + FILE.slice(1)],
    ["other letter case", () => FILE.toUpperCase()],
    ["a path of the drive alone", () => FILE.slice(2)],
    ["a UNC path", unc],
    ["a long path", () => win32.toNamespacedPath(upper())],
];
const isThere = ([, path]: (typeof WAYS)[number]) => path !== unc || existsSync(unc());
const ways = process.platform === "win32" ? [...WAYS, ...WAYS_OF_WINDOWS].filter(isThere) : WAYS;

test.each(ways)("%s", async (_name, path) => {
    expect(thumbprint).toMatch(/^[0-9A-F]{40}$/);
    const { inputs, failures } = await checked(path());
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ thumbprint });
});

test("a colleague on another system may write the same path with other separators: no input changes", async () => {
    const slash = "my certificates/restore portal.pfx";
    const { inputs: first = {} } = await checked(slash);
    const file = slash.replace("/", "\\");
    const before = { ...first, source: { pfx: { file, password: PASSWORD } } };
    expect(await checked(slash, before)).toEqual({ inputs: before, failures: [] });
});

test.each([
    ["a missing file", "nowhere.pfx", "the file does not exist"],
    ["a folder", "my certificates", "this is a folder"],
])("%s is named with its absolute path, and backslashes stay single", async (_name, path, reason) => {
    const { failures } = await checked(path);
    expect(failures.map((failure) => failure.reason)).toEqual([
        expect.stringContaining(`"${join(folder, path)}": ${reason}`),
    ]);
});
