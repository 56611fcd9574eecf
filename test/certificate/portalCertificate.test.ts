// Checks the hooks of PortalCertificate: the inputs that `check` completes or refuses, the issued certificate and its
// PFX, and the reasons for a renewal.
import { createPrivateKey, X509Certificate } from "node:crypto";

import forge from "node-forge";

import { generateSource, type CertificateInputs } from "../../provider/certificate/inputs";
import { freezeClock } from "../../provider/entra/clock";
import { portalCertificateHooks as hooks } from "../../provider/certificate/hooks";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const START = new Date("2026-06-01T12:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1000;
let restore: () => void;
beforeEach(() => (restore = freezeClock(START)));
afterEach(() => restore());

function at(days: number): void {
    restore();
    restore = freezeClock(new Date(START.getTime() + days * DAY_MS));
}

async function inputsOf(generate: Record<string, unknown>, more: Record<string, unknown> = {}) {
    const { inputs, failures } = await hooks.check({}, { source: { generate }, ...more });
    expect(failures).toEqual([]);
    return inputs as CertificateInputs & Record<string, unknown>;
}

async function created(generate: Record<string, unknown> = { name: "Restore Portal" }) {
    const { id, outs } = await hooks.create(await inputsOf(generate));
    return { id, state: outs };
}

async function updated({ id, state }: Awaited<ReturnType<typeof created>>, inputs: CertificateInputs) {
    return (await hooks.update(id, state, inputs)).outs;
}

async function refreshed({ id, state }: Awaited<ReturnType<typeof created>>) {
    const { props = state } = await hooks.read(id, state);
    return { id, state: props };
}

test("an edited state does not break the diff, and the update names the remedy", async () => {
    const { id, state } = await created();
    const edited = { ...state, certificate: undefined } as never;
    const news = await inputsOf({ name: "Another" });
    expect(await hooks.diff(id, edited, news)).toEqual({});
    await expect(hooks.update(id, edited, news as never)).rejects.toThrow(
        /certificate is missing.*; restore an earlier/,
    );
});

describe("a PFX in state that cannot be read is not rewritten, and the update says how to go on", () => {
    const rows: [name: string, edit: Record<string, unknown>, why: string][] = [
        ["it was cut", { pfx: "MIIB" }, "the PFX in the state, or its password, is damaged; restore an earlier state"],
        ["another password", { pfxPassword: "other" }, "the PFX in the state, or its password, is damaged; restore an"],
        ["no PFX", { pfx: undefined }, "the state contains no PFX; change source.generate.name to get a new"],
    ];
    test.each(rows)("%s", async (_, edit, why) => {
        const { id, state } = await created();
        const news = await inputsOf({ name: "Restore Portal" }, { pfxEncryption: "AES256-SHA256" });
        await expect(hooks.update(id, { ...state, ...edit }, news)).rejects.toThrow(
            `rewriting the PFX of certificate "Restore Portal": ${why}`,
        );
    });
});

describe("check", () => {
    test("fills in the defaults", async () => {
        expect(await inputsOf({ name: "Portal" })).toEqual({
            source: { generate: { name: "Portal", keySize: 2048, validDays: 365, renewBeforeDays: 30 } },
            pfxEncryption: "tripleDES-SHA1",
            status: "current",
        });
    });

    const rows: [name: string, news: Record<string, unknown>, property: string, reason: RegExp][] = [
        ["no source", {}, "source", /must be an object such as .*, got nothing/],
        ["a list as source", { source: [] }, "source", /must be an object such as .*, got a list/],
        ["an empty source", { source: {} }, "source", /exactly one of generate, pfx, store; got none/],
        ["nothing to generate", { source: { generate: null } }, "source", /exactly one of .*; got none/],
        [
            "an unknown source",
            { source: { file: "x" } },
            "source.file",
            /is not an input of source; .* generate, pfx, store/,
        ],
        ["two sources", { source: { generate: { name: "a" }, pfx: {} } }, "source", /exactly one.*got generate, pfx/],
        ["no name", { source: { generate: {} } }, "source.generate.name", /1 to 64 characters, got nothing/],
        ["an empty name", { source: { generate: { name: " " } } }, "source.generate.name", /1 to 64 characters/],
        [
            "a long name",
            { source: { generate: { name: "x".repeat(65) } } },
            "source.generate.name",
            /64 characters, got 65/,
        ],
        ["a name with a line break", { source: { generate: { name: "a\nb" } } }, "source.generate.name", /control/],
        ["a small key", { source: { generate: { name: "a", keySize: 1024 } } }, "source.generate.keySize", /got 1024/],
        ["no day", { source: { generate: { name: "a", validDays: 0 } } }, "source.generate.validDays", /got 0/],
        ["half a day", { source: { generate: { name: "a", validDays: 1.5 } } }, "source.generate.validDays", /got 1.5/],
        [
            "a renewal at each deployment",
            { source: { generate: { name: "a", validDays: 20 } } },
            "source.generate.renewBeforeDays",
            /less than validDays \(20\).*got 30/,
        ],
        [
            "an unknown encryption",
            { source: { generate: { name: "a" } }, pfxEncryption: "RC2" },
            "pfxEncryption",
            /RC2/,
        ],
    ];
    test.each(rows)("refuses %s", async (_name, news, property, reason) => {
        const { failures } = await hooks.check({}, news);
        expect(failures).toContainEqual({ property, reason: expect.stringMatching(reason) as string });
    });

    test.each([
        ["source", { source: UNKNOWN }],
        ["generate", { source: { generate: UNKNOWN } }],
        ["its values", { source: { generate: { name: UNKNOWN, keySize: UNKNOWN, validDays: UNKNOWN } } }],
    ])("lets an unknown %s pass", async (_name, news) => {
        expect((await hooks.check({}, news)).failures).toEqual([]);
    });
});

describe("create", () => {
    test("issues RSA 2048 with SHA-256 for 365 days, valid since ten minutes ago", async () => {
        const { state } = await created();
        const certificate = new X509Certificate(state.certificate.certificatePem);
        expect(certificate.subject).toBe("CN=Restore Portal");
        expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
        expect(state.certificate.notBefore).toBe("2026-06-01T11:50:00Z");
        expect(state.certificate.notAfter).toBe("2027-06-01T11:50:00Z");
        expect(state.certificate.thumbprint).toBe(certificate.fingerprint.replaceAll(":", ""));
    });

    test("the PFX contains that certificate and its key, with a random password", async () => {
        const [first, second] = [await created(), await created()];
        const { pfx = "", pfxPassword, certificate } = first.state;
        const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(forge.util.decode64(pfx)), pfxPassword);
        const oid = forge.pki.oids["pkcs8ShroudedKeyBag"] ?? "";
        const key = file.getBags({ bagType: oid })[oid]?.[0]?.key;
        const pem = forge.pki.privateKeyToPem(key as forge.pki.PrivateKey);
        expect(new X509Certificate(certificate.certificatePem).checkPrivateKey(createPrivateKey(pem))).toBe(true);
        expect(pfxPassword).toMatch(/^[\x21-\x7e]{32}$/);
        expect(second.state.pfxPassword).not.toBe(pfxPassword);
        expect(second.state.certificate.thumbprint).not.toBe(certificate.thumbprint);
        expect(second.id).not.toBe(first.id);
    });
});

