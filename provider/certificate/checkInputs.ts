// Checks the inputs of PortalCertificate without reading a file or store, and fills in their defaults. Pure.
import { normalize } from "node:path";

import { isRecord, oneOf, shown, typeName, withoutUndefined } from "../inputs/inputRules";
import { isUnknown, UNKNOWN, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import { keepingSpelling, type IsSame } from "../inputs/sameMeaning";
import { wrongThumbprint } from "../inputs/thumbprints";
import { unknownNames } from "../inputs/unknownNames";
import { PFX_ENCRYPTIONS, type CertificateInputs } from "./inputs";
import { CURRENT } from "./renewal";

const KEY_SIZES = [2048, 3072, 4096];
const MAX_VALID_DAYS = 1095;
const GENERATE_DEFAULTS = { keySize: 2048, validDays: 365, renewBeforeDays: 30 };

/** Fills in defaults and checks the values of one kind of source. `source`: the value of the input `source.<kind>`. */
interface SourceRules {
    complete(source: unknown): unknown;
    failures(source: unknown): InputFailure[];
    readonly names: readonly string[];
    /** The defaults of inputs outside `source`, for this kind of source. */
    readonly defaults: RawInputs;
}

const SOURCES: Readonly<Record<string, SourceRules>> = {
    generate: {
        complete: (source) => (isRecord(source) ? { ...GENERATE_DEFAULTS, ...withoutUndefined(source) } : source),
        failures: generateFailures,
        names: ["name", "keySize", "validDays", "renewBeforeDays"],
        defaults: {},
    },
    pfx: {
        complete: completeImported,
        failures: pfxFailures,
        names: ["file", "base64", "password"],
        defaults: { exportPfx: false },
    },
    store: {
        complete: completeImported,
        failures: storeFailures,
        names: ["thumbprint", "subject", "location"],
        defaults: { exportPfx: false },
    },
};

/** Returns all failures at once. A reason never shows a value that may be secret. */
export function checkCertificateInputs(
    news: RawInputs,
    olds: RawInputs = {},
): { inputs: RawInputs; failures: InputFailure[] } {
    const inputs = completed(news, olds);
    const failures = [
        ...unknownNames(inputs, { of: "PortalCertificate", known: PROGRAM_NAMES, filled: FILLED_NAMES }),
        ...FILLED_NAMES.flatMap((name) => filledFailure(name, news, olds)),
        ...Object.values(RULES).flatMap((rule) => rule(inputs)),
    ];
    return { inputs, failures };
}

const FILLED_NAMES = ["thumbprint", "status"];

/** Refuses a value that the program sets. With `ignoreChanges`, `check` gets the value in state, which is allowed. */
function filledFailure(name: string, news: RawInputs, olds: RawInputs): InputFailure[] {
    const value = news[name];
    const isFilled = value === undefined || value === null || value === olds[name] || isUnknown(value);
    return isFilled ? [] : [{ property: name, reason: "is filled in by the provider; leave it out" }];
}

function completed(news: RawInputs, olds: RawInputs): RawInputs {
    const inputs: RawInputs = { pfxEncryption: PFX_ENCRYPTIONS[0], status: CURRENT, ...withoutUndefined(news) };
    const { kind, value, rules } = sourceOf(inputs);
    if (!rules) return inputs;
    const before = isRecord(olds["source"]) ? olds["source"][kind] : undefined;
    const source = rules.complete(value);
    const kept = isRecord(source) ? keepingSpelling(source, before, SAME) : source;
    return { ...rules.defaults, ...inputs, source: { [kind]: kept } };
}

const isSameBy =
    (plain: (text: string) => string): IsSame =>
    (now, before) =>
        plain(now) === plain(before);

const SAME: Readonly<Record<string, IsSame>> = {
    thumbprint: isSameBy((text) => text.replace(/[\s:\u200e\u200f]/g, "").toUpperCase()),
    base64: isSameBy((text) => text.replace(/\s/g, "")),
    // Colleagues on Windows and on other systems write the same path with different separators.
    file: isSameBy((text) => normalize(text).replaceAll("\\", "/")),
};

/** Each rule gets all inputs, because `exportPfx` depends on `source`. The compiler requires a rule for each input. */
const RULES: Readonly<Record<keyof CertificateInputs, (inputs: RawInputs) => InputFailure[]>> = {
    pfxEncryption: (inputs) => {
        const { pfxEncryption } = inputs;
        if (typeof pfxEncryption === "string") return oneOf(inputs, "pfxEncryption", PFX_ENCRYPTIONS);
        return refusal("pfxEncryption", `must be one of ${PFX_ENCRYPTIONS.join(", ")}, got ${shown(pfxEncryption)}`);
    },
    exportPfx: (inputs) => {
        const { exportPfx } = inputs;
        if (exportPfx === undefined || isUnknown(exportPfx)) return [];
        if (typeof exportPfx !== "boolean") {
            return refusal("exportPfx", `must be true or false, got ${shown(exportPfx)}`);
        }
        if (exportPfx || sourceOf(inputs).kind !== "generate") return [];
        return refusal(
            "exportPfx",
            "must be true for a generated certificate, because its PFX exists only in the outputs; leave it out, or set it to true",
        );
    },
    source: sourceFailures,
    // `filledFailure` checks these two inputs.
    thumbprint: () => [],
    status: () => [],
};

const PROGRAM_NAMES = Object.keys(RULES).filter((name) => !FILLED_NAMES.includes(name));

/** Picks the inputs out of a state, which also contains outputs. Leaves out inputs that are not set. */
export function inputsIn(state: CertificateInputs): CertificateInputs {
    const names = (Object.keys(RULES) as (keyof CertificateInputs)[]).filter((name) => state[name] !== undefined);
    return Object.fromEntries(names.map((name) => [name, state[name]])) as unknown as CertificateInputs;
}

/** `rules` is set only if the source has exactly one kind, and this kind is known. */
function sourceOf({ source }: RawInputs): { kind: string; kinds: string[]; value?: unknown; rules?: SourceRules } {
    const given = isRecord(source) ? withoutUndefined(source) : {};
    const kinds = Object.keys(given);
    const [kind = ""] = kinds;
    const rules = kinds.length === 1 && Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
    return { kind, kinds, value: given[kind], ...(rules ? { rules } : {}) };
}

function sourceFailures(inputs: RawInputs): InputFailure[] {
    const { source } = inputs;
    if (source === UNKNOWN) return [];
    if (!isRecord(source)) {
        return refusal(
            "source",
            `must be an object such as { generate: { name: "Restore Portal" } }, got ${source === undefined ? "nothing" : typeName(source)}`,
        );
    }
    const { kind, kinds, value, rules } = sourceOf(inputs);
    const path = `source.${kind}`;
    if (rules) return [...unknownNames(value, { of: path, known: rules.names, path }), ...rules.failures(value)];
    const misspelt = unknownNames(source, { of: "source", known: Object.keys(SOURCES), path: "source" });
    if (misspelt.length > 0) return misspelt;
    const got = kinds.length === 0 ? "none" : kinds.join(", ");
    return refusal("source", `must have exactly one of ${Object.keys(SOURCES).join(", ")}; got ${got}`);
}

function completeImported(source: unknown): unknown {
    return isRecord(source) ? withoutUndefined(source) : source;
}

function generateFailures(generate: unknown): InputFailure[] {
    if (generate === UNKNOWN) return [];
    if (!isRecord(generate)) {
        return refusal("source.generate", 'must be an object such as { name: "Restore Portal" }');
    }
    const { name, keySize, validDays, renewBeforeDays } = generate;
    const failures = [
        ...nameFailures(name),
        ...keySizeFailures(keySize),
        ...dayFailures("source.generate.validDays", validDays, 1, MAX_VALID_DAYS),
        ...dayFailures("source.generate.renewBeforeDays", renewBeforeDays, 0, MAX_VALID_DAYS - 1),
    ];
    if (failures.length > 0 || typeof validDays !== "number" || typeof renewBeforeDays !== "number") return failures;
    if (renewBeforeDays < validDays) return [];
    return refusal(
        "source.generate.renewBeforeDays",
        `must be less than validDays (${validDays}), because otherwise each deployment would renew the certificate; got ${renewBeforeDays}`,
    );
}

// The limit of 64 characters is ub-common-name in X.520. Control characters would garble Windows' list of certificates.
function nameFailures(name: unknown): InputFailure[] {
    const property = "source.generate.name";
    if (name === UNKNOWN) return [];
    if (typeof name !== "string")
        return refusal(property, `must be a string of 1 to 64 characters, got ${shown(name)}`);
    const { length } = Array.from(name);
    if (name.trim() === "") return refusal(property, "must have 1 to 64 characters, got only spaces or nothing");
    if (length > 64) return refusal(property, `must have 1 to 64 characters, got ${length}`);
    return /\p{Cc}/u.test(name) ? refusal(property, "must not contain control characters") : [];
}

function keySizeFailures(keySize: unknown): InputFailure[] {
    if (keySize === UNKNOWN || KEY_SIZES.includes(keySize as number)) return [];
    return refusal("source.generate.keySize", `must be one of ${KEY_SIZES.join(", ")} bits, got ${shown(keySize)}`);
}

function dayFailures(property: string, days: unknown, least: number, most: number): InputFailure[] {
    if (days === UNKNOWN) return [];
    if (typeof days === "number" && Number.isInteger(days) && days >= least && days <= most) return [];
    return refusal(property, `must be a whole number of days between ${least} and ${most}, got ${shown(days)}`);
}

function pfxFailures(pfx: unknown): InputFailure[] {
    if (pfx === UNKNOWN) return [];
    const example = "such as { file: 'portal.pfx', password }";
    if (!isRecord(pfx)) return refusal("source.pfx", `must be an object ${example}`);
    const { file, base64, password } = pfx;
    return [
        ...eitherFailure("source.pfx", pfx, ["file", "base64"], example),
        ...textFailure("source.pfx.file", file),
        ...textFailure("source.pfx.base64", base64),
        ...(password === undefined || typeof password === "string"
            ? []
            : refusal("source.pfx.password", "must be a string; leave it out if the file has no password")),
    ];
}

function storeFailures(store: unknown): InputFailure[] {
    if (store === UNKNOWN) return [];
    const example = 'such as { subject: "CN=portal.abc.com" }';
    if (!isRecord(store)) return refusal("source.store", `must be an object ${example}`);
    const { thumbprint, subject, location } = store;
    return [
        ...eitherFailure("source.store", store, ["thumbprint", "subject"], example),
        ...thumbprintFailure(thumbprint),
        ...textFailure("source.store.subject", subject),
        ...textFailure("source.store.location", location),
    ];
}

function eitherFailure(
    path: string,
    source: RawInputs,
    [one, other]: readonly [string, string],
    example: string,
): InputFailure[] {
    const isEither = (source[one] === undefined) !== (source[other] === undefined);
    return isEither ? [] : refusal(`${path}.${one}`, `give either ${one} or ${other}, ${example}`);
}

function thumbprintFailure(thumbprint: unknown): InputFailure[] {
    if (thumbprint === undefined || thumbprint === UNKNOWN) return [];
    const got = wrongThumbprint(thumbprint);
    const rule = "must be a SHA-1 thumbprint, which has 40 hexadecimal digits";
    return got === undefined ? [] : refusal("source.store.thumbprint", `${rule}; got ${got}`);
}

function textFailure(property: string, value: unknown): InputFailure[] {
    const isText = typeof value === "string" && value.trim() !== "";
    return value === undefined || isText ? [] : refusal(property, "must be a string that is not empty or blank");
}

function refusal(property: string, reason: string): InputFailure[] {
    return [{ property, reason }];
}
