// Makes the routes that list related objects: owners, members, groups and owned objects. Each list also has routes for
// its count, for the objects of one type, for one object, and for references (`$ref`).
import { directoryTypeOf, type Answer, type GraphCall, type Route } from "./context";
import { directoryObject, DIRECTORY_OBJECT, findObject } from "./directoryObjects";
import { notFound } from "./graphError";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";

export interface Related {
    /** The path of the object to which the listed objects are related. */
    readonly path: string;
    readonly name: string;
    readonly ids: readonly string[];
}

export type RelatedOf = (call: GraphCall) => Related;

/** The tenant has no objects of the last four types, so their lists are empty. */
const TYPES = [
    "application",
    "group",
    "servicePrincipal",
    "user",
    "administrativeUnit",
    "device",
    "directoryRole",
    "orgContact",
] as const;
type CastType = (typeof TYPES)[number];

export function relatedRoutes(path: string, relatedOf: RelatedOf): readonly Route[] {
    const ofType = (suffix: string, type?: CastType): readonly Route[] => [
        ["GET", `${path}${suffix}`, (call) => list(call, relatedOf(call), suffix, type)],
        ["GET", `${path}${suffix}/$count`, (call) => count(call, relatedOf(call), type)],
    ];
    return [
        ...ofType(""),
        ...TYPES.flatMap((type) => ofType(`/graph.${type}`, type)),
        ["GET", `${path}/$ref`, (call) => listReferences(call, relatedOf(call))],
        ["GET", `${path}/:related`, (call) => getRelated(call, relatedOf(call))],
        ["GET", `${path}/:related/$ref`, (call) => getReference(call, relatedOf(call))],
    ];
}

function list(call: GraphCall, { path, name, ids }: Related, suffix: string, type?: CastType): Answer {
    const at = `${path}/${name}${suffix.replace("graph.", "microsoft.graph.")}`;
    return listAnswer(call, kindOf(type), { path: at, objects: relatedObjects(call, ids, type) });
}

function count(call: GraphCall, { ids }: Related, type?: CastType): Answer {
    return countAnswer(call, kindOf(type), { objects: relatedObjects(call, ids, type) });
}

/** If the path casts to a type, `@odata.context` names the list after that type. */
function kindOf(type: CastType | undefined): Kind {
    return type === undefined ? DIRECTORY_OBJECT : { ...DIRECTORY_OBJECT, set: `${type}s`, type };
}

export function relatedObjects(call: GraphCall, ids: readonly string[], type?: CastType): object[] {
    const chosen = ids.filter((id) => type === undefined || findObject(call.tenant, id)?.type === type);
    return chosen.flatMap((id) => directoryObject(call, id) ?? []);
}

function listReferences(call: GraphCall, { path, name, ids }: Related): Answer {
    const objects = ids.flatMap((id) => referenceTo(call, id) ?? []);
    const kind: Kind = { set: "Collection($ref)", type: "directoryObject" };
    return listAnswer(call, kind, { path: `${path}/${name}/$ref`, objects });
}

function referenceTo({ graphUrl, tenant }: GraphCall, id: string): object | undefined {
    const type = findObject(tenant, id)?.type;
    const root = `${new URL(graphUrl).origin}/v2/${tenant.tenantId}/directoryObjects`;
    return type && { "@odata.id": `${root}/${id}/${directoryTypeOf(`${type}s`) ?? ""}` };
}

function relatedId({ params }: GraphCall, { ids }: Related): string {
    const id = params["related"] ?? "";
    if (!ids.includes(id)) throw notFound(id);
    return id;
}

function getRelated(call: GraphCall, related: Related): Answer {
    const object = directoryObject(call, relatedId(call, related)) ?? {};
    return entityAnswer(call, DIRECTORY_OBJECT, object);
}

function getReference(call: GraphCall, related: Related): Answer {
    const context = `${call.graphUrl}/$metadata#$ref`;
    return { status: 200, body: { "@odata.context": context, ...referenceTo(call, relatedId(call, related)) } };
}
