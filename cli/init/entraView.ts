// Lists the applications in Entra that may be a Restore Portal, and observes the application that the user chose.
import { credentialsPresent } from "../../provider/entra/credentials";
import { observe, reading } from "../../provider/entra/directory";
import { pageOf } from "../../provider/entra/graphShapes";
import type { Live } from "../../provider/entra/live";
import { readList } from "../../provider/entra/pages";
import { APPLICATIONS_PATH, select } from "../../provider/entra/paths";
import { openSession } from "../../provider/entra/session";
import { listOf, object, optional, text } from "../../provider/shape";
import { looksLikePortal, type Candidate } from "./candidates";

const FIELDS = ["appId", "displayName", "identifierUris", "tags", "api", "spa"] as const;

const aCandidate = object({
    appId: text,
    displayName: optional(text),
    identifierUris: listOf(text),
    tags: listOf(text),
    api: object({ oauth2PermissionScopes: listOf(object({ value: optional(text) })) }),
    spa: object({ redirectUris: listOf(text) }),
});

/** Returns `undefined` without a request if the environment has no credentials. */
export async function findCandidates(region: string): Promise<readonly Candidate[] | undefined> {
    if (!credentialsPresent(undefined)) return undefined;
    const session = await openSession({ region });
    const path = `${select(APPLICATIONS_PATH, ...FIELDS)}&$top=999`;
    const all = await readList<Candidate>(session, reading("the applications of the tenant", path, pageOf(aCandidate)));
    return all.filter(looksLikePortal).sort((a, b) => (a.displayName ?? "").localeCompare(b.displayName ?? ""));
}

/** Observes everything that a plan needs. `undefined`: the tenant does not have the application. */
export async function observeApplication(region: string, applicationId: string): Promise<Live | undefined> {
    return observe(await openSession({ region }), applicationId, { withOwners: true });
}
