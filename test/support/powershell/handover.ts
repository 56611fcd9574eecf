// Lists test cases for Set-RestorePortal.ps1, and runs the script against a stand-in for VB365.
import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { handoverScript, type HandoverValues } from "../../../cli/handoverScript";
import { issueCertificate } from "../../../provider/certificate/issue";
import { PFX_ENCRYPTIONS, type PfxEncryption } from "../../../provider/certificate/inputs";
import { randomPfxPassword, writePfx } from "../../../provider/certificate/pfx/writePfx";
import { parseCertificate } from "../../../provider/inputs/certificate";
import { onTerminal, runScript } from "./powershell";

type Settings = Record<string, string | boolean>;

export interface HandoverCase {
    readonly name: string;
    readonly values?: Partial<HandoverValues>;
    /** Name of the folder that contains the script and the PFX file. */
    readonly folder?: string;
    /** Content of the PFX file. Default: the portal's certificate, encrypted with the first of PFX_ENCRYPTIONS. */
    readonly file?: PfxEncryption | "another certificate" | "the certificate alone" | "damaged" | "missing";
    readonly password?: "wrong" | "not given";
    /** The name of the PFX file, if the script gets the file's path as an argument. */
    readonly given?: string;
    readonly isInUse?: true;
    /** Settings for which the server shows these values instead of the stored values. */
    readonly shows?: Settings | "nothing";
    /** The error with which the server refuses new settings. */
    readonly refuses?: string;
    readonly hasModule?: false;
    /** The expected error. If it is not set, the script must succeed. */
    readonly error?: RegExp;
    /** `true`: the script must fail before its first change. */
    readonly isUnchanged?: true;
    readonly isPfxKept?: true;
}

const APPLICATION_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const OTHER_ID = "11a0f8e1-97bd-4804-ba69-bf1ed293e017";
const VALUES = { applicationId: APPLICATION_ID, region: "USGovernment", portalUrl: "https://portal.abc.com:4443" };
const BEFORE: Settings = {
    IsServiceEnabled: false,
    Region: "Worldwide",
    ApplicationId: "00000000-0000-0000-0000-000000000000",
    PortalUri: "",
    CertificateThumbprint: "",
};

/** The server is unchanged, and the PFX file still exists. */
const refused = { isUnchanged: true, isPfxKept: true } as const;
/** The server has stored the settings, but shows other settings or none. */
const doubted = (shows: Settings | "nothing", error: RegExp) => ({ shows, error, isPfxKept: true }) as const;
const onPort443 = { portalUrl: "https://portal.abc.com:443" };
const NOT_SHOWN = /^VB365 does not show the new settings: .*was not deleted, so that you can run this script again/s;

