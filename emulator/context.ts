// Defines the input and the answer of a route's handler.
import type { Replica } from "./replication";
import type { Tenant } from "./tenant";

export interface Caller {
    readonly appId: string;
    /** Object id of the service principal, or of the user that the token belongs to. */
    readonly objectId: string;
    /**
     * The Graph permissions that apply to the call: application permissions, or the scopes of an administrator. Other
     * users have none.
     */
    readonly roles: ReadonlySet<string>;
    /** The Graph delegated permissions. Only a user's token has them. */
    readonly scopes?: ReadonlySet<string>;
}

export interface GraphCall {
    readonly tenant: Tenant;
    /** All tenants of the cloud, by tenant id. */
    readonly tenants: ReadonlyMap<string, Tenant>;
    readonly caller: Caller;
    readonly method: string;
    /** The values in the path for the `:names` in the route's pattern. */
    readonly params: Readonly<Record<string, string>>;
    readonly query: URLSearchParams;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Readonly<Record<string, unknown>>;
    readonly replica: Replica;
    /** The root URL of Graph with the version, such as `https://localhost:<port>/v1.0`. */
    readonly graphUrl: string;
    readonly region: string;
    readonly duplicateGrantStatus: DuplicateGrantStatus;
}

export type DuplicateGrantStatus = 400 | 409;

export interface Answer {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** Closes the connection in the middle of the answer. */
    readonly breakOff?: boolean;
}

export type Handler = (call: GraphCall) => Answer;

export type Route = readonly [method: string, pattern: string, handler: Handler];

/** The types of directory objects in the `Location` header of a 201 answer, and in references. */
const DIRECTORY_TYPES: Readonly<Record<string, string>> = {
    applications: "Application",
    servicePrincipals: "ServicePrincipal",
    groups: "Group",
    users: "User",
};

export function directoryTypeOf(set: string): string | undefined {
    const type = DIRECTORY_TYPES[set];
    return type === undefined ? undefined : `Microsoft.DirectoryServices.${type}`;
}

export function created(call: GraphCall, set: string, body: object): Answer {
    const { id = "" } = body as { id?: string };
    const root = `${new URL(call.graphUrl).origin}/v2/${call.tenant.tenantId}`;
    const type = directoryTypeOf(set);
    const location = type === undefined ? `${root}/${set}/${id}` : `${root}/directoryObjects/${id}/${type}`;
    return { status: 201, body: entity(call, set, body), headers: { location } };
}

export const NO_CONTENT: Answer = { status: 204 };

export function entity({ graphUrl }: Pick<GraphCall, "graphUrl">, set: string, body: object): object {
    return { "@odata.context": `${graphUrl}/$metadata#${set}/$entity`, ...body };
}
