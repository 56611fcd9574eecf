// Defines the input of the functions that answer requests to the token endpoint. Each grant type has such a function.
import type { Viewpoint } from "../foreignApplications";
import type { World } from "../world";
import type { IssuerKey } from "./issuerKeys";
import { SignInFault } from "./signInError";

export interface TokenCall extends Viewpoint {
    readonly world: World;
    readonly form: URLSearchParams;
    /**
     * The `Origin` header. A browser adds it to a request from a page on another host. So this header shows that a page
     * in a browser sent the request.
     */
    readonly origin: string | undefined;
    /** The emulator's own URL: `https://localhost:<port>`. */
    readonly url: string;
    /** The root URL of the sign-in host: Microsoft's own host if the client uses one, otherwise the emulator's URL. */
    readonly authority: string;
    /** The keys of the outside issuer that signed the client's assertion. */
    readonly issuerKeys?: readonly IssuerKey[];
    /** The lag in milliseconds of the sign-in service's copy of certificates and federated credentials. */
    readonly lagMs: number;
}

export function malformedGrant(): SignInFault {
    return new SignInFault(400, "invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.");
}

export function required(form: URLSearchParams, name: string): string {
    const value = form.get(name);
    if (value) return value;
    const text = `The request body must contain the following parameter: '${name}'.`;
    throw new SignInFault(400, "invalid_request", 900144, text);
}
