// Makes a working portal like one that VB365's wizard makes. An administrator's requests register the portal and
// consent to it in a tenant.
import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";

import { issueCertificate } from "../../../provider/certificate/issue";
import { PORTAL_URL } from "./portals";
import type { ClientCertificate } from "../signIn/signIn";
import type { Application, TestTenant } from "./testTenant";

export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";

export interface PortalByHand {
    readonly appId: string;
    readonly certificate: ClientCertificate;
}

export async function portalByHand(tenant: TestTenant, change: Record<string, unknown> = {}): Promise<PortalByHand> {
    const issued = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 30, now: new Date() });
    const certificate = new X509Certificate(issued.certificatePem);
    const scopeId = randomUUID();
    const { appId } = await tenant.graph<Application>("POST", "/applications", {
        displayName: "Portal",
        signInAudience: "AzureADMyOrg",
        spa: { redirectUris: [PORTAL_URL] },
        api: { oauth2PermissionScopes: [accessAsUser(scopeId)] },
        keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: certificate.raw.toString("base64") }],
        ...change,
    });
    await tenant.patchApplication(appId, {
        identifierUris: [`api://${appId}`],
        requiredResourceAccess: [
            { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: USER_READ, type: "Scope" }] },
            { resourceAppId: appId, resourceAccess: [{ id: scopeId, type: "Scope" }] },
        ],
    });
    await consentByHand(tenant, appId);
    const key = createPrivateKey(issued.privateKey.export({ type: "pkcs8", format: "pem" }));
    return { appId, certificate: { certificate, key } };
}

/** Makes the service principal and both grants in this tenant, which can be a customer's tenant. */
export async function consentByHand(tenant: TestTenant, appId: string): Promise<void> {
    const { id } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
    const { id: graph } = await tenant.servicePrincipal(GRAPH_APP_ID);
    for (const [resourceId, scope] of [
        [graph, "User.Read"],
        [id, "access_as_user"],
    ]) {
        const grant = { clientId: id, resourceId, consentType: "AllPrincipals", scope };
        await tenant.graph("POST", "/oauth2PermissionGrants", grant);
    }
}

function accessAsUser(id: string) {
    return {
        id,
        value: "access_as_user",
        type: "Admin",
        isEnabled: true,
        adminConsentDisplayName: "Access Restore Portal as the signed-in user",
        adminConsentDescription: "Access Restore Portal as the signed-in user",
    };
}
