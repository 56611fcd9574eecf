// Writes the same program in each language. The program declares a generated certificate and a registered portal, and
// also an adopted and an imported portal if a test gives their Application IDs.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { installPlugin } from "./faces";
import type { Workspace } from "./workspace";

export type Language = "yaml" | "python" | "typescript";

export interface Portals {
    readonly certificateName: string;
    readonly portalUrl: string;
    /** Application ID of the adopted portal. */
    readonly adopted?: string;
    /** Application ID of a portal that `pulumi import` has brought into the stack. */
    readonly imported?: string;
}

const SDKS = resolve(__dirname, "../../../sdks");
const CACHE = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "pulumi-restore-portal");
export const ADOPTED_URL = "https://adopted.abc.com:4443";
export const IMPORTED_URL = "https://imported.abc.com:4443";

interface Written {
    /** The value of `runtime` in Pulumi.yaml. */
    readonly runtime: string;
    readonly file: string;
    readonly program: (portals: Portals) => string;
    readonly install: (workspace: Workspace) => void;
}

const LANGUAGES: Readonly<Record<Language, Written>> = {
    yaml: { runtime: "yaml", file: "Main.yaml", program: yaml, install: () => undefined },
    typescript: {
        runtime: "nodejs",
        file: "index.ts",
        program: typescript,
        install: (workspace) => {
            const compilerOptions = { strict: true, target: "es2022", module: "nodenext", skipLibCheck: true };
            workspace.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
            workspace.remove("index.js");
        },
    },
    python: {
        runtime: "python",
        file: "__main__.py",
        program: python,
        install: (workspace) => {
            const PULUMI_PYTHON_CMD = join(pythonEnvironment(), "bin/python");
            const [source, PYTHONPATH] = [join(workspace.folder, "sdk"), join(workspace.folder, "packages")];
            // pip writes into the folder of the source, so pip gets a copy.
            cpSync(join(SDKS, "python"), source, { recursive: true });
            const options = ["--quiet", "--no-deps", "--no-build-isolation", "--target", PYTHONPATH];
            execFileSync(PULUMI_PYTHON_CMD, ["-m", "pip", "install", ...options, source], { stdio: "pipe" });
            workspace.env = { ...workspace.env, PULUMI_PYTHON_CMD, PYTHONPATH };
        },
    },
};

/** Makes a workspace ready for programs in a language. */
export function useLanguage(workspace: Workspace, language: Language): void {
    const { runtime, install } = LANGUAGES[language];
    install(workspace);
    installPlugin(join(workspace.folder, "home/.pulumi"));
    const project = `name: portals\nruntime: ${runtime}\noptions: { refresh: always }\n`;
    workspace.write("Pulumi.yaml", project);
}

export function writeProgram(workspace: Workspace, language: Language, portals: Portals): void {
    const { file, program } = LANGUAGES[language];
    workspace.write(file, program(portals));
}

function yaml({ certificateName, portalUrl, adopted, imported }: Portals): string {
    const existing = Object.entries({ adopted: [adopted, ADOPTED_URL], imported: [imported, IMPORTED_URL] });
    return JSON.stringify({
        resources: {
            certificate: {
                type: "restore-portal:PortalCertificate",
                properties: { source: { generate: { name: certificateName } } },
            },
            portal: {
                type: "restore-portal:RestorePortalApp",
                properties: { displayName: "Restore Portal", portalUrl, certificate: "${certificate.certificate}" },
            },
            ...Object.fromEntries(
                existing
                    .filter(([, [applicationId]]) => applicationId !== undefined)
                    .map(([name, [applicationId, url]]) => [
                        name,
                        { type: "restore-portal:RestorePortalApp", properties: { applicationId, portalUrl: url } },
                    ]),
            ),
        },
        outputs: { applicationId: "${portal.applicationId}", pfx: "${certificate.pfx}" },
    });
}

function typescript({ certificateName, portalUrl, adopted, imported }: Portals): string {
    return `
import { PortalCertificate, RestorePortalApp } from "restore-portal";

const certificate = new PortalCertificate("certificate", { source: { generate: { name: "${certificateName}" } } });
const portal = new RestorePortalApp("portal", {
    displayName: "Restore Portal", portalUrl: "${portalUrl}", certificate: certificate.certificate,
});
${adopted === undefined ? "" : `new RestorePortalApp("adopted", { applicationId: "${adopted}", portalUrl: "${ADOPTED_URL}" });`}
${imported === undefined ? "" : `new RestorePortalApp("imported", { applicationId: "${imported}", portalUrl: "${IMPORTED_URL}" });`}
export const applicationId = portal.applicationId;
export const pfx = certificate.pfx;
`;
}

function python({ certificateName, portalUrl, adopted, imported }: Portals): string {
    const existing = (name: string, applicationId: string | undefined, url: string) =>
        applicationId === undefined
            ? ""
            : `restore.RestorePortalApp("${name}", application_id="${applicationId}", portal_url="${url}")`;
    return `
import pulumi
import pulumi_restore_portal as restore

certificate = restore.PortalCertificate(
    "certificate", source={"generate": {"name": "${certificateName}"}}
)
portal = restore.RestorePortalApp(
    "portal",
    display_name="Restore Portal",
    portal_url="${portalUrl}",
    certificate=certificate.certificate.apply(
        lambda one: restore.PortalCertificateReferenceArgs(certificate_pem=one.certificate_pem, id=one.id, name=one.name)
    ),
)
${existing("adopted", adopted, ADOPTED_URL)}
${existing("imported", imported, IMPORTED_URL)}
pulumi.export("applicationId", portal.application_id)
pulumi.export("pfx", certificate.pfx)
`;
}

/** The packages that pip needs to build the generated SDK, and that the SDK imports. */
const PYTHON_PACKAGES = ["pulumi==3.259.0", "parver==0.5", "semver==3.0.4", "setuptools==80.9.0"];

/** Returns the folder of a Python environment with these packages. The first call makes it in the user's cache. */
function pythonEnvironment(): string {
    const folder = join(CACHE, "python-sdk");
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial-${process.pid}`;
    mkdirSync(CACHE, { recursive: true });
    try {
        execFileSync("python3", ["-m", "venv", "--copies", partial], { stdio: "pipe" });
        const install = ["-m", "pip", "install", "--quiet", ...PYTHON_PACKAGES];
        execFileSync(join(partial, "bin/python"), install, { stdio: "pipe" });
        // Another test file may have made the folder in the meantime.
        if (!existsSync(folder)) renameSync(partial, folder);
    } finally {
        rmSync(partial, { recursive: true, force: true });
    }
    return folder;
}