export const HANDOVER_CASES: readonly HandoverCase[] = [
    ...PFX_ENCRYPTIONS.map((file) => ({ name: `sets everything from a PFX in ${file}`, file }) as const),
    ...["Worldwide", "China", "USGovernment", "USDefence"].map((region) => ({
        name: `sets region ${region}`,
        values: { region },
    })),
    ...["with spaces", "[brackets]", "it's", 'double"quote', "back`tick", "$dollar; (all) & #", "[a-c]* ü"].map(
        (folder) => ({ name: `runs in folder ${folder}`, folder }),
    ),
    { name: "takes a PFX of another name", given: "[1] it's mine.pfx" },
    { name: "takes a PFX name with a quote", values: { pfxName: "it's.pfx" } },
    { name: "a wrong password", password: "wrong", error: /cannot be opened: .*handover --show-password/s, ...refused },
    { name: "no password", password: "not given", error: /./, ...refused },
    { name: "a damaged file", file: "damaged", error: /RestorePortal\.pfx cannot be opened: /, ...refused },
    {
        name: "another certificate",
        file: "another certificate",
        error: /contains certificate [0-9A-F]{40} instead of [0-9A-F]{40}; run pulumi-restore-portal handover again/,
        ...refused,
    },
    {
        name: "no private key",
        file: "the certificate alone",
        error: /contains no private key; use the PFX/,
        ...refused,
    },
    {
        name: "no PFX file",
        file: "missing",
        error: /RestorePortal\.pfx does not exist; copy the PFX file/,
        isUnchanged: true,
    },
    {
        name: "a machine without VB365",
        hasModule: false,
        error: /^the module Veeam\.Archiver\.PowerShell cannot be loaded: .*on the VB365 server/s,
        ...refused,
    },
    { name: "a region that VB365 does not know", values: { region: "Mars" }, error: /VBOOffice365Region/, ...refused },
    { name: "an Application ID of another form", values: { applicationId: "x" }, error: /Guid/, ...refused },
    { name: "a server that refuses", refuses: "The REST API port differs.", error: /REST API port/, ...refused },
    {
        name: "another certificate on the server",
        ...doubted({ CertificateThumbprint: "A".repeat(40) }, /the certificate is A{40} instead of/),
    },
    {
        name: "another application on the server",
        ...doubted({ ApplicationId: OTHER_ID }, /the application is 11a0f8e1.* instead of 58a0f8e1/),
    },
    {
        name: "another region on the server",
        ...doubted({ Region: "Worldwide" }, /the region is Worldwide instead of USGovernment/),
    },
    {
        name: "a server that stays in the first region of a program for another",
        values: { region: "USDefence" },
        ...doubted({ Region: "USGovernment" }, /the region is USGovernment instead of USDefence/),
    },
    ...["https://portal.abc.com:4444", "https://portal2.abc.com:4443", "http://portal.abc.com:4443", "portal", ""].map(
        (PortalUri) => ({
            name: `web address "${PortalUri}" on the server`,
            ...doubted({ PortalUri }, /the web address is .* instead of https:\/\/portal\.abc\.com:4443/),
        }),
    ),
    {
        name: "another port than the default one on the server",
        values: onPort443,
        ...doubted({ PortalUri: "https://portal.abc.com:4443" }, /the web address is/),
    },
    { name: "a service that stays off", ...doubted({ IsServiceEnabled: false }, /Restore Portal is not enabled/) },
    {
        name: "several differences",
        ...doubted({ Region: "China", IsServiceEnabled: false }, /the region is China.*; Restore Portal is not/),
    },
    { name: "a server without settings", ...doubted("nothing", /it shows no settings/) },
    ...[
        "https://portal.abc.com",
        "https://portal.abc.com/",
        "https://PORTAL.abc.com:443/",
        "HTTPS://portal.abc.com",
    ].map((PortalUri) => ({ name: `takes ${PortalUri} for port 443`, values: onPort443, shows: { PortalUri } })),
    { name: "takes a slash at the end", shows: { PortalUri: "https://Portal.abc.com:4443/" } },
    {
        name: "takes port 443 that the program leaves out",
        values: { portalUrl: "https://portal.abc.com" },
        shows: { PortalUri: "https://portal.abc.com:443" },
    },
    {
        name: "a PFX file that is in use",
        isInUse: true,
        error: /is set up with certificate .*could not be deleted: The file is in use\. Delete this file/,
        isPfxKept: true,
    },
];

export interface HandoverResult {
    readonly output: string;
    readonly error: string;
    readonly server: Settings;
    readonly isPfxThere: boolean;
}

export class HandoverRuns {
    readonly #folder = mkdtempSync(join(tmpdir(), "handover-"));
    readonly #password = randomPfxPassword();
    readonly #files: Readonly<Record<string, Buffer>>;
    readonly #thumbprint: string;

    static async make(): Promise<HandoverRuns> {
        const issue = () => issueCertificate({ name: "Portal", keySize: 2048, validDays: 365, now: new Date() });
        return new HandoverRuns(await issue(), await issue());
    }

