// Makes the application of a Restore Portal in the embedded tenant as VB365's wizard makes it, so that a program can
// adopt it. Sends the requests as an administrator.
import { randomUUID, X509Certificate } from "node:crypto";
import { request } from "node:https";

import { newCertificateAuthority } from "./certificateAuthority";
import type { Emulator } from "./index";
import { GRAPH_APP_ID } from "./microsoftGraph";

const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const CONSENT = "Access Restore Portal as the signed-in user";

/**
 * Returns the Application ID of the portal. The deploying identity becomes an owner, so that it may adopt the portal.
 */
export async function makeWizardPortal(emulator: Emulator): Promise<string> {
    const graph = await administrator(emulator);
    const { certificatePem } = newCertificateAuthority(new Date()).issue(new Date(), {
        selfSigned: true,
        validDays: 365,
    });
    const key = new X509Certificate(certificatePem).raw.toString("base64");
    const id = randomUUID();
    const scope = { id, value: "access_as_user", type: "Admin", isEnabled: true, adminConsentDisplayName: CONSENT };
    const application = await graph("POST", "/applications", {
        displayName: "VB365 Restore Portal",
        signInAudience: "AzureADMyOrg",
        spa: { redirectUris: ["https://portal.abc.com:4443"] },
        api: { oauth2PermissionScopes: [{ ...scope, adminConsentDescription: CONSENT }] },
        keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }],
    });
    const { appId = "" } = application;
    const access = (of: string, permission: string) => ({
        resourceAppId: of,
        resourceAccess: [{ id: permission, type: "Scope" }],
    });
    await graph("PATCH", `/applications/${application.id ?? ""}`, {
        identifierUris: [`api://${appId}`],
        requiredResourceAccess: [access(GRAPH_APP_ID, USER_READ), access(appId, id)],
    });
    const owner = `${emulator.url}/v1.0/directoryObjects/${emulator.identity("deployer").objectId}`;
    await graph("POST", `/applications/${application.id ?? ""}/owners/$ref`, { "@odata.id": owner });
    const own = await graph("POST", "/servicePrincipals", {
        appId,
        tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    });
    const ofGraph = await graph("GET", `/servicePrincipals(appId='${GRAPH_APP_ID}')`);
    for (const [resource, granted] of [
        [ofGraph, "User.Read"],
        [own, "access_as_user"],
    ] as const) {
        const grant = { clientId: own.id, resourceId: resource.id, consentType: "AllPrincipals", scope: granted };
        await graph("POST", "/oauth2PermissionGrants", grant);
    }
    return appId;
}

interface Answer {
    readonly id?: string;
    readonly appId?: string;
    readonly access_token?: string;
}

async function administrator(emulator: Emulator) {
    const { clientId, clientSecret, tenantId } = emulator.identity("admin");
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const body = new URLSearchParams({ ...form, scope: `${emulator.url}/.default` }).toString();
    const { access_token = "" } = await send(emulator, `POST /${tenantId}/oauth2/v2.0/token`, {}, body);
    const headers = { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
    return (method: string, path: string, content?: object) =>
        send(emulator, `${method} /v1.0${path}`, headers, content && JSON.stringify(content));
}

function send(emulator: Emulator, route: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const [method = "", path = ""] = route.split(" ");
    return new Promise((done, fail) => {
        const outgoing = request(`${emulator.url}${path}`, { method, headers, ca: emulator.caPem }, (incoming) => {
            let text = "";
            incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
            incoming.on("end", () => {
                if ((incoming.statusCode ?? 500) >= 400) fail(new Error(`${route}: ${text}`));
                else done((text === "" ? {} : JSON.parse(text)) as Answer);
            });
        });
        outgoing.on("error", fail);
        outgoing.end(body);
    });
}
