// Finds inputs that have a live value instead of a value that a program can give. Pure.
import { isRecord } from "../../inputs/inputRules";
import { isUnknown, type RawInputs } from "../../inputs/rawInputs";
import { NOT_REGISTERED } from "../../inputs/statusTexts";
import { choiceFailures, isStatusText } from "./checkInputs";
import { COMPARED_INPUTS } from "./drift";

/** A new application lacks nothing if it gets the live value of one of these inputs. */
const HARMLESS = ["retiredCertificates", "implicitGrant"];

/**
 * If an input is in `ignoreChanges`, the engine passes its live value. The provider leaves that part of the application
 * alone, so another application would stay without the part. Returns the names of these inputs. `inputs`: the result of
 * `completeInputs`.
 */
export function liveValuesIn(inputs: RawInputs): string[] {
    const { portalUrl, certificate } = inputs;
    const isUnregistered = isRecord(certificate) && certificate["thumbprint"] === NOT_REGISTERED;
    const names = new Set([
        ...choiceFailures(inputs).map(({ property }) => property),
        ...(isStatusText(portalUrl) && !isUnknown(portalUrl) ? ["portalUrl"] : []),
        ...(isUnregistered ? ["certificate"] : []),
    ]);
    return COMPARED_INPUTS.filter((name) => names.has(name) && !HARMLESS.includes(name));
}
