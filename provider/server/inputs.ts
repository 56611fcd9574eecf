// Defines the inputs of PortalServer, their defaults, and the rules for their values. Pure.
import { filledIn, guidReason, shown, withoutUndefined } from "../inputs/inputRules";
import { examineUrl } from "../inputs/portalUrl";
import { keepingSpelling, type IsSame } from "../inputs/sameMeaning";
import { unknownNames } from "../inputs/unknownNames";
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";

/** All inputs, after `check` has completed them. */
export interface PortalServerInputs {
    readonly portalUrl: string;
    readonly serverUrl?: string;
    readonly applicationId: string;
    readonly authority?: string;
    /** SHA-1 or SHA-256, upper-case hex. */
    readonly tlsThumbprint?: string;
    readonly tlsExpiryDays: number;
    readonly required: boolean;
    // `check` fills in the following inputs, so that a preview can name their drift.
    readonly serverStatus: string;
    readonly isEnabled: boolean;
    readonly tlsCertificate: string;
}

export const READABLE = "readable";
export const VALID = "valid";
const FILLED_IN = { serverStatus: READABLE, isEnabled: true, tlsCertificate: VALID } as const;
const DEFAULTS = { tlsExpiryDays: 30, required: false } as const;
const MAX_EXPIRY_DAYS = 365;

export function completeServerInputs(news: RawInputs, olds: RawInputs = {}): PortalServerInputs {
    const completed: Record<string, unknown> = { ...DEFAULTS, ...FILLED_IN, ...withoutUndefined(news) };
    const { applicationId, tlsThumbprint } = completed;
    if (typeof applicationId === "string") completed["applicationId"] = applicationId.toLowerCase();
    if (typeof tlsThumbprint === "string" && !isUnknown(tlsThumbprint)) {
        // Some tools show the thumbprint with spaces or colons. If a user copies it from the certificate dialog of
        // Windows, it may begin with an invisible character.
        completed["tlsThumbprint"] = tlsThumbprint.replace(/[\s:\u200e\u200f]/g, "").toUpperCase();
    }
    return keepingSpelling(completed, olds, SAME) as unknown as PortalServerInputs;
}

/** Ignores a slash at the end of an address, and upper and lower case in its host. */
const isSameUrl: IsSame = (now, before) => {
    const plain = (url: string) => (URL.canParse(url) ? new URL(url).href.replace(/\/$/, "") : url);
    return plain(now) === plain(before);
};

const SAME = { serverUrl: isSameUrl, authority: isSameUrl };

/**
 * Returns all failures at once. Accepts unknown and unchanged values. An unchanged value may be a text that a refresh
 * stored, if the input is in `ignoreChanges`.
 */
export function examineServerInputs(inputs: PortalServerInputs, olds: RawInputs): InputFailure[] {
    const known = Object.keys(RULES).filter((name) => !Object.hasOwn(FILLED_IN, name));
    const unknown = unknownNames(inputs, { of: "PortalServer", known, filled: Object.keys(FILLED_IN) });
    const failures = Object.entries(RULES).flatMap(([property, rule]) => {
        const value = (inputs as unknown as RawInputs)[property];
        if (isUnknown(value) || (value !== undefined && value === olds[property])) return [];
        return rule(value).map((reason) => ({ property, reason }));
    });
    return [...unknown, ...failures];
}

/** Returns why a value is refused. */
type Rule = (value: unknown) => string[];

/** One rule per input. The compiler requires an entry for each new input. */
const RULES: Readonly<Record<keyof PortalServerInputs, Rule>> = {
    portalUrl: (value) =>
        typeof value === "string"
            ? examineUrl(value).refusals
            : [`must be a URL such as https://portal.abc.com:4443, got ${shown(value)}`],
    serverUrl: optional(
        isOrigin,
        "must be the address of VB365's REST API, https://<host>:<port>, such as https://vb365.abc.com:4443",
    ),
    applicationId: (value) => (isGuid(value) ? [] : [guidReason(value)]),
    authority: optional(isHttps, "must be an https URL such as https://login.microsoftonline.com/organizations"),
    tlsThumbprint: optional(
        isThumbprint,
        "must be a SHA-1 or SHA-256 thumbprint, which has 40 or 64 hexadecimal digits",
    ),
    tlsExpiryDays: (value) =>
        Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_EXPIRY_DAYS
            ? []
            : [`must be a whole number of days between 0 and ${MAX_EXPIRY_DAYS}, got ${shown(value)}`],
    required: (value) => (typeof value === "boolean" ? [] : [`must be a boolean, got ${shown(value)}`]),
    serverStatus: fixed(FILLED_IN.serverStatus),
    isEnabled: fixed(FILLED_IN.isEnabled),
    tlsCertificate: fixed(FILLED_IN.tlsCertificate),
};

function optional(isRight: (value: unknown) => boolean, rule: string): Rule {
    return (value) => (value === undefined || isRight(value) ? [] : [`${rule}; got ${shown(value)}`]);
}

function fixed(text: unknown): Rule {
    return (value) => (value === text ? [] : [filledIn(text)]);
}

function isHttps(value: unknown): value is string {
    return typeof value === "string" && /^https:\/\//i.test(value) && URL.canParse(value);
}

function isOrigin(value: unknown): boolean {
    return isHttps(value) && /^https:\/\/[^/?#@\s]+\/?$/i.test(value);
}

function isThumbprint(value: unknown): boolean {
    return typeof value === "string" && /^([0-9A-F]{40}|[0-9A-F]{64})$/.test(value);
}
