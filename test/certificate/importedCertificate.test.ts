// Tests PortalCertificate with an existing certificate: relative paths, the inputs that `check` refuses, the contents
// of state, and the effects of a changed file or input.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readPfx } from "../../provider/certificate/pfx/readPfx";
import type { CertificateInputs } from "../../provider/certificate/inputs";
import { freezeClock } from "../../provider/entra/clock";
import { portalCertificateHooks as hooks } from "../../provider/certificate/hooks";
import { makeMaterial, type Material, type Pair } from "./pfx/corpus/material";
import { run } from "./pfx/corpus/tools";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PASSWORD = "the file's own password";
let material: Material;
let folder: string;
let restore: () => void;
beforeAll(() => {
    material = makeMaterial();
    folder = mkdtempSync(join(tmpdir(), "imported-"));
    for (const name of ["self", "other", "expired", "small", "elliptic"] as const) write(material[name], `${name}.pfx`);
});
afterAll(() => {
    material.remove();
    rmSync(folder, { recursive: true });
});
beforeEach(() => (restore = freezeClock(new Date())));
afterEach(() => {
    restore();
    jest.restoreAllMocks();
});

const file = (name: string) => join(folder, name);

function write({ key, certificate }: Pair, name: string): void {
    const source = ["-inkey", key, "-in", certificate, "-passout", "stdin"];
    run("openssl", ["pkcs12", "-export", ...source, "-out", file(name)], `${PASSWORD}\n`);
}

const pfx = (name: string, more: Record<string, unknown> = {}) => ({
    source: { pfx: { file: file(name), password: PASSWORD } },
    ...more,
});

async function checked(news: Record<string, unknown>, olds: Record<string, unknown> = {}) {
    const { inputs, failures } = await hooks.check(olds, news);
    expect(failures).toEqual([]);
    return inputs as CertificateInputs & Record<string, unknown>;
}

async function created(news: Record<string, unknown>) {
    const inputs = await checked(news);
    const { id, outs } = await hooks.create(inputs);
    return { id, inputs, state: outs };
}

describe("a relative path", () => {
    const project = () => join(folder, "project");
    beforeAll(() => {
        for (const name of ["src", "certs"]) mkdirSync(join(project(), name), { recursive: true });
        writeFileSync(join(project(), "Pulumi.yaml"), "name: portals\nmain: src/index.ts\n");
        copyFileSync(file("self.pfx"), join(project(), "certs/portal.pfx"));
    });
    beforeEach(() => void jest.spyOn(process, "cwd").mockReturnValue(join(project(), "src")));
    const of = (path: string) => ({ source: { pfx: { file: path, password: PASSWORD } } });

    test("starts at the folder of Pulumi.yaml, whatever main says", async () => {
        expect((await checked(of("certs/portal.pfx"))).thumbprint).toBe(material.self.thumbprint);
    });

    test("with other separators names the same file", async () => {
        const before = await checked(of("certs/portal.pfx"));
        expect(await checked(of("./certs//portal.pfx"), before)).toEqual(before);
    });

    test("of Windows keeps its single backslashes in messages", async () => {
        const { failures } = await hooks.check({}, of("C:\\keys\\none.pfx"));
        expect(failures[0]?.reason).toContain(String.raw`C:\keys\none.pfx": the file does not exist`);
    });

    test("is shown as an absolute path if the file does not exist", async () => {
        const { failures } = await hooks.check({}, of("certs/none.pfx"));
        expect(failures[0]?.reason).toContain(`"${join(project(), "certs/none.pfx")}": the file does not exist`);
    });

    test("is shown as an absolute path if the password is wrong", async () => {
        const { failures } = await hooks.check({}, { source: { pfx: { file: "certs/portal.pfx", password: "no" } } });
        expect(failures[0]?.reason).toContain(`"${join(project(), "certs/portal.pfx")}"`);
    });
});

