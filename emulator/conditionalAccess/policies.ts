// Handles Graph's routes for conditional access policies.
// https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
import { randomUUID } from "node:crypto";

import { isoTicks } from "../blankObjects";
import { created, NO_CONTENT, type Answer, type GraphCall } from "../context";
import { badRequest, notFound } from "../graphError";
import { isGuid } from "../guids";
import { omit } from "../omit";
import { entityAnswer, listAnswer, type Kind } from "../odata/collection";
import { assertMayReadConditionalAccess, assertMayWriteConditionalAccess } from "../permissions";
import { findStrength, shownStrength } from "./strengths";
import type { Conditions, ConditionalAccessPolicy, GrantControls } from "./types";

const KIND: Kind = {
    set: "identity/conditionalAccess/policies",
    type: "conditionalAccessPolicy",
    filterable: { id: ["eq"], displayName: ["eq", "startswith"], state: ["eq"] },
};

const STATES = ["enabled", "disabled", "enabledForReportingButNotEnforced"];
const CLIENT_TYPES = ["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"];
const CONTROLS = [
    "block",
    "mfa",
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
];

function existing({ tenant, params }: GraphCall): ConditionalAccessPolicy {
    const id = params["policy"] ?? "";
    const found = tenant.conditionalAccessPolicies.get(id);
    if (found) return found;
    throw notFound(id);
}

function shown(policy: ConditionalAccessPolicy): object {
    const { grantControls } = policy;
    if (!grantControls) return policy;
    const id = grantControls.authenticationStrength?.id;
    const strength = id === undefined ? null : shownStrength(findStrength(id));
    return { ...policy, grantControls: { ...grantControls, authenticationStrength: strength } };
}

export function listPolicies(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    const objects = [...call.tenant.conditionalAccessPolicies.values()].map(shown);
    return listAnswer(call, KIND, { path: "/identity/conditionalAccess/policies", objects });
}

export function getPolicy(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    return entityAnswer(call, KIND, shown(existing(call)));
}

export function postPolicy(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    const createdDateTime = isoTicks(new Date(call.tenant.now()));
    const policy = checked(call, { ...call.body, id: randomUUID(), createdDateTime, modifiedDateTime: null });
    call.tenant.conditionalAccessPolicies.set(policy.id, policy);
    return created(call, KIND.set, shown(policy));
}

export function patchPolicy(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    const before = existing(call);
    const body = omit(call.body, "id", "createdDateTime");
    const modifiedDateTime = isoTicks(new Date(call.tenant.now()));
    const conditions = { ...before.conditions, ...(body["conditions"] as object | undefined) };
    const next = checked(call, { ...before, ...body, conditions, modifiedDateTime });
    call.tenant.conditionalAccessPolicies.set(before.id, next);
    return NO_CONTENT;
}

export function deletePolicy(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    call.tenant.conditionalAccessPolicies.delete(existing(call).id);
    return NO_CONTENT;
}

/** Errors about conditional access begin with a number that Microsoft does not document, so the number is assumed. */
function refused(message: string) {
    return badRequest(message, "BadRequest");
}

function checked(call: GraphCall, body: Readonly<Record<string, unknown>>): ConditionalAccessPolicy {
    const { displayName, state } = body;
    if (typeof displayName !== "string" || displayName === "") throw refused("1006: The display name is missing.");
    if (!STATES.includes(state as string)) throw refused("1007: The state of the policy is invalid.");
    const conditions = checkedConditions(call, body["conditions"] as Partial<Conditions> | undefined);
    const grantControls = checkedControls(body["grantControls"] as Partial<GrantControls> | null | undefined);
    const sessionControls = body["sessionControls"] ?? null;
    if (!grantControls && !sessionControls) throw refused("1008: The policy has no grant or session controls.");
    const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith("@odata")));
    return {
        ...(kept as unknown as ConditionalAccessPolicy),
        templateId: null,
        conditions,
        grantControls,
        sessionControls,
    };
}

