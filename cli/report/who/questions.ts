// Turns a difference of the report into questions to the audit log. Each question recognizes the entries that can be
// the cause. Pure.
import { GRAPH_APP_ID } from "../../../provider/entra/live";
import { isSameRedirectUri, redirectUriOf } from "../../../provider/inputs/portalUrl";
import { ASSIGNMENT_REQUIRED } from "../../../provider/inputs/statusTexts";
import { keyIdOf } from "../../../provider/sync/keyCredentials";
import { ENTERPRISE_APPLICATION_TAG, PERMISSIONS, rowOf, type Permission } from "../../../provider/sync/permissions";
import type { Difference, Json } from "../model";
import {
    anyOf,
    grantedScope,
    life,
    lost,
    member,
    ownership,
    scalar,
    servicePrincipalLife,
    type EffectOf,
    type Subject,
} from "./effects";

/** A question about one part of a difference: which audit log entry is its cause? */
export interface Question {
    /** The name of the part, such as the permission `User.Read`. It is set only if the input that differs is a list. */
    readonly about?: string;
    /** The object that was changed. For an entry that names no property, the object is the only evidence. */
    readonly object: "application" | "servicePrincipal";
    readonly effectOf: EffectOf;
    /** `true`: nobody has published an entry about this change, so its entries may lack the name of the property. */
    readonly mayBeUnnamed?: boolean;
    /**
     * Recognizes entries that may be the cause. They count if `effectOf` recognizes no entry. They also count if the
     * newest entry that it recognizes led to another state and is older than they are.
     */
    readonly possible?: EffectOf;
}

type Rule = (difference: Difference, of: Subject) => readonly Question[];

const onApplication = (effectOf: EffectOf): Question => ({ object: "application", effectOf });
const onServicePrincipal = (effectOf: EffectOf): Question => ({ object: "servicePrincipal", effectOf });
const perhapsUnnamed = (effectOf: EffectOf): Question => ({ ...onApplication(effectOf), mayBeUnnamed: true });

/**
 * The names of most attributes come from real entries that people have published. If no published entry shows an
 * attribute, its name is the one that the directory uses elsewhere, and its question has `mayBeUnnamed`.
 */
const RULES: Readonly<Record<string, Rule>> = {
    applicationStatus: ({ live }, of) => [
        live === "disabled" ? perhapsUnnamed(isDisabled(of)) : onApplication(deleted(of)),
    ],
    displayName: ({ live }, of) => [perhapsUnnamed(scalar(of, "DisplayName", (value) => value === live))],
    signInAudience: ({ live }, of) => [audienceQuestion(of, live)],
    serviceManagementReference: ({ live }, of) => [
        perhapsUnnamed(scalar(of, "ServiceManagementReference", (value) => (value ?? "") === (live ?? ""))),
    ],
    applicationIdUri: (_difference, of) => [
        perhapsUnnamed(member(of, ["AppIdentifierUri", "ServicePrincipalName"], (uri) => uri === `api://${of.appId}`)),
    ],
    accessAsUserScope: ({ live }, of) => [onApplication(scope(of, live))],
    portalUrl: ({ declared, live }, of) => webAddress(of, text(declared), live),
    additionalPortalUrls: ({ declared, live }, of) =>
        missing(declared, live).map((url) => ({ ...onApplication(address(of, url, SINGLE_PAGE)), about: url })),
    implicitGrant: ({ live }, of) => [
        perhapsUnnamed(
            anyOf(
                scalar(of, "Oauth2AllowIdTokenImplicitFlow", (value) => value === live, switched),
                scalar(of, "Oauth2AllowImplicitFlow", (value) => value === live, switched),
            ),
        ),
    ],
    certificate: ({ declared }, of) => [certificateQuestion(of, text(declared))],
    requiredPermissions: ({ declared, live }, of) =>
        permissions(declared, live).map((one) => ({ ...onApplication(required(of, one)), about: one })),
    servicePrincipal: ({ live }, of) => [
        { ...onServicePrincipal(servicePrincipal(of, live)), mayBeUnnamed: live !== "missing" },
    ],
    grantedPermissions: ({ declared, live }, of) =>
        permissions(declared, live).map((one) => ({
            ...onServicePrincipal(grantedScope(of, one, rowOf(one).resource)),
            about: one,
        })),
    owners: ({ declared, live }, of) =>
        missing(declared, live).map((owner) => ({ ...onApplication(ownership(of, owner)), about: owner })),
};

/**
 * Returns no question if Entra does not store the input, or if the program or the passing of time made the
 * difference, as when the overlap of a replaced certificate ends. Then the audit log has no entry about the difference.
 */
export function questionsOf(difference: Difference, of: Subject): readonly Question[] {
    const { property, cause } = difference;
    return cause === "drift" && Object.hasOwn(RULES, property) ? (RULES[property]?.(difference, of) ?? []) : [];
}

const isDisabled = (of: Subject) => scalar(of, "IsDisabled", (value) => value === true, disabled);
const disabled = (value: unknown) => (value === true ? "disabled" : "enabled");
const enabled = (value: unknown) => (value === true ? "enabled" : "disabled");
const switched = (value: unknown) => (value === true ? "turned on" : "turned off");
const text = (value: Json) => (typeof value === "string" ? value : "");

