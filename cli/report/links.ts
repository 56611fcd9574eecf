// Makes the links to the pages of the Entra admin center, in the cloud and the tenant of a row. Pure.
import type { Region } from "../../provider/inputs/regions";
import type { Links } from "./model";

/** Microsoft lists the hosts of the admin center: https://learn.microsoft.com/entra/fundamentals/faq */
const ADMIN_CENTERS: Readonly<Record<Region, string>> = {
    Worldwide: "https://entra.microsoft.com",
    USGovernment: "https://entra.microsoft.us",
    USDefence: "https://entra.microsoft.us",
    China: "https://entra.microsoftonline.cn",
};

export interface Addressed {
    readonly region: string;
    readonly tenantId: string;
    readonly applicationId: string;
    /** `undefined` for a customer, because the application is in another tenant. */
    readonly objectId?: string | undefined;
    readonly servicePrincipalId?: string | undefined;
}

/** Leaves out the link to an object whose object id is not known, for example because it does not exist yet. */
export function linksOf({ region, tenantId, applicationId, objectId, servicePrincipalId }: Addressed): Links {
    const center = (ADMIN_CENTERS as Readonly<Record<string, string>>)[region];
    if (center === undefined || !isPathPart(tenantId) || !isPathPart(applicationId)) return {};
    const page = (blade: string) => `${center}/${tenantId}/#view/${blade}`;
    const ofPrincipal = (view: string) =>
        page(
            `Microsoft_AAD_IAM/ManagedAppMenuBlade/~/${view}/objectId/${servicePrincipalId ?? ""}/appId/${applicationId}`,
        );
    return {
        ...(isPathPart(objectId)
            ? {
                  application: page(
                      `Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/appId/${applicationId}`,
                  ),
              }
            : {}),
        ...(isPathPart(servicePrincipalId)
            ? { enterpriseApplication: ofPrincipal("Overview"), permissions: ofPrincipal("Permissions") }
            : {}),
    };
}

/** Returns whether a text can be a GUID or a domain. Only such texts of a row become parts of a link. */
function isPathPart(text: string | undefined): text is string {
    return text !== undefined && /^[\w.-]+$/.test(text);
}
