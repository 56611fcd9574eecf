// Makes some or all of a program's changes by hand after Entra has refused the deployment. These changes then belong to
// the owners.
import { applicationOf, GRAPH, servicePrincipalOf, thingsOf, valuesOf, type Portal } from "./estate";
import {
    addApplicationIdUri,
    addConsent,
    addPermission,
    addPlatformUri,
    makeServicePrincipal,
    patch,
    uploadCertificate,
    type Hands,
    type OwnersRecord,
} from "./owners";

type Part = (hands: Hands, record: OwnersRecord, portal: Portal) => Promise<unknown>;

const PARTS: readonly Part[] = [
    async (hands, record, { urls }) => {
        for (const url of urls) await addPlatformUri(hands, record, "spa", url);
    },
    (hands, record) => addApplicationIdUri(hands, record, `api://${record.appId}`),
    async (hands, record) => {
        const scope = applicationOf(hands.tenant, record.appId)?.api.oauth2PermissionScopes[0];
        await addPermission(hands, record, { resourceAppId: GRAPH, id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" });
        if (scope) await addPermission(hands, record, { resourceAppId: record.appId, id: scope.id });
    },
    async (hands, record, { certificate }) => {
        const key = hands.keys[certificate];
        const keys = applicationOf(hands.tenant, record.appId)?.keyCredentials ?? [];
        if (key && !keys.some((one) => one.customKeyIdentifier === key.thumbprint))
            await uploadCertificate(hands, record, key);
    },
    async (hands, record) => {
        if (servicePrincipalOf(hands.tenant, record.appId) === undefined) await makeServicePrincipal(hands, record);
    },
    async (hands, record) => {
        await addConsent(hands, record, ["graph", "User.Read"]);
        await addConsent(hands, record, ["self", "access_as_user"]);
    },
    async (hands, record, { audience, reference }) => {
        const values = valuesOf(hands.tenant, record.appId);
        if (audience !== undefined && audience !== values.audience)
            await patch(hands, record, { signInAudience: audience });
        if (reference !== undefined && reference !== values.reference)
            await patch(hands, record, { serviceManagementReference: reference });
        record.noteValues(valuesOf(hands.tenant, record.appId));
    },
];

/** Makes some of the program's changes. Returns the added objects and entries in the form of `thingsOf`. */
export async function doByHand(hands: Hands, record: OwnersRecord, portal: Portal): Promise<string[]> {
    const before = thingsOf(hands.tenant, record.appId);
    for (const part of PARTS) if (hands.random.chance(0.7)) await part(hands, record, portal);
    return [...thingsOf(hands.tenant, record.appId)].filter((one) => !before.has(one));
}
