// Checks whether Entra accepts a portal's certificate, by requesting a token with its private key.
import type { PortalState } from "../../provider/portal/rules/state";
import { readPfx } from "../../provider/certificate/pfx/readPfx";
import type { CertificateState } from "../../provider/certificate/inputs";
import { clock } from "../../provider/entra/clock";
import { cloudOf } from "../../provider/entra/clouds";
import type { Region } from "../../provider/inputs/regions";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { tokenRequester } from "../../provider/entra/tokens";
import { PortalError } from "../../provider/portalError";
import { failed, follows, ok, unknown, type Check } from "./check";

const TOKEN = "token";

/**
 * Checks the application, its service principal and its certificate with the client credentials flow. This flow does
 * not show whether redirect URIs and consent are right.
 */
export async function tokenCheck(state: PortalState, certificate: CertificateState | undefined): Promise<Check> {
    const { applicationId, tenantId, region, credentials } = state;
    if (certificate?.pfx === undefined) {
        const remedy = "use a generated PortalCertificate, or an imported one with exportPfx: true, and run pulumi up";
        return follows("certificate", TOKEN, `the state contains no private key of the certificate; ${remedy}`);
    }
    try {
        const identity = readPfx(Buffer.from(certificate.pfx, "base64"), certificate.pfxPassword, clock.now());
        const key = identity.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
        const env = {
            AZURE_TENANT_ID: tenantId,
            AZURE_CLIENT_ID: applicationId,
            ARM_CLIENT_CERTIFICATE: key + identity.certificate.pem,
        };
        const cloud = await cloudOf(region as Region, environmentOf(credentials));
        const request = await tokenRequester({ env, prefix: undefined }, cloud, tenantId);
        await request();
        return ok(TOKEN, `the token service accepts certificate ${identity.certificate.thumbprint}`);
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return error.code === "ERR_CREDENTIALS" ? refused(error.message, state) : unknown(TOKEN, error.message);
    }
}

const REMEDIES: Readonly<Record<number, string>> = {
    700016: "run pulumi up --refresh, which creates or restores the application or its service principal; if the application is new, then enter its Application ID in VB365",
    7000112: "run pulumi up, which enables the application or its service principal",
    700027: "run pulumi up, which registers the certificate; if it also renews the certificate, then run npx pulumi-restore-portal handover",
    700024: "correct the clock of this machine",
};

/**
 * `pulumi up` never creates an adopted application, and restores it only with `restoreDeleted: true`. It leaves the
 * parts in `leaveAlone` alone. So two remedies refer to the checks that show the cause.
 */
const REMEDIES_IF_ADOPTED: typeof REMEDIES = {
    ...REMEDIES,
    700016: 'follow the remedy of the check "applicationStatus" or "servicePrincipal"',
    7000112: 'follow the remedy of the check "applicationStatus" or "servicePrincipal"',
};

/** With `registerCertificate: false`, `pulumi up` does not register the certificate. */
const REMEDIES_IF_NOT_REGISTERED: typeof REMEDIES = {
    700027: 'follow the remedy of the check "certificate" or "certificateExpiry"',
};

/**
 * Leaves out the remedy in the provider's message, because that remedy is for the deploying identity and not for the
 * portal's certificate.
 */
function refused(message: string, { managed, desired }: PortalState): Check {
    const sentence = /AADSTS(\d+):[^;]*/.exec(message);
    if (!sentence) return unknown(TOKEN, message);
    const aadsts = Number(sentence[1]);
    const remedies = {
        ...(managed.created ? REMEDIES : REMEDIES_IF_ADOPTED),
        ...(desired.registerCertificate ? {} : REMEDIES_IF_NOT_REGISTERED),
    };
    const remedy = remedies[aadsts];
    return failed(TOKEN, sentence[0], { aadsts, ...(remedy === undefined ? {} : { remedy }) });
}
