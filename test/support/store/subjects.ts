// Makes certificate files for a store, each with a different subject, and lists subjects as people write them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { thumbprintOf } from "../../certificate/pfx/corpus/material";
import { run } from "../../certificate/pfx/corpus/tools";

/** Subjects for the option -subj of openssl. As in the certificate itself, the country comes first. */
const SUBJECTS = {
    plain: "/CN=portal.abc.com",
    full: "/C=DE/ST=Bayern/L=München/O=Contoso, Ltd./OU=IT/CN=portal.contoso.com/emailAddress=it@contoso.com",
    quoted: '/O=Contoso "Nord"/CN=nord.contoso.com',
    equals: "/O=Contoso/CN=a = b",
    parts: "/O=Contoso/OU=one+CN=parts",
    short: "/CN=twice",
    long: "/O=Contoso/CN=twice",
    one: "/O=Contoso/CN=several",
    other: "/O=contoso/CN=Several",
    noKey: "/O=Contoso/CN=no key",
};
export type StoredName = keyof typeof SUBJECTS;

/** A subject as a person writes it, and the certificate that it selects or the error. */
export const WRITTEN: readonly [subject: string, meaning: StoredName | "several" | "notFound"][] = [
    ["CN=portal.abc.com", "plain"],
    ["cn = Portal.ABC.com ", "plain"],
    ["\u200eCN = portal.abc.com", "plain"],
    ["portal.abc.com", "plain"],
    [" PORTAL.abc.com", "plain"],
    ['E=it@contoso.com, CN=portal.contoso.com, OU=IT, O="Contoso, Ltd.", L=München, S=Bayern, C=DE', "full"],
    ['C=DE,ST=Bayern,L=München,O="Contoso, Ltd.",OU=IT,CN=portal.contoso.com,emailAddress=it@contoso.com', "full"],
    [
        "C = DE, ST = Bayern, L = MÜNCHEN, O = Contoso\\, Ltd., OU = IT, CN = portal.contoso.com, E = it@contoso.com",
        "full",
    ],
    ["C=DE; S=Bayern; L=München; O=Contoso, Ltd.; OU=IT; CN=portal.contoso.com; E=it@contoso.com", "full"],
    [
        "E = it@contoso.com\r\nCN = portal.contoso.com\r\nOU = IT\r\nO = Contoso, Ltd.\r\nL = München\r\nS = Bayern\r\nC = DE\r\n",
        "full",
    ],
    ["CN=portal.contoso.com", "full"],
    ["Portal.contoso.com", "full"],
    ["CN=portal.contoso.com, O=Contoso", "notFound"],
    ['CN=nord.contoso.com, O="Contoso ""Nord"""', "quoted"],
    ['CN = nord.contoso.com, O = Contoso "Nord"', "quoted"],
    ['O=Contoso \\"Nord\\",CN=nord.contoso.com', "quoted"],
    ['CN="a = b", O=Contoso', "equals"],
    ["CN=a = b,O=Contoso", "equals"],
    ["a = b", "equals"],
    ["OU=one + CN=parts, O=Contoso", "parts"],
    ["O=Contoso,CN=parts+OU=one", "parts"],
    ["CN=twice", "short"],
    ["CN = twice , O = CONTOSO", "long"],
    ["O=Contoso,CN=twice", "long"],
    ["twice", "several"],
    ["CN=several,O=Contoso", "several"],
    ["several", "several"],
    ["CN=nobody", "notFound"],
    ["portal", "notFound"],
    ["O=Contoso", "notFound"],
    ["abc.com", "notFound"],
    ["CN=*", "notFound"],
    ["*", "notFound"],
    ["CN=", "notFound"],
    ["=", "notFound"],
];

export interface StoredFile {
    readonly name: StoredName;
    /** The path of a PFX file without a password, or of the certificate alone. */
    readonly path: string;
    readonly thumbprint: string;
}

export class StoredFiles {
    readonly folder = mkdtempSync(join(tmpdir(), "subjects-"));
    readonly files: readonly StoredFile[];

    constructor() {
        const key = join(this.folder, "key.pem");
        run("openssl", ["genrsa", "-out", key, "2048"]);
        this.files = Object.entries(SUBJECTS).map(([name, subject]) => {
            const [pem, pfx] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.pfx`)];
            const days = ["-days", "365", "-utf8", "-multivalue-rdn"];
            run("openssl", ["req", "-x509", "-key", key, "-subj", subject, "-out", pem, ...days]);
            const thumbprint = thumbprintOf(readFileSync(pem, "utf8"));
            if (name === "noKey") return { name, path: pem, thumbprint };
            run("openssl", [
                "pkcs12",
                "-export",
                "-inkey",
                key,
                "-in",
                pem,
                "-out",
                pfx,
                "-passout",
                "pass:",
                "-iter",
                "1",
            ]);
            return { name: name as StoredName, path: pfx, thumbprint };
        });
    }

    nameOf(thumbprint: string): StoredName | undefined {
        return this.files.find((file) => file.thumbprint === thumbprint)?.name;
    }

    thumbprint(name: StoredName): string {
        return this.files.find((file) => file.name === name)!.thumbprint;
    }

    remove(): void {
        rmSync(this.folder, { recursive: true });
    }
}
