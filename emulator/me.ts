// Handles Graph's route for the user that the token belongs to. https://learn.microsoft.com/graph/api/user-get
import type { Answer, GraphCall } from "./context";
import { badRequest, denied, notFound, unauthorized } from "./graphError";
import { entityAnswer } from "./odata/collection";
import { USER } from "./userRoutes";
import { completeUser } from "./userView";

const READ_SELF = ["User.Read", "User.ReadWrite", "User.Read.All", "Directory.Read.All"];

/** The emulator has none of a user's relationships at /me. An application has no /me at all. */
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