    constructor(own: Issued, other: Issued) {
        this.#thumbprint = parseCertificate(own.certificatePem).thumbprint;
        const pfx = ({ certificatePem, privateKey }: Issued, encryption: PfxEncryption) =>
            writePfx({ certificatePem, privateKey, encryption, friendlyName: "Portal", password: this.#password });
        this.#files = {
            ...Object.fromEntries(PFX_ENCRYPTIONS.map((encryption) => [encryption, pfx(own, encryption)])),
            "another certificate": pfx(other, PFX_ENCRYPTIONS[0]),
            "the certificate alone": Buffer.from(own.certificatePem),
            damaged: pfx(own, PFX_ENCRYPTIONS[0]).subarray(0, 500),
        };
    }

    /** Runs all cases in one PowerShell. `change` may plant a fault in the script. */
    run(cases: readonly HandoverCase[], change = (script: string) => script): HandoverResult[] {
        const runs = cases.map((one, at) => this.#prepare(one, join(this.#folder, `${at}`), change));
        const results = runScript("handover.ps1", runs) as { output: string; error: string }[];
        return results.map(({ output, error }, at) => ({ output, error, ...outcomeOf(runs[at]!) }));
    }

    /** Runs one case on a terminal, and types the password as a person does. */
    async runByHand(one: HandoverCase): Promise<HandoverResult> {
        const { script, server, pfx, password, modules } = this.#prepare(one, join(this.#folder, "by hand"));
        const env = { ...process.env, PSModulePath: modules, VB365_SERVER: server, SCRIPT: script };
        const output = await onTerminal('pwsh -NoProfile -File "$SCRIPT"', env, {
            prompt: `Password of ${pfx}`,
            answer: password ?? "",
        });
        return { output: output.slice(output.indexOf("Restore Portal")), error: "", ...outcomeOf({ server, pfx }) };
    }

    /** Returns the differences of a result from its case, or an empty text. */
    faultOf({ name, values, ...one }: HandoverCase, { output, error, server, isPfxThere }: HandoverResult): string {
        const { applicationId, region, portalUrl } = { ...VALUES, ...values };
        const after: Settings = {
            IsServiceEnabled: true,
            Region: region,
            ApplicationId: applicationId,
            PortalUri: portalUrl,
            CertificateThumbprint: this.#thumbprint,
        };
        const success = `Restore Portal is set up with certificate ${this.#thumbprint}.`;
        const expected = one.error ?? /^$/;
        const faults = [
            expected.test(error) ? "" : `the error is ${JSON.stringify(error)}`,
            !one.error || !one.shows || NOT_SHOWN.test(error) ? "" : "the error does not say what to do",
            one.error || output.startsWith(success) ? "" : `the output is ${JSON.stringify(output)}`,
            (error + output).includes(this.#password) ? "the password is shown" : "",
            same(server, one.isUnchanged ? BEFORE : after) ? "" : `the server has ${JSON.stringify(server)}`,
            isPfxThere === (one.isPfxKept ?? false) ? "" : `the PFX file was ${isPfxThere ? "kept" : "deleted"}`,
        ].filter(Boolean);
        return faults.length === 0 ? "" : `${name}: ${faults.join("; ")}`;
    }

    remove(): void {
        rmSync(this.#folder, { recursive: true });
    }

    #prepare(one: HandoverCase, work: string, change = (script: string) => script) {
        const values = { ...VALUES, thumbprint: this.#thumbprint, pfxName: "RestorePortal.pfx", ...one.values };
        const folder = join(work, one.folder ?? "out");
        rmSync(work, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        const pfx = join(folder, one.given ?? values.pfxName);
        const content = this.#files[one.file ?? PFX_ENCRYPTIONS[0]];
        if (content) writeFileSync(pfx, content);
        const script = join(folder, "Set-RestorePortal.ps1");
        writeFileSync(script, change(handoverScript(values)).replace(/\n/g, "\r\n"));
        const server = join(work, "server.json");
        const { shows = {}, refuses = "" } = one;
        writeFileSync(server, JSON.stringify({ settings: BEFORE, shows, refuses }));
        return {
            script,
            server,
            pfx,
            path: one.given === undefined ? null : pfx,
            password: one.password === "not given" ? null : one.password === "wrong" ? "wrong" : this.#password,
            isInUse: one.isInUse === true,
            hasModule: one.hasModule !== false,
            modules: join(__dirname, "modules"),
        };
    }
}

interface Issued {
    readonly certificatePem: string;
    readonly privateKey: KeyObject;
}

function outcomeOf({ server, pfx }: { readonly server: string; readonly pfx: string }) {
    const { settings } = JSON.parse(readFileSync(server, "utf8")) as { settings: Settings };
    return { server: settings, isPfxThere: existsSync(pfx) };
}

function same(one: Settings, other: Settings): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}
