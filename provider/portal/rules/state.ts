// Makes the outputs of a portal: each input under the same name, and the values that were observed. Pure.
import type { Live } from "../../entra/live";
import { consentUrlOf } from "../../sync/grants";
import { registeredCertificates, type RegisteredCertificate } from "./certificates";
import type { RestorePortalAppInputs } from "./inputs";
import type { Managed, RetiringCertificate } from "./live";

/**
 * After a refresh, the properties that have the names of inputs contain live values. `desired` contains the values of
 * the program.
 */
export interface PortalState extends RestorePortalAppInputs {
    readonly applicationId: string;
    readonly objectId: string;
    readonly tenantId: string;
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
    readonly authority: string;
    readonly apiScope: string;
    readonly consentUrl: string;
    readonly certificates: readonly RegisteredCertificate[];
    /**
     * The inputs of the last deployment that succeeded. While `isNew` is set, the inputs of a failed deployment or of
     * the import.
     */
    readonly desired: RestorePortalAppInputs;
    /** `true`: no deployment has succeeded yet. `imported`: no deployment has run since `pulumi import`. */
    readonly isNew?: boolean | "imported";
    readonly managed: Managed;
}

/** The tenant of the application, and the sign-in address of its cloud, such as `https://login.microsoftonline.com`. */
export interface Home {
    readonly tenantId: string;
    readonly loginUrl: string;
}

export interface Outcome {
    /** The inputs with their live values. After a deployment that succeeded, these are the program's inputs. */
    readonly inputs: RestorePortalAppInputs;
    readonly desired: RestorePortalAppInputs;
    readonly live: Live;
    readonly managed: Managed;
    readonly retiring: readonly RetiringCertificate[];
    readonly isNew?: PortalState["isNew"];
}

export function outputsFrom(home: Home, { inputs, desired, live, managed, retiring, isNew }: Outcome): PortalState {
    const { application, servicePrincipal, graphServicePrincipalId } = live;
    const tenant = inputs.signInAudience === "AzureADMultipleOrgs" ? "organizations" : home.tenantId;
    return {
        ...inputs,
        applicationId: application.appId,
        objectId: application.id,
        tenantId: home.tenantId,
        servicePrincipalId: servicePrincipal?.id ?? "",
        graphServicePrincipalId,
        authority: `${home.loginUrl}/${tenant}`,
        apiScope: `api://${application.appId}/access_as_user`,
        consentUrl: consentUrlOf(home.loginUrl, home.tenantId, application.appId),
        certificates: registeredCertificates(application, managed, retiring),
        desired,
        ...(isNew ? { isNew } : {}),
        managed,
    };
}
