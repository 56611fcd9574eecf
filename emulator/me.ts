// Answers Graph's request for the user that the token belongs to. https://learn.microsoft.com/graph/api/user-get
import { entity, type Answer, type GraphCall } from "./context";
import { badRequest, denied, unauthorized } from "./graphError";
import { assertKnownOptions, select } from "./odata";

const READ_SELF = ["User.Read", "User.ReadWrite", "User.Read.All", "Directory.Read.All"];

export function getMe(call: GraphCall): Answer {
    const { scopes, objectId } = call.caller;
    if (!scopes) throw badRequest("/me request is only valid with delegated authentication flow.", "BadRequest");
    if (!READ_SELF.some((scope) => scopes.has(scope))) throw denied();
    assertKnownOptions(call, ["$select"]);
    const user = call.tenant.users.get(objectId);
    if (!user) throw unauthorized("The identity of the calling application could not be established.");
    const [givenName = null, ...others] = user.displayName.split(" ");
    const shown = {
        businessPhones: [],
        displayName: user.displayName,
        givenName,
        jobTitle: null,
        mail: user.userPrincipalName,
        mobilePhone: null,
        officeLocation: null,
        preferredLanguage: null,
        surname: others.length > 0 ? others.join(" ") : null,
        userPrincipalName: user.userPrincipalName,
        id: user.id,
    };
    return { status: 200, body: entity(call, "users", select(call, shown, "user")) };
}
