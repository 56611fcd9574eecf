// Makes the outputs of PortalTenantConsent: each input under the same name (`tenantId` as the GUID), and the values
// that the provider observed. Also converts the state of release 0.1.0. Pure.
import type { LiveConsent } from "../../entra/live";
import { ASSIGNMENT_REQUIRED, ENABLED, PRESENT } from "../../inputs/statusTexts";
import { consentUrlOf } from "../../sync/grants";
import type { Item, Owned } from "../../sync/owned";
import { listOf, object, text } from "../../shape";
import { anOwnership, assertState } from "../../stateShape";
import { PERMISSIONS_OF_0_1_0 } from "../../sync/permissions";
import { CONSENT_INPUT_NAMES, READY, type ConsentInputs } from "./inputs";
import { consentOf, type ConsentManaged } from "./plan";

/**
 * After a refresh, the properties that have the names of inputs contain live values. `desired` contains the values of
 * the program.
 */
export interface ConsentState extends ConsentInputs {
    /** The tenant's GUID. */
    readonly tenantId: string;
    readonly servicePrincipalId: string;
    readonly graphServicePrincipalId: string;
    readonly authority: string;
    readonly consentUrl: string;
    readonly consent: "granted" | "incomplete" | "unknown";
    /**
     * The inputs of the last deployment that succeeded. While `isNew` is set, the inputs of a failed deployment or of
     * the import.
     */
    readonly desired: ConsentInputs;
    /**
     * `true`: no deployment has succeeded yet, or none since the mode changed from "verify" to "manage". `imported`: no
     * deployment has run since `pulumi import`.
     */
    readonly isNew?: boolean | "imported";
    readonly managed: ConsentManaged;
}

/** The customer's tenant, and the sign-in address of its cloud, such as `https://login.microsoftonline.com`. */
export interface CustomerHome {
    readonly tenantId: string;
    readonly loginUrl: string;
}

export interface ConsentOutcome {
    /** The inputs with their live values. */
    readonly inputs: ConsentInputs;
    readonly desired: ConsentInputs;
    /** `undefined`: the provider did not read the consent, or failed to read it. */
    readonly live: LiveConsent | undefined;
    readonly managed: ConsentManaged;
    readonly isNew?: ConsentState["isNew"];
}

export function consentOutputs(
    { tenantId, loginUrl }: CustomerHome,
    { inputs, desired, live, managed, isNew }: ConsentOutcome,
): ConsentState {
    return {
        ...inputs,
        tenantId,
        servicePrincipalId: live?.servicePrincipal?.id ?? "",
        graphServicePrincipalId: live?.graphServicePrincipalId ?? "",
        authority: `${loginUrl}/${tenantId}`,
        consentUrl: consentUrlOf(loginUrl, tenantId, inputs.applicationId, inputs.portalUrl),
        consent: live ? consentOf(live) : "unknown",
        desired,
        ...(isNew ? { isNew } : {}),
        managed,
    };
}

/** Returns the Pulumi id, one per customer and application. */
export function consentId({ tenantId }: CustomerHome, { applicationId }: ConsentInputs): string {
    return `${tenantId}/${applicationId}`;
}

/** The record of ownership in states of release 0.1.0. It lists every item that a deployment planned to add. */
interface OldManaged {
    readonly hash: string;
    readonly added: readonly Item[];
    readonly tenant: string;
}

const EVERY_STATE = { applicationId: text, tenantId: text, region: text, mode: text, servicePrincipalId: text };
const aState = object({
    ...EVERY_STATE,
    desired: object({ identity: text, applicationId: text, tenantId: text, region: text, mode: text }),
    managed: anOwnership,
});
const anOldState = object({ ...EVERY_STATE, managed: object({ hash: text, added: listOf(text), tenant: text }) });

/** Works as `upgradedConsent` does, but throws if the state is damaged. */
export function upgradedIfWhole(state: ConsentState): ConsentState {
    const { applicationId, desired } = state as Partial<ConsentState>;
    const what = applicationId === undefined ? "the consent" : `the consent to application ${applicationId}`;
    assertState(what, state, desired === undefined ? anOldState : aState);
    return upgradedConsent(state);
}

/** Converts the state of any release to today's form. */
export function upgradedConsent(state: ConsentState): ConsentState {
    if ((state as Partial<ConsentState>).desired !== undefined) return state;
    const { hash, added, tenant } = state.managed as unknown as OldManaged;
    const id = state.servicePrincipalId;
    const owned = added.map((item) => ownedBy(item, id));
    return { ...state, desired: desiredOf(state, tenant), managed: { holder: hash, owned, tenant } };
}

function desiredOf(state: ConsentState, tenant: string): ConsentInputs {
    const entries = CONSENT_INPUT_NAMES.filter((key) => state[key] !== undefined).map((key) => [key, state[key]]);
    const inputs = { ...Object.fromEntries(entries), tenantId: tenant, status: READY } as ConsentInputs;
    if (state.mode === "verify") return { ...inputs, servicePrincipal: PRESENT };
    const isDeclared = [ENABLED, ASSIGNMENT_REQUIRED].includes(state.servicePrincipal);
    return {
        ...inputs,
        servicePrincipal: isDeclared ? state.servicePrincipal : ENABLED,
        grantedPermissions: PERMISSIONS_OF_0_1_0,
    };
}

function ownedBy(item: Item, servicePrincipalId: string): Owned {
    const [kind = "", value = ""] = item.split("/");
    const how = "observed";
    if (kind !== "servicePrincipal") return { item, how };
    const id = servicePrincipalId === "" ? {} : { id: servicePrincipalId };
    if (value === "unassigned") {
        return { item: "servicePrincipal/assignment", ...id, changed: { from: true, to: false }, how };
    }
    return { item, ...id, ...(value === "enabled" ? { changed: { from: false, to: true } } : {}), how };
}
