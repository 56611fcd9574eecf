// The rules for PortalCertificate's inputs that need no look at a file or store, and the defaults that complete them. Pure.
import { isUnknown, UNKNOWN, type InputFailure } from "../inputs/rawInputs";
import { CURRENT } from "./renewal";

type Raw = Readonly<Record<string, unknown>>;

const SOURCES = ["generate", "pfx", "store"];
const ENCRYPTIONS = ["tripleDES-SHA1", "AES256-SHA256"];
const KEY_SIZES = [2048, 3072, 4096];
const DEFAULTS = { keySize: 2048, validDays: 365, renewBeforeDays: 30 };

export interface SourceFindings {
    readonly inputs: Raw;
    readonly failures: InputFailure[];
}

/** Completes and judges. Reasons never show a value that may be secret, and name the path, not the whole input. */
export function checkSource(news: Raw): SourceFindings {
    const { source } = news;
    const inputs = { pfxEncryption: ENCRYPTIONS[0], ...definedOf(news), status: CURRENT };
    const failures = encryptionFailures(inputs);
    if (source === UNKNOWN) return { inputs, failures };
    if (!isRecord(source)) {
        const reason = 'must be given, such as { generate: { name: "Restore Portal" } }';
        return { inputs, failures: [...failures, { property: "source", reason }] };
    }
    const given = Object.keys(definedOf(source));
    const [kind = ""] = given;
    if (given.length !== 1 || !SOURCES.includes(kind)) {
        const got = given.length === 0 ? "none" : given.join(", ");
        const reason = `must hold exactly one of ${SOURCES.join(", ")}; got ${got}`;
        return { inputs, failures: [...failures, { property: "source", reason }] };
    }
    const completed = kind === "generate" ? completeGenerate(source[kind]) : trimmed(source[kind]);
    const judge = { generate: generateFailures, pfx: pfxFailures, store: storeFailures }[kind] ?? (() => []);
    return {
        inputs: { ...(kind === "generate" ? {} : { exportPfx: false }), ...inputs, source: { [kind]: completed } },
        failures: [...failures, ...exportFailures(kind, news["exportPfx"]), ...judge(completed)],
    };
}

