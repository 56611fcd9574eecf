// Handles Graph's routes for directory objects of any type.
// https://learn.microsoft.com/graph/api/resources/directoryobject
import { shownApplication } from "./applicationView";
import type { Answer, GraphCall } from "./context";
import { badRequest, notFound } from "./graphError";
import type { Application, Group, ServicePrincipal, TenantUser } from "./graphTypes";
import { shownGroup } from "./groupBody";
import { entityAnswer, type Kind } from "./odata/collection";
import { assertMayReadDirectory } from "./permissions";
import { shownServicePrincipal } from "./servicePrincipalView";
import type { Tenant } from "./tenant";
import { shownUser } from "./userView";

export const DIRECTORY_OBJECT: Kind = {
    set: "directoryObjects",
    type: "directoryObject",
    isMixed: true,
    filterable: { id: ["eq"], displayName: ["eq", "startswith"] },
    searchable: ["displayName"],
    orderableInAdvanced: ["displayName"],
};

export const OBJECT_TYPES = ["application", "group", "servicePrincipal", "user"] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];

type Found =
    | { readonly type: "application"; readonly object: Application }
    | { readonly type: "group"; readonly object: Group }
    | { readonly type: "servicePrincipal"; readonly object: ServicePrincipal }
    | { readonly type: "user"; readonly object: TenantUser };

export function findObject(tenant: Tenant, id: string): Found | undefined {
    const servicePrincipal = tenant.servicePrincipals.current(id);
    if (servicePrincipal) return { type: "servicePrincipal", object: servicePrincipal };
    const user = tenant.users.get(id);
    if (user) return { type: "user", object: user };
    const group = tenant.groups.current(id);
    if (group) return { type: "group", object: group };
    const application = tenant.applications.current(id);
    return application && { type: "application", object: application };
}

/** Shows an object with the name of its type. Returns `undefined` if the tenant has no object with this id. */
export function directoryObject(call: GraphCall, id: string): object | undefined {
    const found = findObject(call.tenant, id);
    return found && { "@odata.type": `#microsoft.graph.${found.type}`, ...shown(call, found) };
}

function shown(call: GraphCall, { type, object }: Found): object {
    if (type === "servicePrincipal") return shownServicePrincipal(call, object);
    if (type === "application") return shownApplication(object);
    return type === "user" ? shownUser(object) : shownGroup(call, object);
}

/**
 * `type` is the type of an OData cast in the route, such as `graph.user`. Graph answers 404 for an object of another
 * type.
 */
export const getDirectoryObject =
    (type?: ObjectType) =>
    (call: GraphCall): Answer => {
        assertMayReadDirectory(call);
        const id = call.params["object"] ?? "";
        const object = directoryObject(call, id);
        const isWanted = type === undefined || findObject(call.tenant, id)?.type === type;
        if (!object || !isWanted) throw notFound(id);
        return entityAnswer(call, DIRECTORY_OBJECT, object);
    };

const MAX_IDS = 1000;

/**
 * Skips ids that no object has, and objects whose type is not in `types`. If `types` is missing or contains
 * `directoryObject`, returns objects of all types, also at a path of one collection such as `/groups/getByIds`.
 */
export function getByIds(call: GraphCall): Answer {
    assertMayReadDirectory(call);
    const { ids, types } = call.body;
    const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");
    if (!isTexts(ids) || (types !== undefined && types !== null && !isTexts(types)))
        throw badRequest("Invalid value specified for parameter 'ids'.");
    const unique = [...new Set(ids)];
    if (unique.length > MAX_IDS) throw badRequest(`Too many ids. The maximum is ${MAX_IDS}.`);
    const wanted = types?.map((one) => one.toLowerCase());
    const value = unique.flatMap((id) => {
        const type = findObject(call.tenant, id)?.type.toLowerCase();
        const isWanted = wanted === undefined || wanted.includes("directoryobject") || wanted.includes(type ?? "");
        return isWanted ? (directoryObject(call, id) ?? []) : [];
    });
    return { status: 200, body: { "@odata.context": `${call.graphUrl}/$metadata#directoryObjects`, value } };
}
