// Lists the applications of a tenant that can be imported as portals. Each has a redirect URI of a Restore Portal, and
// the scope `access_as_user`, which the page of the portal requests.
import { reading } from "../entra/directory";
import { aListedApplication, pageOf } from "../entra/graphShapes";
import type { LiveApplication } from "../entra/live";
import { readList } from "../entra/pages";
import { APPLICATIONS_PATH, select } from "../entra/paths";
import { openSession } from "../entra/session";
import type { ExistingObject, ListedObject } from "../pulumi/hooks";
import { webAddressesOf } from "./existing";
import { findScope } from "./rules/live";

export async function listPortals(settings: ExistingObject["settings"]): Promise<ListedObject[]> {
    const session = await openSession({ region: "Worldwide", ...settings });
    const path = select(APPLICATIONS_PATH, "id", "appId", "displayName", "spa", "api");
    const request = reading(`the applications of tenant ${session.tenantId}`, path, pageOf(aListedApplication));
    const applications = await readList<Pick<LiveApplication, "appId" | "displayName" | "spa" | "api">>(
        session,
        request,
    );
    return applications
        .filter((application) => findScope(application) && webAddressesOf(application).length > 0)
        .map(({ appId, displayName }) => ({ id: appId, name: displayName }));
}
