// Runs the command `handover`, which writes a PFX file with a portal's certificate, and a script that sets up Restore
// Portal in VB365 with this file. With `--show-password`, it only prints the password of the file.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { plain } from "../provider/plainText";
import { writeSecretFile } from "../system/secretFile";
import {
    STACK_OPTIONS,
    STACK_OPTIONS_HELP,
    stackChoice,
    text,
    UsageError,
    type Command,
    type StackChoice,
} from "./command";
import { assertDatedCertificate } from "./diagnosis/stateCheck";
import { print } from "./print";
import { handoverScript } from "./handoverScript";
import { stackResources } from "./pulumi";
import { assertWritable } from "./report/folders";
import { shellWord } from "./shellWord";
import { choosePortal, portalsOf, type StackPortal } from "./stackPortals";

const PFX = "RestorePortal.pfx";
const SCRIPT = "Set-RestorePortal.ps1";

export const handoverCommand: Command = {
    usage: `handover --out <folder> [--stack <name>] [--cwd <folder>] [--portal <name>] [--separate-rest-api]
      Writes ${PFX}, which contains the portal's certificate, and ${SCRIPT}, which sets up Restore
      Portal on the VB365 server. Run handover for the first set-up and again after each renewal of the certificate.
  handover --show-password [--stack <name>] [--cwd <folder>] [--portal <name>]
      Prints only the password of the PFX file.

      --out <folder>       the folder for the files; handover creates it, and never overwrites a file
      --show-password      print the password instead of writing files
${STACK_OPTIONS_HELP}
      --portal <name>      the portal's resource name or URN; needed if the stack has several portals
      --separate-rest-api  write only the PFX file, and print the steps for a REST API on a separate machine

      Exit codes: 0: done; 1: error; 2: wrong command line.`,
    options: {
        ...STACK_OPTIONS,
        out: { type: "string" },
        portal: { type: "string" },
        "show-password": { type: "boolean" },
        "separate-rest-api": { type: "boolean" },
    },
    run: (values) => {
        const out = text(values, "out");
        const showsPassword = values["show-password"] === true;
        if (showsPassword === (out !== undefined)) throw new UsageError("use either --out or --show-password");
        const choice = stackChoice(values);
        const portal = choosePortal(portalsOf(stackResources(choice)), text(values, "portal"));
        if (out === undefined) console.log(certificateOf(portal).pfxPassword);
        else {
            const isSeparate = values["separate-rest-api"] === true;
            handOver(portal, { out, isSeparate });
            print(
                `\nTo print the password of ${PFX}, run:\n  ${passwordCommand(choice, text(values, "portal") ?? portal.name)}`,
            );
        }
        return 0;
    },
};

function handOver(portal: StackPortal, { out, isSeparate }: { readonly out: string; readonly isSeparate: boolean }) {
    const { pfx, thumbprint, ends } = certificateOf(portal);
    const { applicationId, region } = portal.state;
    const settings = { applicationId, region, portalUrl: portal.state.desired.portalUrl };
    const script = handoverScript({ ...settings, thumbprint, pfxName: PFX }).replace(/\n/g, "\r\n");
    writeNew(out, [
        ...(isSeparate ? [] : [{ name: SCRIPT, content: Buffer.from(script), write: writeFile }]),
        { name: PFX, content: Buffer.from(pfx, "base64"), write: writeSecretFile },
    ]);
    print(`${join(out, PFX)} contains the certificate of portal ${plain(portal.name)}${ofStack(portal)}.`);
    print(`The certificate has the thumbprint ${thumbprint}, and is valid until ${ends}.\n`);
    print(isSeparate ? separateSteps(settings) : steps(settings));
}

/** The output names the stack, because without `--stack` a user may not know which stack the command uses. */
function ofStack({ urn }: StackPortal): string {
    const [, stack] = /^urn:pulumi:([^:]+)::/.exec(urn) ?? [];
    return stack === undefined ? "" : ` in stack ${plain(stack)}`;
}

