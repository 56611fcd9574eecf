// Hands a portal's certificate and settings to VB365: a PFX file and the script that takes it in.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { STACK_OPTIONS, stackChoice, text, UsageError, type Command, type StackChoice } from "./command";
import { handoverScript } from "./handoverScript";
import { stackResources } from "./pulumi";
import { choosePortal, portalsOf, type StackPortal } from "./stackPortals";

const PFX = "RestorePortal.pfx";
const SCRIPT = "Set-RestorePortal.ps1";

export const handoverCommand: Command = {
    usage: `handover --out <folder> [--stack <name>] [--cwd <folder>] [--portal <name>] [--separate-rest-api]
      Writes ${PFX} and ${SCRIPT}, which sets up Restore Portal on the VB365 server. Never overwrites a
      file. --separate-rest-api: tells the steps for a machine with a REST API installation of its own instead.
  handover --show-password [--stack <name>] [--cwd <folder>] [--portal <name>]
      Prints the password of that PFX file, and nothing else.`,
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
        if (showsPassword === (out !== undefined)) throw new UsageError("give either --out or --show-password");
        const choice = stackChoice(values);
        const portal = choosePortal(portalsOf(stackResources(choice)), text(values, "portal"));
        if (out === undefined) console.log(certificateOf(portal).pfxPassword);
        else {
            const isSeparate = values["separate-rest-api"] === true;
            handOver(portal, { out, isSeparate });
            console.log(`\nIts password: ${passwordCommand(choice, portal)}`);
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
        ...(isSeparate ? [] : [{ name: SCRIPT, content: Buffer.from(script), mode: 0o644 }]),
        { name: PFX, content: Buffer.from(pfx, "base64"), mode: 0o600 },
    ]);
    console.log(`Portal ${portal.name}: certificate ${thumbprint}, until ${ends}, is in ${join(out, PFX)}.\n`);
    console.log(isSeparate ? separateSteps(settings) : steps(settings));
}

function certificateOf({ name, state, certificate }: StackPortal) {
    if (!certificate) {
        throw new Error(
            `the certificate of portal ${name} is not a PortalCertificate of this stack; give VB365 the PFX file that it came from`,
        );
    }
    const { pfx, pfxPassword } = certificate;
    const { thumbprint, notAfter } = certificate.certificate;
    if (pfx === undefined || pfxPassword === undefined) {
        throw new Error(
            `state holds no PFX of the certificate of portal ${name}; set exportPfx: true and run pulumi up, or give VB365 the file that it came from`,
        );
    }
    const isRegistered = state.certificates.some((one) => one.thumbprint === thumbprint);
    const isDeployed = state.desired.certificate?.thumbprint === thumbprint && isRegistered;
    if (!isDeployed || Date.parse(notAfter) <= Date.now()) {
        throw new Error(
            `certificate ${thumbprint} of portal ${name} is expired or was not registered yet; run pulumi up first`,
        );
    }
    return { pfx, pfxPassword, thumbprint, ends: notAfter.slice(0, 10) };
}

interface NewFile {
    readonly name: string;
    readonly content: Buffer;
    readonly mode: number;
}

/** All of them or none: what is there already may be in use. */
function writeNew(folder: string, files: readonly NewFile[]): void {
    const taken = files.map(({ name }) => join(folder, name)).filter((path) => existsSync(path));
    if (taken.length > 0) throw new Error(`${taken.join(" and ")} exists already; give another folder, or remove it`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { name, content, mode } of files) writeFileSync(join(folder, name), content, { flag: "wx", mode });
}

interface Settings {
    readonly applicationId: string;
    readonly region: string;
    readonly portalUrl: string;
}

function steps({ applicationId, region, portalUrl }: Settings): string {
    return `On the VB365 server:
  1. Copy ${PFX} and ${SCRIPT} into one folder there.
  2. In PowerShell 7 (7.4.2 or newer), as administrator:  .\\${SCRIPT}
     It sets application ${applicationId}, region ${region} and web address ${portalUrl},
     checks that VB365 shows them, and removes the PFX file there.
  3. Remove the PFX file here.
Is the REST API installed on a machine of its own? Then use --separate-rest-api.`;
}

/** Veeam: "Configuring REST API and Restore Portal on Separate Machine". No cmdlet reaches that installation. */
function separateSteps({ applicationId, region, portalUrl }: Settings): string {
    return `On the machine with the REST API:
  1. Copy ${PFX} there, and open the configurator of Veeam Backup for Microsoft 365 REST API.
  2. Restore Portal: enable it, and give it
       region                     ${region}
       Application ID             ${applicationId}
       certificate                import ${PFX}
       Restore Portal web address ${portalUrl}
  3. Save, and remove the PFX file there and here.
Portals of several regions each need an installation and an application of their own.`;
}

function passwordCommand({ stack, cwd }: StackChoice, { name }: StackPortal): string {
    const options = [
        ...(stack === undefined ? [] : ["--stack", stack]),
        ...(cwd === undefined ? [] : ["--cwd", cwd]),
        "--portal",
        name,
    ];
    return `npx pulumi-restore-portal handover --show-password ${options.join(" ")}`;
}
