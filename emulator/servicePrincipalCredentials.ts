// Handles the secrets and certificates that belong to a service principal itself.
// https://learn.microsoft.com/graph/api/serviceprincipal-addpassword
import type { Answer, GraphCall } from "./context";
import type { ServicePrincipal } from "./graphTypes";
import * as keyActions from "./keyActions";
import * as passwords from "./passwords";
import { changeable, existingServicePrincipal } from "./servicePrincipals";

function passwordsOf(call: GraphCall): passwords.HasPasswords {
    const own = changeable(call);
    const set = (next: ServicePrincipal["passwordCredentials"]) =>
        call.tenant.servicePrincipals.put({ ...own, passwordCredentials: next });
    return { passwordCredentials: own.passwordCredentials, set };
}

/** A service principal needs no permission to roll its own keys. */
function keysOf(call: GraphCall): keyActions.HasKeys {
    const found = existingServicePrincipal(call);
    const own = call.caller.objectId === found.id ? found : changeable(call);
    const { id, keyCredentials } = own;
    return { id, keyCredentials, set: (next) => call.tenant.servicePrincipals.put({ ...own, keyCredentials: next }) };
}

export const addKey = (call: GraphCall): Answer => keyActions.addKey(call, keysOf(call));
export const removeKey = (call: GraphCall): Answer => keyActions.removeKey(call, keysOf(call));
export const addPassword = (call: GraphCall): Answer => passwords.addPassword(call, passwordsOf(call));
export const removePassword = (call: GraphCall): Answer => passwords.removePassword(call, passwordsOf(call));
