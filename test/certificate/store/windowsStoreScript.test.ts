// Runs the script for the Personal store of Windows in a real PowerShell, and checks each outcome. On Linux, .NET keeps
// such a store in the home folder, which is a new folder here.
import { readFromStore } from "../../../provider/certificate/store/store";
import { WINDOWS_STORE_BOOTSTRAP, WINDOWS_STORE_SCRIPT } from "../../../provider/certificate/store/windowsStoreScript";
import { describeInPowerShell, faultsIn51, ONLY_IN_7 } from "../../support/powershell/powershell";
import { WRITTEN } from "../../support/store/subjects";
import { WindowsStore, type StoreAnswer } from "../../support/store/windowsStore";

jest.setTimeout(180_000);

describeInPowerShell("the script for the Personal store", () => {
    let store: WindowsStore;
    let meanings: (string | undefined)[];
    let answers: Readonly<Record<keyof typeof requests, StoreAnswer>>;
    const requests = {
        thumbprint: () => ({ thumbprint: store.stored.thumbprint("full") }),
        lowerCase: () => ({ thumbprint: store.stored.thumbprint("full").toLowerCase() }),
        unknown: () => ({ thumbprint: "A".repeat(40) }),
        several: () => ({ subject: "several" }),
        noKey: () => ({ subject: "no key" }),
        noKeyByThumbprint: () => ({ thumbprint: store.stored.thumbprint("noKey") }),
        noStore: () => ({ subject: "several", locations: ["CurrentUser", "LocalMachine"] }),
    };
    const environment = { ...process.env };
    beforeAll(() => {
        store = new WindowsStore();
        const bySubject = WRITTEN.map(([subject]) => ({ subject }));
        const given = store.answers([...bySubject, ...Object.values(requests).map((request) => request())]);
        meanings = given.slice(0, WRITTEN.length).map((answer) => store.meaningOf(answer));
        const others = Object.keys(requests).map((name, at) => [name, given[WRITTEN.length + at]]);
        answers = Object.fromEntries(others) as typeof answers;
    });
    afterEach(() => (process.env = { ...environment }));
    afterAll(() => store.remove());

    test.each(WRITTEN.map(([subject, meaning], at) => [subject, meaning, at] as const))(
        "subject %j is %s",
        (_subject, meaning, at) => {
            expect(meanings[at]).toBe(meaning);
        },
    );

    describe("answers", () => {
        const listed = ({ certificates = [] }: StoreAnswer) =>
            certificates.map((one) => store.stored.nameOf(one.thumbprint));

        test("exports the certificate with its key, by thumbprint in upper and lower case", () => {
            expect(store.meaningOf(answers.thumbprint)).toBe("full");
            expect(store.meaningOf(answers.lowerCase)).toBe("full");
        });

        test("lists the certificates with a private key, if none is the requested one", () => {
            expect(answers.unknown.outcome).toBe("notFound");
            const withKey = store.stored.files.map(({ name }) => name).filter((name) => name !== "noKey");
            expect(listed(answers.unknown).sort()).toEqual(withKey.sort());
            expect(answers.unknown.certificates).toContainEqual({
                thumbprint: store.stored.thumbprint("plain"),
                subject: "CN=portal.abc.com",
                notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
                location: "CurrentUser",
            });
        });

        test("lists all matching certificates, if there are several", () => {
            expect(answers.several.outcome).toBe("several");
            expect(listed(answers.several).sort()).toEqual(["one", "other"]);
        });

        test("names the certificate without a private key", () => {
            for (const answer of [answers.noKey, answers.noKeyByThumbprint]) {
                expect(answer.outcome).toBe("noPrivateKey");
                expect(listed(answer)).toEqual(["noKey"]);
            }
        });

        test("reports the error of a store that cannot be opened", () => {
            expect(answers.noStore).toMatchObject({
                outcome: "failed",
                hresult: "0x80131539",
                message: expect.stringContaining("LocalMachine") as string,
            });
        });
    });

    test("PowerShell itself exports a certificate from the store", () => {
        process.env["HOME"] = store.home;
        const ask = (source: object) => readFromStore({ location: "CurrentUser", ...source }, new Date(), "win32");
        const { certificate, privateKey } = ask({ subject: "portal.abc.com" });
        expect(certificate.thumbprint).toBe(store.stored.thumbprint("plain"));
        expect(privateKey.asymmetricKeyType).toBe("rsa");
        expect(() => ask({ subject: "twice" })).toThrow(
            /several certificates with subject "twice".*source\.store\.thumb/,
        );
    });

    test("is valid in Windows PowerShell 5.1", () => {
        const faults = faultsIn51(WINDOWS_STORE_SCRIPT, WINDOWS_STORE_BOOTSTRAP, ONLY_IN_7.script);
        expect(faults).toEqual([[], [], ONLY_IN_7.faults]);
    });
});
