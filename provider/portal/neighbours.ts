// Warns in a preview if the tenant already has an application that may be the portal that the program registers.
import { aNeighbour, pageOf } from "../entra/graphShapes";
import { APPLICATIONS_PATH, select } from "../entra/paths";
import { readList } from "../entra/pages";
import { reading } from "../entra/directory";
import type { Session } from "../entra/session";
import { warn } from "../log";
import { PortalError } from "../portalError";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { neighbourWarnings, type Neighbour } from "./rules/neighbours";

/** Each tenant is read once per process, for all portals of the program. */
const lists = new Map<string, Promise<readonly Neighbour[]>>();

export async function warnOfNeighbours(session: Session, inputs: RestorePortalAppInputs): Promise<void> {
    const list = lists.get(session.tenantId) ?? readNeighbours(session);
    lists.set(session.tenantId, list);
    for (const warning of neighbourWarnings(inputs, await list)) warn(warning);
}

const FIELDS = ["appId", "displayName", "uniqueName", "tags", "spa", "web", "publicClient"];

/** Graph cannot filter by the redirect URIs of single-page applications. So all applications are read, 999 per page. */
async function readNeighbours(session: Session): Promise<readonly Neighbour[]> {
    const path = `${select(APPLICATIONS_PATH, ...FIELDS)}&$top=999`;
    try {
        return await readList<Neighbour>(session, reading("the applications of the tenant", path, pageOf(aNeighbour)));
    } catch (error) {
        // The registration does not need this list, and the caller may not be allowed to read it. So if the read fails,
        // the preview only omits the warning.
        if (error instanceof PortalError) return [];
        throw error;
    }
}
