// Makes the routes that list related objects: owners, members, groups and owned objects. Each list has a count, casts
// to one type, and the same objects as references.
import { directoryTypeOf, type Answer, type GraphCall, type Route } from "./context";
import { directoryObject, DIRECTORY_OBJECT, findObject, type ObjectType } from "./directoryObjects";
import { countAnswer, listAnswer, type Kind } from "./odata/collection";

export interface Related {
    /** The path of the object that the others are related to. */
    readonly path: string;
    readonly name: string;
    readonly ids: readonly string[];
}

export type RelatedOf = (call: GraphCall) => Related;

const TYPES: readonly ObjectType[] = ["application", "group", "servicePrincipal", "user"];

export function relatedRoutes(path: string, relatedOf: RelatedOf): readonly Route[] {
    const ofType = (suffix: string, type?: ObjectType): readonly Route[] => [
        ["GET", `${path}${suffix}`, (call) => list(call, relatedOf(call), suffix, type)],
        ["GET", `${path}${suffix}/$count`, (call) => count(call, relatedOf(call), type)],
    ];
    return [
        ...ofType(""),
        ...TYPES.flatMap((type) => ofType(`/graph.${type}`, type)),
        ["GET", `${path}/$ref`, (call) => listReferences(call, relatedOf(call))],
    ];
}

function list(call: GraphCall, { path, name, ids }: Related, suffix: string, type?: ObjectType): Answer {
    const at = `${path}/${name}${suffix.replace("graph.", "microsoft.graph.")}`;
    return listAnswer(call, kindOf(type), { path: at, objects: relatedObjects(call, ids, type) });
}

function count(call: GraphCall, { ids }: Related, type?: ObjectType): Answer {
    return countAnswer(call, kindOf(type), { objects: relatedObjects(call, ids, type) });
}

/** After a cast, the list has the name of the type. */
function kindOf(type: ObjectType | undefined): Kind {
    return type === undefined ? DIRECTORY_OBJECT : { ...DIRECTORY_OBJECT, set: `${type}s`, type };
}

export function relatedObjects(call: GraphCall, ids: readonly string[], type?: ObjectType): object[] {
    const chosen = ids.filter((id) => type === undefined || findObject(call.tenant, id)?.type === type);
    return chosen.flatMap((id) => directoryObject(call, id) ?? []);
}

function listReferences(call: GraphCall, { path, name, ids }: Related): Answer {
    const root = `${new URL(call.graphUrl).origin}/v2/${call.tenant.tenantId}/directoryObjects`;
    const objects = ids.flatMap((id) => {
        const type = findObject(call.tenant, id)?.type;
        return type === undefined ? [] : [{ "@odata.id": `${root}/${id}/${directoryTypeOf(`${type}s`) ?? ""}` }];
    });
    const kind: Kind = { set: "Collection($ref)", type: "directoryObject" };
    return listAnswer(call, kind, { path: `${path}/${name}/$ref`, objects });
}
