// Makes the texts that `npm run emulator` prints or writes when the tenant is ready.
import type { Emulator } from "./index";

/** Makes `NAME=value` lines, which `node --env-file` and `set -a; . <file>` can read. */
export function envFile(env: Readonly<Record<string, string>>): string {
    return Object.entries(env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join("");
}

/** Makes `export` lines for a POSIX shell. */
export function exportLines(env: Readonly<Record<string, string>>): string {
    return Object.entries(env)
        .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
        .join("\n");
}

export interface Shown {
    readonly region: string;
    readonly envPath: string | undefined;
    readonly portalServerUrl: string | undefined;
    readonly wizardPortal: string | undefined;
    readonly isServiceProvider: boolean;
}

/** Makes the text for a person at a terminal. */
export function startText(emulator: Emulator, shown: Shown): string {
    const { url } = emulator;
    return [
        `An Entra tenant (${shown.region}) runs at ${url} until you press Ctrl+C.`,
        ...(shown.portalServerUrl === undefined ? [] : [`A VB365 server runs at ${shown.portalServerUrl}.`]),
        ...(shown.wizardPortal === undefined
            ? []
            : [`VB365's wizard has made the application ${shown.wizardPortal} for https://portal.abc.com:4443.`]),
        "",
        ...environmentLines(emulator, shown.envPath),
        "",
        "Tenants:",
        ...emulator.tenantIds.map((tenantId, index) => `  ${tenantId}  ${tenantNote(emulator, index)}`),
        ...(shown.isServiceProvider ? ["", ...consentLines(emulator)] : []),
        "",
        `Users of ${emulator.tenantId}, who sign in without a password:`,
        ...emulator
            .users()
            .map(
                ({ userPrincipalName, isAdministrator }) =>
                    `  ${userPrincipalName}${isAdministrator ? " (administrator)" : ""}`,
            ),
        "",
        "A change by hand, as an administrator:",
        ...changeByHand(emulator).map((line) => `  ${line}`),
    ].join("\n");
}

function environmentLines({ env }: Emulator, envPath: string | undefined): string[] {
    if (envPath !== undefined)
        return [`The environment of a deployment is in ${envPath}: set -a; . ${envPath}; set +a`];
    return [
        "The environment of a deployment:",
        ...exportLines(env)
            .split("\n")
            .map((line) => `  ${line}`),
    ];
}

function tenantNote({ tenantIds }: Emulator, index: number): string {
    const domain = index === 0 ? "contoso.com" : `contoso${index + 1}.com`;
    if (index === 0) return `${domain}, deployments run here`;
    return tenantIds.length > 1 ? `${domain}, a customer` : domain;
}

/** In the real Entra, a customer's administrator opens the same kind of link. */
function consentLines({ url, tenantIds, env }: Emulator): string[] {
    const clientId = env["AZURE_CLIENT_ID"] ?? "";
    return [
        "An administrator of each customer consents to the deploying identity once:",
        ...tenantIds.slice(1).map((tenantId) => `  ${url}/${tenantId}/adminconsent?client_id=${clientId}`),
    ];
}

/**
 * Returns two commands for a POSIX shell. The first one signs in. The second one removes the SPA redirect URIs of an
 * application.
 */
export function changeByHand(emulator: Emulator): string[] {
    const { url, caFile, tenantId } = emulator;
    const { clientId, clientSecret } = emulator.identity("admin");
    const form = `-d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} -d scope=${url}/.default`;
    const token = String.raw`sed 's/.*"access_token":"\([^"]*\)".*/\1/'`;
    return [
        `TOKEN=$(curl --silent --cacert ${caFile} ${form} ${url}/${tenantId}/oauth2/v2.0/token | ${token})`,
        `curl --cacert ${caFile} -X PATCH -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '{"spa": {"redirectUris": []}}' "${url}/v1.0/applications(appId='<Application ID>')"`,
    ];
}