describe("check", () => {
    test("fills in the thumbprint", async () => {
        expect(await checked(pfx("self.pfx"))).toEqual({
            ...pfx("self.pfx"),
            thumbprint: material.self.thumbprint,
            exportPfx: false,
            pfxEncryption: "tripleDES-SHA1",
            status: "current",
        });
    });

    const rows: [name: string, news: () => Record<string, unknown>, property: string, reason: RegExp][] = [
        [
            "file and base64",
            () => ({ source: { pfx: { file: "a", base64: "b" } } }),
            "source.pfx.file",
            /either file or/,
        ],
        ["neither of them", () => ({ source: { pfx: {} } }), "source.pfx.file", /either file or base64/],
        ["a missing file", () => pfx("nowhere.pfx"), "source.pfx.file", /nowhere\.pfx": the file does not exist/],
        ["a folder", () => pfx("."), "source.pfx.file", /this is a folder/],
        // A read of /dev/zero would never end. Windows does not have this file.
        ["a device", () => ({ source: { pfx: { file: "/dev/zero" } } }), "source.pfx.file", /a device or a pipe|exist/],
        [
            "a wrong password",
            () => ({ source: { pfx: { file: file("self.pfx"), password: "guessed" } } }),
            "source.pfx.password",
            /self\.pfx": the file cannot be opened: the password is wrong/,
        ],
        ["text that is not base64", () => ({ source: { pfx: { base64: "%%%" } } }), "source.pfx.base64", /not base64/],
        [
            "RSA 1024",
            () => pfx("small.pfx"),
            "source.pfx.file",
            /small\.pfx": certificate \w{40} must have an RSA key of 2048 bits or more, got 1024/,
        ],
        ["an elliptic curve", () => pfx("elliptic.pfx"), "source.pfx.file", /only RSA keys/],
        [
            "an expired certificate",
            () => pfx("expired.pfx"),
            "source.pfx.file",
            /expired\.pfx": certificate \w{40} must not be expired, but it expired on .*; renew it/,
        ],
        [
            "exportPfx: false with generate",
            () => ({ source: { generate: { name: "a" } }, exportPfx: false }),
            "exportPfx",
            /leave it out/,
        ],
        [
            "a store without a criterion",
            () => ({ source: { store: {} } }),
            "source.store.thumbprint",
            /either thumbprint or/,
        ],
        [
            "a store in a folder that is not an absolute path",
            () => ({ source: { store: { subject: "a", location: "certificates" } } }),
            "source.store",
            /^source\.store\.location must be /,
        ],
        [
            "half a thumbprint",
            () => ({ source: { store: { thumbprint: "AB" } } }),
            "source.store.thumbprint",
            /40 hexadecimal/,
        ],
        [
            "a SHA-256 thumbprint",
            () => ({ source: { store: { thumbprint: "AB".repeat(32) } } }),
            "source.store.thumbprint",
            /40 hexadecimal digits; got a SHA-256 thumbprint; .* -fingerprint -sha1 prints it/,
        ],
    ];
    test.each(rows)("refuses %s", async (_name, news, property, reason) => {
        const { failures } = await hooks.check({}, news());
        expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
        expect(JSON.stringify(failures)).not.toContain("guessed");
        expect(JSON.stringify(failures)).not.toContain(PASSWORD);
    });

    test("only warns if the certificate in use has expired", async () => {
        const said = jest.spyOn(console, "log").mockImplementation(() => undefined);
        const { thumbprint } = material.expired;
        expect(await checked(pfx("expired.pfx"), { thumbprint })).toMatchObject({ thumbprint });
        expect(said.mock.calls.flat().join("\n")).toMatch(
            /warning: source\.pfx\.file: ".*expired\.pfx": certificate \w{40}: must not be expired/,
        );
    });

    test("accepts unknown values, also for the thumbprint", async () => {
        expect(await checked({ source: { pfx: { file: file("self.pfx"), password: UNKNOWN } } })).toMatchObject({
            thumbprint: UNKNOWN,
        });
        expect(await checked({ source: { pfx: UNKNOWN } })).toMatchObject({ thumbprint: UNKNOWN });
    });
});

describe("create", () => {
    test("keeps neither key nor password nor content in state", async () => {
        const base64 = readFileSync(file("self.pfx")).toString("base64");
        const { state } = await created({ source: { pfx: { base64, password: PASSWORD } } });
        expect(state.certificate).toMatchObject({ name: "self", thumbprint: material.self.thumbprint });
        expect(Object.keys(state).sort()).toEqual(
            ["certificate", "exportPfx", "pfxEncryption", "source", "status", "thumbprint"].sort(),
        );
        expect(state.source).toEqual({ pfx: {} });
    });

    test("with exportPfx, the outputs have a new PFX with another password, in the form that VB365 accepts", async () => {
        const { state } = await created(pfx("self.pfx", { exportPfx: true }));
        expect(state.pfxPassword).toMatch(/^[A-Za-z0-9]{32}$/);
        writeFileSync(file("out.pfx"), Buffer.from(state.pfx ?? "", "base64"));
        const env = { ...process.env, OUT: state.pfxPassword };
        const args = ["pkcs12", "-in", file("out.pfx"), "-passin", "env:OUT", "-nodes", "-info"];
        const text = execFileSync("openssl", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
        expect(text).toContain(readFileSync(material.self.certificate, "utf8").trim());
        expect(text).toContain("friendlyName: self");
    });

    test("refuses a file that was changed after it was checked", async () => {
        copyFileSync(file("self.pfx"), file("racing.pfx"));
        const inputs = await checked(pfx("racing.pfx"));
        copyFileSync(file("other.pfx"), file("racing.pfx"));
        await expect(hooks.create(inputs)).rejects.toThrow(/when it was checked and now contains/);
    });
});

describe("update", () => {
    test("a changed file leads to another certificate under the same id, and a preview shows its thumbprint", async () => {
        copyFileSync(file("self.pfx"), file("current.pfx"));
        const { id, inputs, state } = await created(pfx("current.pfx"));
        copyFileSync(file("other.pfx"), file("current.pfx"));
        const news = await checked(pfx("current.pfx"), inputs);
        expect([inputs["thumbprint"], news["thumbprint"]]).toEqual([
            material.self.thumbprint,
            material.other.thumbprint,
        ]);
        const after = (await hooks.update(id, state, news)).outs;
        expect(after.certificate).toMatchObject({ id, thumbprint: material.other.thumbprint });
    });

    test("the same certificate in another file does not count as new", async () => {
        const { id, state } = await created(pfx("self.pfx"));
        copyFileSync(file("self.pfx"), file("moved.pfx"));
        const after = (await hooks.update(id, state, await checked(pfx("moved.pfx")))).outs;
        expect(after.certificate).toEqual(state.certificate);
        expect(after.source).toEqual({ pfx: { file: file("moved.pfx") } });
    });

    test("exportPfx can be set later, and unset again", async () => {
        const { id, state } = await created(pfx("self.pfx"));
        const with_ = (await hooks.update(id, state, await checked(pfx("self.pfx", { exportPfx: true })))).outs;
        expect(with_).toMatchObject({ pfx: expect.any(String) as string, certificate: state.certificate });
        const without = (await hooks.update(id, with_, await checked(pfx("self.pfx")))).outs;
        expect(without).not.toHaveProperty("pfx");
        expect(without).not.toHaveProperty("pfxPassword");
    });

    test("another encryption writes the PFX again, with the same generated certificate", async () => {
        const generate = { source: { generate: { name: "Portal" } } };
        const { id, state } = await created(generate);
        const news = await checked({ ...generate, pfxEncryption: "AES256-SHA256" });
        const after = (await hooks.update(id, state, news)).outs;
        expect(after.certificate).toEqual(state.certificate);
        expect(after.pfx).not.toBe(state.pfx);
        const identity = readPfx(Buffer.from(after.pfx ?? "", "base64"), after.pfxPassword, new Date());
        expect(identity.certificate.thumbprint).toBe(state.certificate.thumbprint);
    });

    test("the source can change from generated to imported, and back", async () => {
        const { id, state } = await created({ source: { generate: { name: "Portal" } } });
        const imported = (await hooks.update(id, state, await checked(pfx("self.pfx")))).outs;
        expect(imported.certificate).toMatchObject({ id, thumbprint: material.self.thumbprint });
        expect(imported).not.toHaveProperty("pfx");
        const back = await hooks.update(id, imported, await checked({ source: { generate: { name: "Portal" } } }));
        expect(back.outs).toMatchObject({ certificate: { id, name: "Portal" }, pfx: expect.any(String) as string });
    });
});

test("read returns no inputs for an imported certificate, because only the engine has the password", async () => {
    const { id, state } = await created(pfx("self.pfx"));
    expect(await hooks.read(id, state as never)).toEqual({ id, props: state });
});
