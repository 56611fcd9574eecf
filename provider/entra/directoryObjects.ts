// Checks whether directory objects of any type exist in a tenant, such as the owners that a program names.
import { clock } from "./clock";
import { getUnlessMissing, reading } from "./directory";
import { isDenied, isNotFound } from "./graphErrors";
import { anObject } from "./graphShapes";
import { directoryObjectPath, select } from "./paths";
import type { Session } from "./session";

/** Reads some fields of an object. `undefined`: the object does not exist, or the caller is not allowed to read it. */
export async function readObject(
    session: Session,
    path: string,
    fields: readonly string[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
        return await getUnlessMissing(session, reading("an object of the tenant", select(path, ...fields), anObject));
    } catch (error) {
        if (isDenied(error)) return undefined;
        throw error;
    }
}

/** A replica may not have a new object yet. So an object counts as missing only after several reads in a row. */
const PAUSES_MS = [0, 2_000, 4_000];

/** Returns the ids that no object has. An id counts as existing if the caller is not allowed to read its object. */
export async function missingObjects(session: Session, ids: readonly string[]): Promise<readonly string[]> {
    let missing = ids;
    for (const pause of PAUSES_MS) {
        if (missing.length === 0) return [];
        if (pause > 0) await clock.sleep(pause);
        missing = await missingNow(session, missing);
    }
    return missing;
}

async function missingNow(session: Session, ids: readonly string[]): Promise<string[]> {
    const requests = ids.map((id) => reading(`object ${id}`, select(directoryObjectPath(id), "id"), anObject));
    const answers = await session.graph.batch(requests);
    return ids.filter((_id, index) => {
        const error = answers[index]?.error;
        if (error && !isNotFound(error) && !isDenied(error)) throw error;
        return error !== undefined && isNotFound(error);
    });
}
