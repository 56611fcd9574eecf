// The rules for PortalCertificate's inputs and the defaults that complete them. Pure.
import { CURRENT } from "./renewal";

export interface GenerateSource {
    readonly name: string;
    readonly keySize: number;
    readonly validDays: number;
    readonly renewBeforeDays: number;
}

export type PfxEncryption = "tripleDES-SHA1" | "AES256-SHA256";

export interface CertificateInputs {
    readonly source: { readonly generate: GenerateSource };
    readonly pfxEncryption: PfxEncryption;
    /** `current`; live: `due for renewal: ends ...`. Completed by check, so that a renewal has a name in preview. */
    readonly status: string;
}

interface Failure {
    readonly property: string;
    readonly reason: string;
}

type Raw = Readonly<Record<string, unknown>>;

// The engine's placeholder for a value that a preview does not know yet.
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SOURCES = ["generate", "pfx", "store"];
const ENCRYPTIONS = ["tripleDES-SHA1", "AES256-SHA256"];
const KEY_SIZES = [2048, 3072, 4096];
const DEFAULTS = { keySize: 2048, validDays: 365, renewBeforeDays: 30 };

/** Completes and judges. Reasons never show a value that may be secret, and name the path, not the whole input. */
export function checkSource(news: Raw): { inputs: unknown; failures: Failure[] } {
    const source = news["source"];
    const inputs = { pfxEncryption: ENCRYPTIONS[0], ...definedOf(news), status: CURRENT };
    if (source === UNKNOWN) return { inputs, failures: encryptionFailures(inputs) };
    if (!isRecord(source)) {
        return {
            inputs,
            failures: [
                { property: "source", reason: 'must be given, such as { generate: { name: "Restore Portal" } }' },
            ],
        };
    }
    const generate = isRecord(source["generate"])
        ? { ...DEFAULTS, ...definedOf(source["generate"]) }
        : source["generate"];
    const failures = [...sourceFailures(source), ...generateFailures(generate), ...encryptionFailures(inputs)];
    return { inputs: { ...inputs, source: { ...source, ...(generate === undefined ? {} : { generate }) } }, failures };
}

function definedOf(record: Raw): Raw {
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

function isRecord(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sourceFailures(source: Raw): Failure[] {
    const given = Object.keys(definedOf(source));
    if (given.length !== 1 || given.some((name) => !SOURCES.includes(name))) {
        const got = given.length === 0 ? "none" : given.join(", ");
        return [{ property: "source", reason: `must hold exactly one of ${SOURCES.join(", ")}; got ${got}` }];
    }
    if (given[0] === "generate") return [];
    const reason =
        "is not supported by this release; use generate, or give the certificate's public part to RestorePortalApp with registerCertificate";
    return [{ property: `source.${given[0] ?? ""}`, reason }];
}

function generateFailures(generate: unknown): Failure[] {
    if (generate === undefined || generate === UNKNOWN) return [];
    if (!isRecord(generate)) return [{ property: "source.generate", reason: "must be an object with a name" }];
    const { name, keySize, validDays, renewBeforeDays } = generate;
    const failures = [
        ...nameFailures(name),
        ...(keySize === UNKNOWN || KEY_SIZES.includes(keySize as number)
            ? []
            : [
                  {
                      property: "source.generate.keySize",
                      reason: `must be one of ${KEY_SIZES.join(", ")} bits, got ${shown(keySize)}`,
                  },
              ]),
        ...dayFailures("source.generate.validDays", validDays, 1, 1095),
        ...dayFailures("source.generate.renewBeforeDays", renewBeforeDays, 0, 1094),
    ];
    if (failures.length > 0 || typeof validDays !== "number" || typeof renewBeforeDays !== "number") return failures;
    if (renewBeforeDays < validDays) return [];
    const reason = `must be less than validDays (${validDays}), or each deployment would renew; got ${renewBeforeDays}`;
    return [{ property: "source.generate.renewBeforeDays", reason }];
}

// X.520 ub-common-name; control characters would garble Windows' list of certificates.
function nameFailures(name: unknown): Failure[] {
    const property = "source.generate.name";
    if (name === UNKNOWN) return [];
    if (typeof name !== "string")
        return [{ property, reason: `must be a text of 1 to 64 characters, got ${shown(name)}` }];
    const { length } = Array.from(name);
    if (name.trim() === "" || length > 64) return [{ property, reason: `must have 1 to 64 characters, has ${length}` }];
    return /\p{Cc}/u.test(name) ? [{ property, reason: "must not hold control characters" }] : [];
}

function dayFailures(property: string, days: unknown, least: number, most: number): Failure[] {
    if (days === UNKNOWN) return [];
    const isRight = typeof days === "number" && Number.isInteger(days) && days >= least && days <= most;
    return isRight
        ? []
        : [{ property, reason: `must be a whole number of days between ${least} and ${most}, got ${shown(days)}` }];
}

function encryptionFailures({ pfxEncryption }: Raw): Failure[] {
    if (pfxEncryption === UNKNOWN || ENCRYPTIONS.includes(pfxEncryption as string)) return [];
    return [
        { property: "pfxEncryption", reason: `must be one of ${ENCRYPTIONS.join(", ")}, got ${shown(pfxEncryption)}` },
    ];
}

function shown(value: unknown): string {
    return value === undefined ? "nothing" : JSON.stringify(value);
}
