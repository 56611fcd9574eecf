// Whether the certificate that VB365 was handed proves the application: by a token that is asked for with its key.
import type { PortalState } from "../../provider/portal/rules/state";
import { certificateProblems, parseCertificate } from "../../provider/inputs/certificate";
import { readPfx } from "../../provider/certificate/pfx/readPfx";
import { CURRENT, renewalStatus } from "../../provider/certificate/renewal";
import type { CertificateState } from "../../provider/certificate/inputs";
import { clock } from "../../provider/entra/clock";
import { cloudOf } from "../../provider/entra/clouds";
import type { Region } from "../../provider/inputs/regions";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { tokenRequester } from "../../provider/entra/tokens";
import { PortalError } from "../../provider/portalError";
import { failed, ok, unknown, type Check } from "./check";

const TOKEN = "token";
const EXPIRY = "certificateExpiry";

/** Client credentials flow: proves application, service principal and certificate, and nothing of redirect URIs or consent. */
export async function tokenCheck(state: PortalState, certificate: CertificateState | undefined): Promise<Check> {
    const { applicationId, tenantId, region, credentials } = state;
    if (certificate?.pfx === undefined) {
        const remedy = "a generated PortalCertificate, or exportPfx: true, puts it there";
        return unknown(TOKEN, `state holds no private key of the certificate; ${remedy}`);
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
        return error.code === "ERR_CREDENTIALS" ? refused(error.message) : unknown(TOKEN, error.message);
    }
}

const REMEDIES: Readonly<Record<number, string>> = {
    700016: "run pulumi up, which makes the application or its service principal again",
    7000112: "run pulumi up, which enables the application again",
    700027: "run pulumi up, which registers the certificate; after a renewal hand it to VB365 too (handover)",
    700024: "correct the clock of this machine",
};

/** The provider's own advice is for the deploying identity, which is another one. */
function refused(message: string): Check {
    const sentence = /AADSTS(\d+):[^;]*/.exec(message);
    if (!sentence) return unknown(TOKEN, message);
    const aadsts = Number(sentence[1]);
    const remedy = REMEDIES[aadsts];
    return failed(TOKEN, sentence[0], { aadsts, ...(remedy === undefined ? {} : { remedy }) });
}

export function expiryCheck({ certificate }: PortalState, issued: CertificateState | undefined): Check {
    if (!certificate) return unknown(EXPIRY, "the program names no certificate");
    const { refusals, warnings } = certificateProblems(parseCertificate(certificate.certificatePem), clock.now());
    const handover = "run pulumi up with another certificate, and hand it to VB365 (handover)";
    if (refusals.length > 0) return failed(EXPIRY, refusals.join("; "), { aadsts: 700027, remedy: handover });
    const renewal = issued ? renewalStatus(issued, clock.now()) : CURRENT;
    if (renewal !== CURRENT) {
        return failed(EXPIRY, renewal, { remedy: "run pulumi up, which renews it, and hand it to VB365 (handover)" });
    }
    return ok(EXPIRY, [`until ${certificate.notAfter ?? ""}`, ...warnings].join("; "));
}
