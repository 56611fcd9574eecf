// Makes the differences of one resource from its live and its declared inputs. Pure.
import { isDeepStrictEqual } from "node:util";

import { textOf } from "../diagnosis/check";
import { withCodes, type Values, type Words } from "../diagnosis/differenceWords";
import { UNKNOWN } from "../../provider/inputs/rawInputs";
import { plain, plainValue } from "../../provider/plainText";
import { typesOf } from "../stackPortals";
import { isSecret, SECRET } from "./masked";
import type { Difference, Json } from "./model";
import type { PreviewedResource } from "./preview";

type Inputs = Readonly<Record<string, unknown>>;

/** A resource of a preview, with the functions that describe differences of its type. */
export interface Compared {
    readonly resource: string;
    readonly live: Inputs;
    readonly declared: Inputs;
    /** The inputs of the last deployment. */
    readonly deployed: Inputs;
    readonly wordsOf: (name: string, values: Values) => Words | undefined;
    readonly errorsOf: (name: string, values: Values) => readonly number[];
    /** The engine's operation, and its lists of changed and drifted inputs. Only these lists show a changed secret. */
    readonly engine: Pick<PreviewedResource, "changed" | "drifted" | "isRetained" | "operation">;
}

/** Inputs that are not settings of a portal. */
const INTERNAL = ["identity"];

export function differencesOf(compared: Compared): Difference[] {
    const { live, declared } = compared;
    const inputs = [...new Set([...Object.keys(declared), ...Object.keys(live)])]
        .filter((name) => !INTERNAL.includes(name))
        .filter((name) => !isDeepStrictEqual(live[name], declared[name]) || isHidden(name, compared))
        .filter((name) => !isNotKnownYet(declared[name]))
        .map((name) => differenceOf(name, compared));
    const { operation, isRetained = false } = compared.engine;
    return operation === "replace" ? [replacement(compared.resource, isRetained), ...inputs] : inputs;
}

/** A replacement is a difference of its own, because it makes a new resource even if no input differs. */
function replacement(resource: string, isRetained: boolean): Difference {
    const isPortal = typesOf("RestorePortalApp").some((type) => resource.includes(`${type}::`));
    const then = isPortal ? "; then enter the Application ID in VB365 if it has changed" : "";
    const again = isRetained
        ? "creates the resource again; the objects of the earlier one stay as they are, because it has retainOnDelete"
        : "deletes the resource and creates it again";
    const up = `${again}${then}`;
    const whole = wholeDifference(resource, { says: "pulumi up replaces the resource", up, isMissing: false });
    return { ...whole, declared: "replaced", declaredText: "replaced" };
}

/**
 * Returns whether a secret value differs. A preview shows all secret values in the same way, so only the engine's list
 * of changes shows a difference.
 */
function isHidden(name: string, { live, declared, engine: { changed = [] } }: Compared): boolean {
    return changed.includes(name) && isSecret(live[name]) && isDeepStrictEqual(live[name], declared[name]);
}

/**
 * Returns whether the value comes from another resource that `pulumi up` changes first, so that it is not known yet.
 */
function isNotKnownYet(value: unknown): boolean {
    return JSON.stringify(value ?? null).includes(UNKNOWN);
}

function differenceOf(name: string, compared: Compared): Difference {
    if (isHidden(name, compared)) return hiddenDifference(name, compared);
    const { resource, live, declared, deployed, wordsOf, errorsOf } = compared;
    const values = { live: live[name], declared: declared[name] };
    const words = wordsOf(name, values);
    const isProgram = words === undefined || isDeepStrictEqual(live[name], deployed[name]);
    const aadsts = isProgram ? [] : errorsOf(name, values);
    const { label, says, up, widened } = isProgram ? changed(name, values) : words;
    return {
        property: plain(name),
        resource: plain(resource),
        label: plain(label),
        declared: jsonOf(values.declared),
        live: jsonOf(values.live),
        declaredText: plain(textOf(values.declared ?? "not set")),
        liveText: plain(textOf(values.live ?? "not set")),
        words: plain(withCodes(says, aadsts)),
        up: plain(up),
        risk: aadsts.length > 0 ? "signIn" : widened ? "widened" : "cosmetic",
        cause: isProgram ? "program" : "drift",
        aadsts,
    };
}

/**
 * Describes a difference of a secret value. The report does not contain the value, so the difference has no AADSTS
 * code. Its risk is `signIn` if every drift of this input prevents sign-in, as for `portalUrl`.
 */
function hiddenDifference(name: string, { resource, wordsOf, errorsOf, engine: { drifted } }: Compared): Difference {
    const values = { live: SECRET, declared: SECRET };
    const words = wordsOf(name, values);
    const isProgram = words === undefined || drifted?.includes(name) === false;
    const { label, up } = isProgram ? changed(name, values) : words;
    const isBad = !isProgram && errorsOf(name, values).length > 0;
    return {
        property: plain(name),
        resource: plain(resource),
        label: plain(label),
        declared: SECRET,
        live: SECRET,
        declaredText: SECRET,
        liveText: SECRET,
        words: isProgram
            ? changed(name, values).says
            : `the live value of ${label} differs from the value in the program; both are hidden, because the input is secret`,
        up: plain(up),
        risk: isBad ? "signIn" : "cosmetic",
        cause: isProgram ? "program" : "drift",
        aadsts: [],
    };
}

/** Describes an input that only the program has changed since the last deployment. */
function changed(name: string, { declared }: Values): Words {
    const says = `the program has changed ${name}, and the change is not deployed yet`;
    return { label: name, says, up: `sets it to ${textOf(declared ?? "its default")}`, widened: false };
}

/** Shows a certificate only by its thumbprint, because its PEM text would tell a reader nothing more. */
function jsonOf(value: unknown): Json {
    const { thumbprint } = (value ?? {}) as { thumbprint?: string };
    return plainValue((thumbprint ?? value ?? null) as Json);
}

/** Makes the difference about a whole resource, which `pulumi up` creates, deletes or replaces. */
export function wholeDifference(
    resource: string,
    { says, up, isMissing }: { readonly says: string; readonly up: string; readonly isMissing: boolean },
): Difference {
    const [there, none] = ["present", "missing"];
    return {
        property: "",
        resource: plain(resource),
        label: "the resource",
        declared: isMissing ? there : none,
        live: isMissing ? none : there,
        declaredText: isMissing ? there : none,
        liveText: isMissing ? none : there,
        words: plain(says),
        up,
        risk: "cosmetic",
        cause: "program",
        aadsts: [],
    };
}
