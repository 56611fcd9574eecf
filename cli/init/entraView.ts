// Lists the applications in Entra that may be a Restore Portal.
import { credentialsPresent } from "../../provider/entra/credentials";
import { reading } from "../../provider/entra/directory";
import { pageOf } from "../../provider/entra/graphShapes";
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