function definedOf(record: Raw): Raw {
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

function isRecord(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function completeGenerate(generate: unknown): unknown {
    return isRecord(generate) ? { ...DEFAULTS, ...definedOf(generate) } : generate;
}

function trimmed(source: unknown): unknown {
    return isRecord(source) ? definedOf(source) : source;
}

function generateFailures(generate: unknown): InputFailure[] {
    if (generate === UNKNOWN) return [];
    if (!isRecord(generate)) return [{ property: "source.generate", reason: "must be an object with a name" }];
    const { name, keySize, validDays, renewBeforeDays } = generate;
    const failures = [
        ...nameFailures(name),
        ...keySizeFailures(keySize),
        ...dayFailures("source.generate.validDays", validDays, 1, 1095),
        ...dayFailures("source.generate.renewBeforeDays", renewBeforeDays, 0, 1094),
    ];
    if (failures.length > 0 || typeof validDays !== "number" || typeof renewBeforeDays !== "number") return failures;
    if (renewBeforeDays < validDays) return [];
    const reason = `must be less than validDays (${validDays}), or each deployment would renew; got ${renewBeforeDays}`;
    return [{ property: "source.generate.renewBeforeDays", reason }];
}

// X.520 ub-common-name; control characters would garble Windows' list of certificates.
function nameFailures(name: unknown): InputFailure[] {
    const property = "source.generate.name";
    if (name === UNKNOWN) return [];
    if (typeof name !== "string")
        return [{ property, reason: `must be a text of 1 to 64 characters, got ${shown(name)}` }];
    const { length } = Array.from(name);
    if (name.trim() === "" || length > 64) return [{ property, reason: `must have 1 to 64 characters, has ${length}` }];
    return /\p{Cc}/u.test(name) ? [{ property, reason: "must not hold control characters" }] : [];
}

function keySizeFailures(keySize: unknown): InputFailure[] {
    if (keySize === UNKNOWN || KEY_SIZES.includes(keySize as number)) return [];
    const reason = `must be one of ${KEY_SIZES.join(", ")} bits, got ${shown(keySize)}`;
    return [{ property: "source.generate.keySize", reason }];
}

function dayFailures(property: string, days: unknown, least: number, most: number): InputFailure[] {
    if (days === UNKNOWN) return [];
    const isRight = typeof days === "number" && Number.isInteger(days) && days >= least && days <= most;
    return isRight
        ? []
        : [{ property, reason: `must be a whole number of days between ${least} and ${most}, got ${shown(days)}` }];
}

function pfxFailures(pfx: unknown): InputFailure[] {
    if (pfx === UNKNOWN) return [];
    const wanted = 'such as { file: "portal.pfx", password }';
    if (!isRecord(pfx)) return [{ property: "source.pfx", reason: `must be an object, ${wanted}` }];
    const { file, base64, password } = pfx;
    const isOne = (file === undefined) !== (base64 === undefined);
    return [
        ...(isOne ? [] : [{ property: "source.pfx.file", reason: `give either file or base64, ${wanted}` }]),
        ...textFailure("source.pfx.file", file),
        ...textFailure("source.pfx.base64", base64),
        ...(password === undefined || typeof password === "string"
            ? []
            : [{ property: "source.pfx.password", reason: "must be a text; leave it out where the file has none" }]),
    ];
}

function storeFailures(store: unknown): InputFailure[] {
    if (store === UNKNOWN) return [];
    const wanted = 'such as { subject: "CN=portal.abc.com" }';
    if (!isRecord(store)) return [{ property: "source.store", reason: `must be an object, ${wanted}` }];
    const { thumbprint, subject, location } = store;
    const isOne = (thumbprint === undefined) !== (subject === undefined);
    const isThumbprint =
        typeof thumbprint === "string" && /^[0-9a-f]{40}$/i.test(thumbprint.replace(/[\s:\u200e]/g, ""));
    return [
        ...(isOne
            ? []
            : [{ property: "source.store.thumbprint", reason: `give either thumbprint or subject, ${wanted}` }]),
        ...(thumbprint === undefined || thumbprint === UNKNOWN || isThumbprint
            ? []
            : [
                  {
                      property: "source.store.thumbprint",
                      reason: `must be 40 hexadecimal digits (SHA-1), got ${shown(thumbprint)}`,
                  },
              ]),
        ...textFailure("source.store.subject", subject),
        ...textFailure("source.store.location", location),
    ];
}

function textFailure(property: string, value: unknown): InputFailure[] {
    const isText = typeof value === "string" && value.trim() !== "";
    return value === undefined || isText ? [] : [{ property, reason: "must be a text that is not empty" }];
}

function encryptionFailures({ pfxEncryption }: Raw): InputFailure[] {
    if (isUnknown(pfxEncryption) || ENCRYPTIONS.includes(pfxEncryption as string)) return [];
    const reason = `must be one of ${ENCRYPTIONS.join(", ")}, got ${shown(pfxEncryption)}`;
    return [{ property: "pfxEncryption", reason }];
}

function exportFailures(kind: string, exportPfx: unknown): InputFailure[] {
    if (exportPfx === undefined || exportPfx === null || isUnknown(exportPfx)) return [];
    if (typeof exportPfx !== "boolean")
        return [{ property: "exportPfx", reason: `must be true or false, got ${shown(exportPfx)}` }];
    if (kind !== "generate" || exportPfx) return [];
    return [
        { property: "exportPfx", reason: "must not be false with generate: its PFX is nowhere else; leave it out" },
    ];
}

function shown(value: unknown): string {
    return value === undefined ? "nothing" : JSON.stringify(value);
}
