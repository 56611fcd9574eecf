// Handles references to other objects: owners of applications, service principals and groups, and members of groups.
import { NO_CONTENT, type Answer, type GraphCall } from "./context";
import { findObject, type ObjectType } from "./directoryObjects";
import { badRequest, notFound } from "./graphError";

export interface Relationship {
    readonly name: "owners" | "members";
    readonly types: readonly ObjectType[];
    /** The path of the object that has the references. */
    readonly path: string;
    readonly ids: readonly string[];
    readonly set: (ids: readonly string[]) => void;
}

const MAX_OWNERS = 100;
const MAX_BOUND = 20;

export function addReference(call: GraphCall, relationship: Relationship): Answer {
    const { name, ids, set } = relationship;
    const id = referencedId(call, relationship, call.body["@odata.id"]);
    if (ids.includes(id)) throw alreadyExists(name);
    if (name === "owners" && ids.length >= MAX_OWNERS) {
        throw badRequest(
            "The directory object quota limit for the owners has been exceeded.",
            "Directory_QuotaExceeded",
        );
    }
    set([...ids, id]);
    return NO_CONTENT;
}

export function alreadyExists(name: string) {
    return badRequest(
        `One or more added object references already exist for the following modified properties: '${name}'.`,
    );
}

/** The path, or the query option `@id`, names the owner or member to remove. */
export function removeReference(call: GraphCall, { name, ids, set }: Relationship): Answer {
    const id = call.params["related"] ?? idInReference(name, call.query.get("@id"));
    if (!ids.includes(id)) throw notFound(id);
    set(ids.filter((one) => one !== id));
    return NO_CONTENT;
}

/** Reads `owners@odata.bind` or `members@odata.bind` in the body of a POST or PATCH. */
export function boundIds(call: GraphCall, relationship: Pick<Relationship, "name" | "types">): string[] {
    const bound = call.body[`${relationship.name}@odata.bind`] ?? [];
    if (!Array.isArray(bound)) throw badRequest(`The reference-property '${relationship.name}' needs a list of URLs.`);
    if (bound.length > MAX_BOUND) throw badRequest("A maximum of 20 references can be bound in one request.");
    return bound.map((one) => referencedId(call, relationship, one));
}

function idInReference(name: Relationship["name"], reference: unknown): string {
    const text = typeof reference === "string" ? reference : "";
    const id = /\/(?:directoryObjects|users|servicePrincipals|groups)[/('"]+([0-9a-f-]{36})['")]*$/i.exec(text)?.[1];
    if (id === undefined) throw badRequest(`The reference-property '${name}' needs the URL of a directory object.`);
    return id;
}

function referencedId(call: GraphCall, { name, types }: Pick<Relationship, "name" | "types">, reference: unknown) {
    const id = idInReference(name, reference);
    const found = findObject(call.tenant, id);
    if (!found) throw notFound(id);
    if (!types.includes(found.type)) {
        throw badRequest(`An invalid value was specified for the reference-property '${name}'.`);
    }
    return id;
}
