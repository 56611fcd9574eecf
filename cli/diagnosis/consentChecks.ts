// Reads a customer's consent in Entra as the provider does, and compares the live values with those of a working
// consent.
import { ASSIGNMENT_REQUIRED } from "../../provider/inputs/statusTexts";
import { readConsent } from "../../provider/consent/read";
import { checkConsent } from "../../provider/consent/rules/checkInputs";
import { READY, type ConsentInputs } from "../../provider/consent/rules/inputs";
import type { ConsentState } from "../../provider/consent/rules/state";
import { PortalError } from "../../provider/portalError";
import type { Check } from "./check";
import { checksOfConsent, unreadableConsent } from "./consentRows";

/**
 * Reads the tenant of the customer with the credentials in the environment, and writes nothing. A consent in mode
 * "verify" needs no credentials.
 */
export async function consentChecks(state: ConsentState): Promise<Check[]> {
    const desired = workingInputs(state.desired);
    const { consentUrl } = state;
    try {
        const { inputs: live, props } = await readConsent("", { ...state, desired });
        return checksOfConsent({ desired, live, consent: props.consent, consentUrl });
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return unreadableConsent(desired, error.message);
    }
}

/**
 * Returns the inputs of a working consent. The status, the service principal and the granted permissions get the values
 * that work. Of these, the program chooses only whether users must be assigned.
 */
function workingInputs({ servicePrincipal, ...declared }: ConsentInputs): ConsentInputs {
    const open = servicePrincipal === ASSIGNMENT_REQUIRED ? { servicePrincipal } : {};
    return checkConsent({}, { ...declared, grantedPermissions: undefined, status: READY, ...open }).inputs;
}
