// Handles Graph's routes for the user that the token belongs to. https://learn.microsoft.com/graph/api/user-get
import type { Answer, GraphCall, Handler, Route } from "./context";
import { badRequest, denied, notFound, unauthorized } from "./graphError";
import { entityAnswer } from "./odata/collection";
import { USER } from "./userRoutes";
import { completeUser } from "./userView";

const READ_SELF = ["User.Read", "User.ReadWrite", "User.Read.All", "Directory.Read.All"];
/**
 * With one of the permissions in `READ_SELF`, users may also read their own groups and the objects that they own. So
 * `asMe` adds the permissions in `READ_OWN` to the call.
 */
const READ_OWN = ["User.ReadBasic.All", "GroupMember.Read.All"];

/** Copies the routes below `/users/{id}` to `/me`, for the user of the token. */
export function routesOfMe(routes: readonly Route[]): readonly Route[] {
    const prefix = "/users/:user/";
    return routes
        .filter(([method, path]) => path.startsWith(prefix) && (method === "GET" || !path.includes("$ref")))
        .map(([method, path, handler]) => [method, path.replace(prefix, "/me/"), asMe(handler)]);
}

const asMe =
    (handler: Handler): Handler =>
    (call) => {
        const { scopes, objectId, roles } = call.caller;
        if (!scopes) throw notDelegated();
        const own = READ_SELF.some((scope) => scopes.has(scope)) ? READ_OWN : [];
        const caller = { ...call.caller, roles: new Set([...roles, ...own]) };
        return handler({ ...call, caller, params: { ...call.params, user: objectId } });
    };

/**
 * Refuses a GET of any other relationship of `/me`: with 400 for an application, which has no user, and with 404 for a
 * user.
 */
export function refuseMe({ caller, params }: GraphCall): Answer {
    if (!caller.scopes) throw notDelegated();
    throw notFound(params["relationship"] ?? "");
}

function notDelegated() {
    return badRequest("/me request is only valid with delegated authentication flow.", "BadRequest");
}

export function getMe(call: GraphCall): Answer {
    const { scopes, objectId } = call.caller;
    if (!scopes) throw notDelegated();
    if (!READ_SELF.some((scope) => scopes.has(scope))) throw denied();
    const user = call.tenant.users.get(objectId);
    if (!user) throw unauthorized("The identity of the calling application could not be established.");
    return entityAnswer(call, USER, completeUser(user));
}
