// What a grant of the token endpoint is given.
import type { Viewpoint } from "../foreignApplications";
import { SignInFault } from "./signInError";
import type { World } from "../world";

export interface TokenCall extends Viewpoint {
    readonly world: World;
    readonly form: URLSearchParams;
    /** What a browser adds for a page of another host: the mark of a single-page application. */
    readonly origin: string | undefined;
    /** `https://localhost:<port>` */
    readonly url: string;
    /** How far behind the certificates are that the sign-in service knows. */
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
