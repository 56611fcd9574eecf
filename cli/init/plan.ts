// Makes the text of the plan that `init` shows before it writes a project. Also makes the list of the user's next
// steps, which `init` and `export` print.
import type { ProjectSettings } from "../project/settings";
import { shellWord } from "../shellWord";
import { environmentBackend } from "./backend";

/** `adoption`: the preview's sentence about the changes to an existing application, if the preview prints one. */
export function planText(
    { name, stack, portal, customers, backend }: ProjectSettings,
    {
        folder,
        files,
        adoption,
    }: { readonly folder: string; readonly files: readonly string[]; readonly adoption: string | undefined },
): string {
    const { region, displayName = "", applicationId = "", portalUrl, certificate } = portal;
    const application =
        portal.applicationId === undefined
            ? `registers application "${displayName}" in region ${region}, with ${portalUrl}, and grants admin consent for all users`
            : (adoption ?? `adopts application ${applicationId}; pulumi preview shows the changes`);
    const source = certificate === undefined ? "left alone" : certificateText(certificate);
    const lines = [
        ["project", `${name}, stack ${stack}, in ${folder}`],
        ["files", files.join(", ")],
        ["backend", backendText(backend)],
        ["pulumi up", application],
        ["certificate", source],
        ...(customers === undefined ? [] : [["customers", customers.join(", ") || "none yet"]]),
    ];
    return ["Plan:", ...lines.map(([key = "", value = ""]) => `  ${key.padEnd(13)}${value}`)].join("\n");
}

/** Pulumi uses PULUMI_BACKEND_URL even if the project names a backend. */
function backendText(backend: string | undefined): string {
    const environment = environmentBackend();
    if (backend === undefined) return environment ?? "PULUMI_BACKEND_URL, or pulumi login";
    return environment === undefined || isFromEnvironment(backend)
        ? backend
        : `${backend}; until PULUMI_BACKEND_URL is unset, Pulumi uses ${environment}`;
}

function isFromEnvironment(backend: string): boolean {
    return process.env["PULUMI_BACKEND_URL"]?.trim() === backend;
}

function certificateText(certificate: NonNullable<ProjectSettings["portal"]["certificate"]>): string {
    if ("generate" in certificate) return `generated, with the name "${certificate.generate.name}"`;
    if ("pfx" in certificate) return `from ${certificate.pfx.file}; pulumi up registers it`;
    return `from the certificate store (${Object.values(certificate.store).join("")}); pulumi up registers it`;
}

/** Lists the commands that the user runs next, in their order. Adds notes about credentials and the passphrase. */
export function nextSteps(
    { stack, portal: { certificate }, backend }: ProjectSettings,
    { folder, hasCredentials }: { readonly folder: string; readonly hasCredentials: boolean },
): string {
    const isFile = certificate !== undefined && "pfx" in certificate;
    const steps = [
        ...(folder === "" ? [] : [`cd ${shellWord(folder)}`]),
        "npm install",
        `pulumi stack init ${stack}${backend === undefined ? "" : `   # in ${backendText(backend)}`}`,
        ...(isFile ? ["pulumi config set --secret certificatePassword"] : []),
        "pulumi up",
        ...(certificate === undefined ? [] : ["npx pulumi-restore-portal handover --out handover"]),
        "npx pulumi-restore-portal doctor",
    ];
    const credentials = hasCredentials
        ? []
        : [
              "Before pulumi up, set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; see node_modules/pulumi-restore-portal/docs/real-tenant.md.",
          ];
    const used = process.env["PULUMI_BACKEND_URL"]?.trim() || backend;
    return ["Next:", ...steps.map((step) => `  ${step}`), ...credentials, ...passphraseNote(used)].join("\n");
}

/**
 * Pulumi Cloud encrypts secrets itself and so needs no passphrase. `backend`: `undefined` if `pulumi login` decides.
 */
function passphraseNote(backend: string | undefined): string[] {
    if (/^https?:/.test(backend ?? "")) return [];
    const when = backend === undefined ? "Unless the state is in Pulumi Cloud, " : "";
    return [
        `${when}Pulumi asks for a passphrase, which encrypts the secrets in the state. The variable PULUMI_CONFIG_PASSPHRASE can contain the passphrase.`,
    ];
}
