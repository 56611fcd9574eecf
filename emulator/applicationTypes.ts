// Checks the type of each property that a client sends for an application, as Graph's metadata defines the types. The
// entries of a list must be texts or objects, depending on the list. The rules in other files check further.
import { blankApplication } from "./blankObjects";
import { invalidValue } from "./graphError";

type Body = Readonly<Record<string, unknown>>;

const BLANK: Body = { ...blankApplication("", "", new Date(0), "") };

const TEXT_LISTS = ["countriesBlockedForMinors", "identifierUris", "knownClientApplications", "redirectUris", "tags"];
const FLAGS = ["acceptMappedClaims", "isDeviceOnlyAuthSupported", "isDisabled", "isFallbackPublicClient"];
const OBJECTS = [
    "authenticationBehaviors",
    "optionalClaims",
    "requestSignatureVerification",
    "servicePrincipalLockConfiguration",
];
const NUMBERS = ["requestedAccessTokenVersion"];

/** Ignores unknown properties, because applicationRules.ts refuses such properties. */
export function assertTypes(body: Body): void {
    for (const [name, value] of Object.entries(body)) {
        if (name in BLANK && !isOfType(name, value, BLANK[name])) throw invalidValue(name);
    }
}

/**
 * `model` is the value that a new application has for this property. It shows the right type. If `model` is null, the
 * name of the property determines the type. The name also determines the type of the entries of a list.
 */
function isOfType(name: string, value: unknown, model: unknown): boolean {
    if (Array.isArray(model)) return isList(value, TEXT_LISTS.includes(name) ? isText : isObject);
    if (value === null) return true;
    if (isObject(model)) return isObject(value) && haveTypes(value, model);
    if (typeof model === "boolean" || FLAGS.includes(name)) return typeof value === "boolean";
    if (NUMBERS.includes(name)) return typeof value === "number";
    return OBJECTS.includes(name) ? isObject(value) : isText(value);
}

function haveTypes(value: Body, model: Body): boolean {
    return Object.entries(value).every(([name, one]) => !(name in model) || isOfType(name, one, model[name]));
}

function isList(value: unknown, isEntry: (one: unknown) => boolean): boolean {
    return Array.isArray(value) && value.every(isEntry);
}

function isText(value: unknown): value is string {
    return typeof value === "string";
}

function isObject(value: unknown): value is Body {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NULLABLE = ["api", "info", "parentalControlSettings", "publicClient", "spa", "web"];

/**
 * Replaces null with the value of a new application. A client may set the objects in `NULLABLE` to null, and also
 * `implicitGrantSettings` and its flags.
 */
export function withDefaults(name: string, value: unknown): unknown {
    const model = BLANK[name];
    if (!NULLABLE.includes(name) || !isObject(model)) return value;
    if (!isObject(value)) return model;
    const { implicitGrantSettings, ...rest } = value;
    if (implicitGrantSettings === undefined) return value;
    return { ...rest, implicitGrantSettings: flagsOf(implicitGrantSettings) };
}

function flagsOf(settings: unknown): Body {
    const sent = Object.entries((settings ?? {}) as Body).map(([name, flag]) => [name, flag ?? false]);
    return { enableAccessTokenIssuance: false, enableIdTokenIssuance: false, ...(Object.fromEntries(sent) as Body) };
}
