// Lists the steps of a long walk, and the values from which the walk chooses.
import { DENIED, INVALID, type Refusal } from "../support/hooks/ownership";

const CONFLICT: Refusal = { status: 409, code: "Request_Conflict", message: "Another request changed the object." };
export const REFUSALS = [DENIED, INVALID, CONFLICT];
export const WRITES = [
    { method: "PATCH", path: "/applications" },
    { method: "POST", path: "/applications" },
    { method: "DELETE", path: "/applications" },
    { method: "POST", path: "/servicePrincipals" },
    { method: "PATCH", path: "/servicePrincipals" },
    { method: "DELETE", path: "/servicePrincipals" },
    { method: "POST", path: "/oauth2PermissionGrants" },
    { method: "PATCH", path: "/oauth2PermissionGrants" },
    { method: "DELETE", path: "/oauth2PermissionGrants" },
] as const;
/**
 * In the step `byHand`, Entra refuses one of these writes. Then somebody makes some of the program's changes by hand.
 */
export const ESSENTIAL_WRITES = [
    { method: "PATCH", path: "/applications" },
    { method: "POST", path: "/servicePrincipals" },
    { method: "PATCH", path: "/servicePrincipals" },
    { method: "POST", path: "/oauth2PermissionGrants" },
] as const;
export const POOL = [1, 2, 3, 4].map((n) => `https://portal${n}.abc.com:4443`);
export const AUDIENCE = "AzureADMultipleOrgs";
export const REFERENCES = ["CMDB-OURS", "CMDB-OURS-TOO"];
/** Few deployments send more requests than this, so a kill at a later request would rarely have an effect. */
export const MOST_REQUESTS = 6;

export const LONG_STEPS = [
    "up",
    "refused",
    "lost",
    "killed",
    "raced",
    "hand",
    "renamed",
    "destroyed",
    "cloned",
    "byHand",
    "replaced",
] as const;
export type LongStep = (typeof LONG_STEPS)[number];
export const CHOICES: readonly LongStep[] = [
    ...(["up", "up", "up", "hand", "hand", "hand", "hand", "refused", "refused", "lost"] as const),
    ...([
        "refused",
        "killed",
        "killed",
        "raced",
        "renamed",
        "destroyed",
        "cloned",
        "cloned",
        "byHand",
        "byHand",
        "replaced",
        "replaced",
    ] as const),
];