describe("update", () => {
    beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));
    afterAll(() => jest.restoreAllMocks());

    test("a changed validity or renewal time keeps the certificate, because it applies to the next one", async () => {
        const before = await created();
        const inputs = await inputsOf({ name: "Restore Portal", validDays: 90, renewBeforeDays: 10 });
        const after = await updated(before, inputs);
        expect(after.certificate).toEqual(before.state.certificate);
        expect(after.pfx).toBe(before.state.pfx);
        expect(generateSource(after.source)?.validDays).toBe(90);
    });

    test.each([
        ["name", { name: "Another" }],
        ["keySize", { name: "Restore Portal", keySize: 3072 }],
    ])("a changed %s issues a new certificate under the same id", async (_name, generate) => {
        const before = await created();
        const after = await updated(before, await inputsOf(generate));
        expect(after.certificate.thumbprint).not.toBe(before.state.certificate.thumbprint);
        expect(after.certificate.id).toBe(before.id);
    });

    test("renews from 30 days before the end, and not a day earlier", async () => {
        const before = await created();
        const inputs = await inputsOf({ name: "Restore Portal" });
        at(334);
        expect((await updated(await refreshed(before), inputs)).certificate).toEqual(before.state.certificate);
        at(335);
        const after = await updated(await refreshed(before), inputs);
        expect(after.certificate.thumbprint).not.toBe(before.state.certificate.thumbprint);
        expect(after.certificate).toMatchObject({ id: before.id, notAfter: "2028-05-01T11:50:00Z" });
    });

    test("a longer renewBeforeDays renews only after the next refresh has named the renewal", async () => {
        const before = await created();
        at(305);
        const inputs = await inputsOf({ name: "Restore Portal", renewBeforeDays: 90 });
        const state = await updated(await refreshed(before), inputs);
        expect(state.certificate).toEqual(before.state.certificate);
        const due = await refreshed({ ...before, state });
        expect(due.state.status).toBe("due for renewal: ends 2027-06-01");
        expect((await updated(due, inputs)).certificate.thumbprint).not.toBe(state.certificate.thumbprint);
    });

    test.each([335, 400])("another encryption on day %d, without a refresh, keeps the certificate", async (day) => {
        const before = await created();
        at(day);
        const inputs = await inputsOf({ name: "Restore Portal" }, { pfxEncryption: "AES256-SHA256" });
        const after = await updated(before, inputs);
        expect(after.certificate).toEqual(before.state.certificate);
        expect(after.pfx).not.toBe(before.state.pfx);
    });
});

describe("read", () => {
    let said: jest.SpyInstance;
    beforeEach(() => (said = jest.spyOn(console, "log").mockImplementation(() => undefined)));
    afterEach(() => said.mockRestore());

    test("names a due renewal by an input, and changes nothing", async () => {
        // A process prints a warning once, and other tests print it for "Restore Portal".
        const { id, state } = await created({ name: "Read Portal" });
        at(334);
        expect((await hooks.read(id, state as never)).inputs).toMatchObject({ status: "current" });
        at(336);
        const { inputs, props } = await hooks.read(id, state);
        expect(inputs).toMatchObject({ status: "due for renewal: ends 2027-06-01" });
        expect(props).toMatchObject({ certificate: state.certificate, pfx: state.pfx });
        const warned = said.mock.calls.flat().join();
        expect(warned).toMatch(
            /"Read Portal" expires on 2027-06-01; the first pulumi up on or after 2027-05-02 renews it/,
        );
    });
});
