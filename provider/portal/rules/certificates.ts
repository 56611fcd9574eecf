// With `registerCertificate: false` the program only demands that its certificate is registered, as the wizard does of
// existing certificates. Pure.
import type { LiveApplication } from "../../entra/live";
import { type RestorePortalAppInputs } from "./inputs";
import { NOT_REGISTERED } from "../../inputs/statusTexts";
import { isCertificateRegistered } from "../../sync/ownership";

/** Why the demand is not met, with the three ways to meet it; `undefined`: it is, or nothing is demanded. */
export function missingCertificate(inputs: RestorePortalAppInputs, application: LiveApplication): string | undefined {
    const { certificate, registerCertificate } = inputs;
    const thumbprint = certificate?.thumbprint;
    if (registerCertificate || thumbprint === undefined || thumbprint === NOT_REGISTERED) return undefined;
    if (isCertificateRegistered(application, thumbprint)) return undefined;
    const ways = [
        "let this deployment register it (leave registerCertificate out)",
        "upload its public part in the Entra admin center (App registrations > Certificates & secrets)",
        `run: az ad app credential reset --id ${application.appId} --append --cert @certificate.pem`,
    ];
    return `certificate ${thumbprint} is not registered on application ${application.appId}; ${ways.join(", or ")}`;
}