function texts(value: Json): readonly string[] {
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function missing(declared: Json, live: Json): readonly string[] {
    return texts(declared).filter((one) => !texts(live).includes(one));
}

function permissions(declared: Json, live: Json): readonly Permission[] {
    const lost = missing(declared, live);
    return PERMISSIONS.filter((one) => lost.includes(one));
}

function deleted({ application }: Subject): EffectOf {
    return life(({ id }) => id === application, ["delete application"], ["add application", "restore application"]);
}

/** Entries may name `AvailableToOtherTenants` instead of the audience. Its value follows from the audience. */
export function audienceQuestion(of: Subject, live: Json): Question {
    const isOpen = live !== "AzureADMyOrg";
    const didOf = (value: unknown) => (value === true ? "widened" : "narrowed");
    const open = scalar(of, "AvailableToOtherTenants", (value) => value === isOpen, didOf);
    const exact = scalar(of, "SignInAudience", (value) => value === live);
    return perhapsUnnamed(anyOf(exact, open));
}

type Value = Parameters<Parameters<typeof member>[2]>[0];

function field(value: Value, name: string): unknown {
    return typeof value === "string" ? undefined : value[name];
}

/** In the log, `ReplyAddressClientType` identifies the platform, and `AddressType` 0 is a reply URL. */
const WEB = 1;
const PUBLIC_CLIENT = 2;
const SINGLE_PAGE = 3;
const REPLY_URL = 0;

function address(
    of: Subject,
    url: string,
    clientType: number,
    isThere = false,
    verbs?: { added: string; removed: string },
): EffectOf {
    const uri = redirectUriOf(url);
    const isIt = (value: Value) => {
        const at = field(value, "Address");
        const isOfType =
            field(value, "AddressType") === REPLY_URL && field(value, "ReplyAddressClientType") === clientType;
        return isOfType && typeof at === "string" && isSameRedirectUri(at, uri);
    };
    return member(of, ["AppAddress"], isIt, { isThere, ...(verbs ? { verbs } : {}) });
}

/**
 * If the address is now on another platform, there are two questions: who removed it from the platform Single-page
 * application, and who added it to the other platform?
 */
function webAddress(of: Subject, url: string, live: Json): readonly Question[] {
    const other =
        live === "registered as Web" ? WEB : live === "registered as Public client" ? PUBLIC_CLIENT : undefined;
    const removed = onApplication(address(of, url, SINGLE_PAGE));
    if (other === undefined) return [removed];
    const verbs = { added: `added as ${other === WEB ? "Web" : "Public client"}`, removed: "removed" };
    return [removed, onApplication(address(of, url, other, true, verbs))];
}

function scope(of: Subject, live: Json): EffectOf {
    const isScope = (value: Value) => field(value, "ClaimValue") === "access_as_user";
    const isOn = (value: Value) => isScope(value) && field(value, "IsDisabled") !== true;
    const whole = member(of, ["Entitlement"], isScope);
    if (live !== "disabled") return whole;
    return anyOf(member(of, ["Entitlement"], isOn, { verbs: { added: "enabled", removed: "disabled" } }), whole);
}

/** Entries name a key credential by its id. Only a certificate that this provider added has a known id. */
function certificateQuestion(of: Subject, thumbprint: string): Question {
    const key = (isIt: (text: string) => boolean) =>
        member(of, ["KeyDescription"], (value) => typeof value === "string" && isIt(value));
    return {
        ...onApplication(key((one) => one.includes(`KeyIdentifier=${keyIdOf(thumbprint)},`))),
        possible: lost(of, "KeyDescription", "KeyType=AsymmetricX509Cert"),
    };
}

function required(of: Subject, permission: Permission): EffectOf {
    const { resource, scopeId } = rowOf(permission);
    const resourceAppId = resource === "graph" ? GRAPH_APP_ID : of.appId;
    const isIt = (value: Value) => {
        if (String(field(value, "ResourceAppId")).toLowerCase() !== resourceAppId) return false;
        const listed = field(value, "RequiredAppPermissions");
        const ids = Array.isArray(listed)
            ? listed.map((one) => (one as { EntitlementId?: unknown } | null)?.EntitlementId)
            : [];
        // Each application has its own id for the scope access_as_user, so the id is not known here. The application
        // usually has no other scope, so any id counts.
        return scopeId === undefined ? ids.length > 0 : ids.includes(scopeId);
    };
    return member(of, ["RequiredResourceAccess"], isIt);
}

function servicePrincipal(of: Subject, live: Json): EffectOf {
    if (live === "disabled") return scalar(of, "AccountEnabled", (value) => value === false, enabled);
    if (live === "not among enterprise applications")
        return member(of, ["Tags"], (tag) => tag === ENTERPRISE_APPLICATION_TAG);
    if (live === "missing") return servicePrincipalLife(of);
    const isRequired = live === ASSIGNMENT_REQUIRED;
    return scalar(
        of,
        "AppRoleAssignmentRequired",
        (value) => value === isRequired,
        (value) => (value === true ? "set to require assignment" : "opened to all users"),
    );
}
