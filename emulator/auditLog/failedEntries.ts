// Makes the audit log entries of a refused write. They have the form of the entries of a successful write, with the
// values that the client sent. One more property contains the reason.
import { existingApplication } from "../applications";
import type { GraphCall } from "../context";
import type { GraphFault } from "../graphError";
import type { OAuth2PermissionGrant } from "../graphTypes";
import { existingServicePrincipal } from "../servicePrincipals";
import { grantEntries } from "./grantEntries";
import type { Names } from "./names";
import { changedApplication, changedServicePrincipal, draftOf, servicePrincipalDraft } from "./objectEntries";
import { derived, type Draft } from "./record";

/** Other refusals, such as 404 and 429, leave no entry. */
const LOGGED_STATUSES = [400, 403, 409];

export function failedEntries(call: GraphCall, pattern: string, fault: GraphFault, names: Names): Draft[] {
    const attempt = LOGGED_STATUSES.includes(fault.status) ? ATTEMPTS[`${call.method} ${pattern}`] : undefined;
    try {
        return (attempt?.(call, names) ?? []).map((draft) => withReason(draft, fault));
    } catch {
        // The body has no usable values or the object does not exist, so this write leaves no entry.
        return [];
    }
}

type Attempt = (call: GraphCall, names: Names) => Draft[];

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
    "PATCH /applications/:application": (call, names) => {
        const before = existingApplication(call);
        return changedApplication(before, merged(before, call.body), names);
    },
    "DELETE /applications/:application": (call) => [
        draftOf("Delete application", "Delete", existingApplication(call), []),
    ],
    "PATCH /servicePrincipals/:servicePrincipal": (call, names) => {
        const before = existingServicePrincipal(call);
        return changedServicePrincipal(before, merged(before, call.body), names);
    },
    "DELETE /servicePrincipals/:servicePrincipal": (call, names) => [
        {
            ...servicePrincipalDraft("Update", existingServicePrincipal(call), [], names),
            activity: "Remove service principal",
            operation: "Delete",
        },
    ],
    "POST /oauth2PermissionGrants": ({ body }, names) =>
        grantEntries(
            { before: undefined, after: { principalId: null, scope: "", ...body } as OAuth2PermissionGrant },
            names,
        ),
    "PATCH /oauth2PermissionGrants/:grant": (call, names) => {
        const before = existingGrant(call);
        return grantEntries({ before, after: merged(before, call.body) }, names);
    },
    "DELETE /oauth2PermissionGrants/:grant": (call, names) =>
        grantEntries({ before: existingGrant(call), after: undefined }, names),
};

function existingGrant({ tenant, params }: GraphCall): OAuth2PermissionGrant {
    const grant = tenant.grants.current(params["grant"] ?? "");
    if (grant) return grant;
    throw new Error("the grant does not exist");
}

/** Merges nested objects one level deep, as Graph does. */
function merged<T extends object>(base: T, body: GraphCall["body"]): T {
    const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
    const values = Object.entries(body).map(([name, value]) => {
        const before = (base as Record<string, unknown>)[name];
        return [name, isObject(before) && isObject(value) ? { ...(before as object), ...(value as object) } : value];
    });
    return { ...base, ...(Object.fromEntries(values) as Partial<T>) };
}

const REASONS: Readonly<Record<number, string>> = {
    400: "Microsoft.Online.Workflows.DirectoryValueNotFoundException",
    403: "Microsoft.Online.Workflows.AuthorizationException",
    409: "Microsoft.Online.Workflows.ObjectAlreadyExistsException",
};

function withReason(draft: Draft, { status }: GraphFault): Draft {
    const reason = derived("MethodExecutionResult.", null, REASONS[status] ?? "");
    const targets = draft.targets.map((one, index) =>
        index === 0 ? { ...one, modifiedProperties: [...one.modifiedProperties, reason] } : one,
    );
    return { ...draft, targets };
}
