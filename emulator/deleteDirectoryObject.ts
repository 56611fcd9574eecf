// Deletes a directory object of any type. https://learn.microsoft.com/graph/api/directoryobject-delete
import { deleteApplication } from "./applications";
import type { Answer, GraphCall, Handler } from "./context";
import { findObject, type ObjectType } from "./directoryObjects";
import { notFound } from "./graphError";
import { deleteGroup } from "./groups";
import { removeServicePrincipal } from "./servicePrincipals";
import { deleteUser } from "./userRoutes";

const DELETIONS: Readonly<Record<ObjectType, Handler>> = {
    application: deleteApplication,
    group: deleteGroup,
    servicePrincipal: removeServicePrincipal,
    user: deleteUser,
};

export function deleteDirectoryObject(call: GraphCall): Answer {
    const id = call.params["object"] ?? "";
    const type = findObject(call.tenant, id)?.type;
    if (type === undefined) throw notFound(id);
    return DELETIONS[type]({ ...call, params: { [type]: id } });
}
