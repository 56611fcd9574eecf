// Converts states of release 0.1.0 to today's form. These states store live and desired values under the same names.
// They list every item that a deployment planned to add, even if Entra refused it.
import { APPLICATION_ID_URI, ASSIGNMENT_REQUIRED, ENABLED, PRESENT } from "../../inputs/statusTexts";
import { keyIdOf } from "../../sync/keyCredentials";
import type { Item, Owned } from "../../sync/owned";
import { writtenAudience } from "../../sync/ownershipCodes";
import { PERMISSIONS_OF_0_1_0 } from "../../sync/permissions";
import { listOf, object, optional, text, time } from "../../shape";
import { anOwnership, assertState } from "../../stateShape";
import { PORTAL_INPUT_NAMES, type RestorePortalAppInputs } from "./inputs";
import type { PortalState } from "./state";

interface OldManaged {
    readonly created: boolean;
    readonly hash: string;
    readonly added: readonly Item[];
    readonly scopeId: string;
    readonly portalUrls: readonly string[];
    readonly certificate?: string;
    readonly owners?: readonly string[];
}

type OldState = Omit<PortalState, "desired" | "managed"> & { readonly managed: OldManaged };

/** The form of the property `certificates` in states of every release. */
export const DATED_CERTIFICATES = listOf(object({ thumbprint: text, notAfter: time, replacedOn: optional(time) }));

const EVERY_STATE = {
    applicationId: text,
    objectId: text,
    tenantId: text,
    certificates: DATED_CERTIFICATES,
};
const aState = object({
    ...EVERY_STATE,
    desired: object({ identity: text, portalUrl: text, additionalPortalUrls: listOf(text) }),
    managed: anOwnership,
});
const anOldState = object({
    ...EVERY_STATE,
    managed: object({ hash: text, added: listOf(text), portalUrls: listOf(text) }),
});

/** Works as `upgraded` does, but throws if the state is damaged. */
export function upgradedIfWhole(state: PortalState): PortalState {
    const { applicationId, desired } = state as Partial<PortalState>;
    const what = applicationId === undefined ? "the portal" : `application ${applicationId}`;
    assertState(what, state, desired === undefined ? anOldState : aState);
    return upgraded(state);
}

/** Converts the state of any release to today's form. */
export function upgraded(state: PortalState): PortalState {
    if ((state as Partial<PortalState>).desired !== undefined) return state;
    const old = state as unknown as OldState;
    const { created, hash, scopeId, added } = old.managed;
    const desired = desiredOf(old);
    const owned = added.map((item) => ownedBy(item, old, desired));
    return { ...state, desired, managed: { created, holder: hash, scopeId, owned } };
}

/**
 * Returns the inputs of the program. After a refresh, the old state contains live values instead. So some of the inputs
 * come from `managed`.
 */
function desiredOf(old: OldState): RestorePortalAppInputs {
    const { managed, servicePrincipal = ENABLED, grantedPermissions, certificate } = old;
    const present = PORTAL_INPUT_NAMES.filter(
        // For an application that we registered, the id is an output, not an input.
        (key) => old[key] !== undefined && !(key === "applicationId" && managed.created),
    );
    const inputs = Object.fromEntries(present.map((key) => [key, old[key]])) as unknown as RestorePortalAppInputs;
    const [portalUrl = inputs.portalUrl, ...additionalPortalUrls] = managed.portalUrls;
    const isDeclared = [ENABLED, ASSIGNMENT_REQUIRED].includes(servicePrincipal);
    return {
        ...inputs,
        portalUrl,
        additionalPortalUrls,
        applicationStatus: PRESENT,
        applicationIdUri: APPLICATION_ID_URI,
        accessAsUserScope: ENABLED,
        requiredPermissions: PERMISSIONS_OF_0_1_0,
        grantedPermissions: old.adminConsent ? PERMISSIONS_OF_0_1_0 : grantedPermissions,
        servicePrincipal: isDeclared ? servicePrincipal : ENABLED,
        retiredCertificates: [],
        ...(managed.owners ? { owners: managed.owners } : {}),
        ...(certificate && managed.certificate !== undefined
            ? { certificate: { ...certificate, thumbprint: managed.certificate } }
            : {}),
    };
}

function ownedBy(item: Item, old: OldState, desired: RestorePortalAppInputs): Owned {
    const [kind = "", value = ""] = item.split("/");
    const how = "observed";
    const enabled = { changed: { from: false, to: true } };
    if (kind === "certificates") return { item, id: keyIdOf(value), how };
    if (kind === "signInAudience") {
        const present = desired.signInAudience ?? old.signInAudience ?? "";
        return { item: kind, changed: { from: value, to: writtenAudience(value, present) }, how };
    }
    if (kind === "servicePrincipal") {
        const id = old.servicePrincipalId === "" ? {} : { id: old.servicePrincipalId };
        if (value === "unassigned") {
            return { item: "servicePrincipal/assignment", ...id, changed: { from: true, to: false }, how };
        }
        return { item, ...id, ...(value === "enabled" ? enabled : {}), how };
    }
    const isOfScope = kind === "accessAsUserScope" || item === "requiredPermissions/access_as_user";
    const id = isOfScope ? { id: old.managed.scopeId } : {};
    return { item, ...id, ...(value === "enabled" ? enabled : {}), how };
}
