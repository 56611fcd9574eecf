// Checks the input `leaveAlone`: the parts of an adopted application that a program leaves as they are. Pure.
import { quoted } from "../../inputs/inputRules";
import { isUnknown, type InputFailure, type RawInputs } from "../../inputs/rawInputs";
import { nearestName } from "../../inputs/unknownNames";
import { LEAVABLE_PARTS } from "./inputs";

export function leaveAloneFailures(inputs: RawInputs): InputFailure[] {
    const { leaveAlone, applicationId } = inputs;
    if (!Array.isArray(leaveAlone) || leaveAlone.length === 0) return [];
    if (applicationId === undefined) {
        const reason =
            "is only for an existing application, because nobody has configured the parts of a new application; leave it out";
        return [{ property: "leaveAlone", reason }];
    }
    return leaveAlone.flatMap((part: unknown, index) => {
        const reason = isUnknown(part) ? undefined : partProblem(part, inputs);
        return reason === undefined ? [] : [{ property: `leaveAlone[${index}]`, reason }];
    });
}

function partProblem(part: unknown, inputs: RawInputs): string | undefined {
    const names: readonly string[] = LEAVABLE_PARTS;
    if (typeof part !== "string") return undefined;
    if (!names.includes(part)) {
        const nearest = nearestName(part, names);
        const remedy = nearest === undefined ? "" : `; write ${quoted(nearest)}`;
        return `must be one of ${names.map(quoted).join(", ")}, got ${quoted(part)}${remedy}`;
    }
    // A program may set `portalUrl` and leave the redirect URIs alone, because the provider uses the address for other
    // purposes too.
    if (part === "portalUrl" || inputs[part] === undefined) return undefined;
    return `must not be ${quoted(part)}, because the program gives ${part}; remove one of the two`;
}
