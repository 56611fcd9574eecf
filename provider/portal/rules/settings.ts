// Plans the name, the text settings and the status of an application: writes desired values, and restores previous
// ones. Pure.
import { PRESENT } from "../../inputs/statusTexts";
import type { Owned } from "../../sync/owned";
import { isNeededByOthers, undoesAnother } from "../../sync/ownership";
import { TEXT_SETTINGS, type TextSetting } from "../../sync/textSettings";
import type { RestorePortalAppInputs } from "./inputs";
import { UNCHANGED, type Field, type Observation } from "./live";

export function planSettings(inputs: RestorePortalAppInputs, observation: Observation): Field {
    const { application } = observation.live;
    const fields = [
        planName(inputs, observation),
        ...TEXT_SETTINGS.map(({ item }) => planText(item, inputs, observation, application[item] ?? "")),
        planStatus(inputs, observation),
    ];
    return {
        body: Object.assign({}, ...fields.map(({ body }) => body ?? {})) as Record<string, unknown>,
        changes: fields.flatMap(({ changes }) => changes),
        gained: fields.flatMap(({ gained = [] }) => gained),
        lost: fields.flatMap(({ lost = [] }) => lost),
    };
}

/** Only an application that this resource registered gets its name from the program. */
function planName({ displayName }: RestorePortalAppInputs, { live: { application } }: Observation): Field {
    if (displayName === undefined || displayName === application.displayName) return UNCHANGED;
    return { body: { displayName }, changes: ["displayName"] };
}

function planText(
    name: TextSetting,
    inputs: RestorePortalAppInputs,
    { live: objects, managed, before }: Observation,
    live: string,
): Field {
    const desired = inputs[name];
    const entry = managed.owned.find(({ item }) => item === name);
    if (desired === undefined) {
        return entry ? noLongerNamed(entry, live, isNeededByOthers(entry, managed.holder, objects)) : UNCHANGED;
    }
    if (desired === live) return UNCHANGED;
    // If the program set the same value at the last deployment, the write is a repair. Release does not undo a repair.
    const isRepair = before !== undefined && before[name] === desired && entry === undefined;
    const written = { body: { [name]: desired }, changes: [name] };
    if (managed.created || isRepair) return written;
    const change = (from: string | boolean): Owned => ({ item: name, changed: { from, to: desired }, how: "answered" });
    if (undoesAnother(change(entry?.changed?.from ?? live), managed.holder, objects)) {
        return { ...written, lost: [name] };
    }
    return { ...written, gained: [change(live)] };
}

/**
 * If the program no longer sets a value, the previous value is restored, but only if nobody else changed the value. If
 * another holder needs our value, the value stays, and that holder owns it.
 */
function noLongerNamed({ item, changed }: Owned, live: string, isNeeded: boolean): Field {
    if (changed === undefined) return UNCHANGED;
    if (isNeeded || changed.to !== live) return { changes: [], lost: [item] };
    return { body: { [item]: asSent(changed.from) }, changes: [item], lost: [item] };
}

/** Entra returns `null` for a text property that was never set, so an empty text is sent as `null`. */
export function asSent(value: string | boolean): string | boolean | null {
    return value === "" ? null : value;
}

function planStatus({ applicationStatus }: RestorePortalAppInputs, { live, managed, before }: Observation): Field {
    if (live.application.isDisabled !== true || applicationStatus !== PRESENT) return UNCHANGED;
    const isRepair = managed.created || before?.applicationStatus === PRESENT;
    const changed = { from: false, to: true };
    return {
        body: { isDisabled: false },
        changes: ["isDisabled"],
        gained: isRepair ? [] : [{ item: "applicationStatus/enabled", changed, how: "answered" }],
    };
}