function checkedConditions(call: GraphCall, sent: Partial<Conditions> | undefined): Conditions {
    const { applications, users = null } = sent ?? {};
    const clientAppTypes: unknown = sent?.clientAppTypes ?? ["all"];
    const included = applications?.includeApplications ?? [];
    if (!applications || included.length === 0) throw refused("1009: The policy has no applications.");
    if (!users) throw refused("1010: The policy has no users.");
    if (!areClientTypes(clientAppTypes)) throw refused("1011: The client application types are invalid.");
    assertKnown(call, sent ?? {});
    const blank = {
        clientApplications: null,
        devices: null,
        locations: null,
        platforms: null,
        servicePrincipalRiskLevels: [],
        signInRiskLevels: [],
        userRiskLevels: [],
    };
    const none = {
        includeUsers: [],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
    };
    const noApplications = { includeApplications: [], excludeApplications: [], includeUserActions: [] };
    return {
        ...blank,
        ...sent,
        applications: { ...noApplications, ...applications },
        clientAppTypes,
        users: { ...none, ...users },
    };
}

function areClientTypes(value: unknown): value is string[] {
    return Array.isArray(value) && value.length > 0 && value.every((type) => CLIENT_TYPES.includes(type as string));
}

/**
 * Entra refuses a policy with the id of a group, user or location that the tenant does not have. Entra also refuses the
 * `appId` of an application that has no service principal in the tenant. Words such as `All` are not ids.
 */
function assertKnown({ tenant }: GraphCall, { users, applications, locations }: Partial<Conditions>): void {
    const assertEach = (
        what: string,
        isKnown: (id: string) => boolean,
        ...lists: (readonly string[] | undefined)[]
    ) => {
        const unknown = lists.flatMap((ids) => ids ?? []).find((id) => isGuid(id) && !isKnown(id));
        if (unknown !== undefined)
            throw refused(`1033: ConditionalAccessPolicy references ${what} ${unknown} which does not exist.`);
    };
    assertEach("group", (id) => !!tenant.groups.current(id), users?.includeGroups, users?.excludeGroups);
    assertEach("user", (id) => tenant.users.has(id), users?.includeUsers, users?.excludeUsers);
    const isApplication = (id: string) => !!tenant.servicePrincipalOf(id);
    const { includeApplications, excludeApplications } = applications ?? {};
    assertEach("service principal", isApplication, includeApplications, excludeApplications);
    const isLocation = (id: string) => tenant.namedLocations.has(id) || id === EVERY_TRUSTED_IP;
    assertEach("location", isLocation, locations?.includeLocations, locations?.excludeLocations);
}

/**
 * The id of the location "MFA Trusted IPs", which stands for the trusted IPs in the service settings of multifactor
 * authentication. Entra accepts this id in every tenant, but no tenant of the emulator has this location.
 * https://learn.microsoft.com/entra/identity/authentication/howto-mfa-mfasettings#trusted-ips
 */
const EVERY_TRUSTED_IP = "00000000-0000-0000-0000-000000000000";

function checkedControls(sent: Partial<GrantControls> | null | undefined): GrantControls | null {
    if (!sent) return null;
    const { builtInControls = [], operator, authenticationStrength = null } = sent;
    if (operator !== "AND" && operator !== "OR") throw refused("1012: The operator of the grant controls is invalid.");
    if (builtInControls.some((control) => !CONTROLS.includes(control)))
        throw refused("1013: The grant controls are invalid.");
    if (builtInControls.includes("block") && (builtInControls.length > 1 || authenticationStrength))
        throw refused("1014: Block cannot be combined with other controls.");
    if (builtInControls.includes("mfa") && authenticationStrength)
        throw refused("1015: Multifactor authentication cannot be combined with an authentication strength.");
    if (authenticationStrength) findStrength(authenticationStrength.id);
    const blank = { customAuthenticationFactors: [], termsOfUse: [] };
    return { ...blank, ...sent, builtInControls, operator, authenticationStrength };
}