function certificateOf({ name, state, certificate }: StackPortal) {
    const action = `handing over portal "${name}"`;
    if (!certificate && state.desired.certificate === undefined) {
        throw new Error(
            `${action}: the program declares no certificate for it, so there is nothing to hand over; to use a new certificate, declare it in the program and run pulumi up first`,
        );
    }
    if (!certificate) {
        throw new Error(
            `${action}: its certificate is not a PortalCertificate of this stack; import the certificate's own PFX file into VB365`,
        );
    }
    const { pfx, pfxPassword } = certificate;
    assertDatedCertificate(certificate);
    const { thumbprint, notAfter } = certificate.certificate;
    if (pfx === undefined || pfxPassword === undefined) {
        throw new Error(
            `${action}: the state contains no PFX of its certificate; set exportPfx: true and run pulumi up, or import the certificate's own PFX file into VB365`,
        );
    }
    if (Date.parse(notAfter) <= Date.now()) {
        throw new Error(
            `${action}: certificate ${thumbprint} has expired; if it is an imported certificate, first replace its file, its entry in the store or the value in the program; then run pulumi up, which renews a generated certificate`,
        );
    }
    const isRegistered = state.certificates.some((one) => one.thumbprint === thumbprint);
    if (state.desired.certificate?.thumbprint !== thumbprint || !isRegistered) {
        const remedy =
            (state.desired as Partial<typeof state.desired>).registerCertificate === false
                ? "upload the certificate to the application (Certificates & secrets), or leave registerCertificate out of the program; then run pulumi up"
                : "run pulumi up first";
        throw new Error(`${action}: certificate ${thumbprint} is not registered in Entra yet; ${remedy}`);
    }
    return { pfx, pfxPassword, thumbprint, ends: notAfter.slice(0, 10) };
}

interface NewFile {
    readonly name: string;
    readonly content: Buffer;
    readonly write: (path: string, content: Buffer) => void;
}

function writeFile(path: string, content: Buffer): void {
    writeFileSync(path, content, { flag: "wx", mode: 0o644 });
}

/** Writes nothing if one of the files already exists, because an existing file may be in use. */
function writeNew(folder: string, files: readonly NewFile[]): void {
    const taken = files.map(({ name }) => join(folder, name)).filter((path) => existsSync(path));
    if (taken.length > 0) {
        const [they, exist] = taken.length === 1 ? ["it", "exists"] : ["them", "exist"];
        const remedy = `use another folder with --out, or delete ${they}`;
        throw new Error(`writing the files: ${taken.join(" and ")} already ${exist}; ${remedy}`);
    }
    assertWritable(folder, "--out", 0o700);
    for (const { name, content, write } of files) write(join(folder, name), content);
}

interface Settings {
    readonly applicationId: string;
    readonly region: string;
    readonly portalUrl: string;
}

function steps({ applicationId, region, portalUrl }: Settings): string {
    return `On the VB365 server:
  1. Copy ${PFX} and ${SCRIPT} into the same folder.
  2. In PowerShell 7 (7.4.2 or newer), as administrator, run:  .\\${SCRIPT}
     The script sets these values in VB365 and verifies them. Then it deletes the PFX file in that folder.
       region                     ${region}
       Application ID             ${applicationId}
       Restore Portal web address ${portalUrl}
On this machine:
  3. Delete ${PFX}.
If the REST API is installed on a separate machine, run handover with --separate-rest-api and another --out instead.`;
}

/**
 * No cmdlet can set up a REST API on a separate machine, so a person follows these steps. Veeam's documentation:
 * "Configuring REST API and Restore Portal on Separate Machine".
 */
function separateSteps({ applicationId, region, portalUrl }: Settings): string {
    return `On the machine with the REST API:
  1. Copy ${PFX} to that machine.
  2. Open the configurator of Veeam Backup for Microsoft 365 REST API. Enable Restore Portal with these values:
       region                     ${region}
       Application ID             ${applicationId}
       certificate                import ${PFX}
       Restore Portal web address ${portalUrl}
  3. Save the settings, and delete ${PFX} on that machine.
On this machine:
  4. Delete ${PFX}.
Each region needs its own REST API installation and its own application.`;
}

/** `portal`: the portal's name, or its URN if the user gave it, because two portals can have the same name. */
function passwordCommand({ stack, cwd }: StackChoice, portal: string): string {
    const options = [
        ...(stack === undefined ? [] : ["--stack", shellWord(stack)]),
        ...(cwd === undefined ? [] : ["--cwd", shellWord(cwd)]),
        "--portal",
        shellWord(plain(portal)),
    ];
    return `npx pulumi-restore-portal handover --show-password ${options.join(" ")}`;
}
