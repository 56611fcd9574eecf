// The inputs of PortalServer: defaults, and the rules for what a program may ask. Pure.
import { examineUrl } from "../inputs/portalUrl";
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";

/** After `check` the whole desired state. */
export interface PortalServerInputs {
    readonly portalUrl: string;
    readonly serverUrl?: string;
    readonly applicationId: string;
    readonly authority?: string;
    /** SHA-1 or SHA-256, upper-case hex. */
    readonly tlsThumbprint?: string;
    readonly tlsExpiryDays: number;
    readonly required: boolean;
    // Completed by check, so that what differs has a name in preview.
    readonly serverStatus: string;
    readonly isEnabled: boolean;
    readonly tlsCertificate: string;
}

export const READABLE = "readable";
export const VALID = "valid";
const FILLED = { serverStatus: READABLE, isEnabled: true, tlsCertificate: VALID } as const;
const MAX_EXPIRY_DAYS = 365;

export function completeServerInputs(news: RawInputs): PortalServerInputs {
    const given = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== undefined && value !== null));
    const completed: Record<string, unknown> = { tlsExpiryDays: 30, required: false, ...FILLED, ...given };
    const { applicationId, tlsThumbprint } = completed;
    if (typeof applicationId === "string") completed["applicationId"] = applicationId.toLowerCase();
    if (typeof tlsThumbprint === "string" && !isUnknown(tlsThumbprint)) {
        // As Windows shows it: with blanks or colons, and copied from there with an invisible mark in front.
        completed["tlsThumbprint"] = tlsThumbprint.replace(/[\s:\u200e\u200f]/g, "").toUpperCase();
    }
    return completed as unknown as PortalServerInputs;
}

/** All failures at once. `inputs` are completed; unknown values pass, and those that `ignoreChanges` handed back. */
export function examineServerInputs(inputs: PortalServerInputs, olds: RawInputs): InputFailure[] {
    return Object.entries(RULES).flatMap(([property, rule]) => {
        const value = (inputs as unknown as RawInputs)[property];
        if (isUnknown(value) || (value !== undefined && value === olds[property])) return [];
        return rule(value).map((reason) => ({ property, reason }));
    });
}

type Rule = (value: unknown) => string[];

const RULES: Readonly<Record<keyof PortalServerInputs, Rule>> = {
    portalUrl: (value) =>
        typeof value === "string"
            ? examineUrl(value).refusals
            : [`must be given, such as https://portal.abc.com:4443; got ${shown(value)}`],
    serverUrl: (value) =>
        value === undefined || isOrigin(value)
            ? []
            : [`must be https://<host>:<port> of VB365's REST API, got ${shown(value)}`],
    applicationId: (value) =>
        isGuid(value) ? [] : [`must be a GUID such as 58a0f8e1-97bd-4804-ba69-bf1ed293e017, got ${shown(value)}`],
    authority: (value) =>
        value === undefined || isHttps(value)
            ? []
            : [`must be a URL such as https://login.microsoftonline.com/organizations, got ${shown(value)}`],
    tlsThumbprint: (value) =>
        value === undefined || (typeof value === "string" && /^([0-9A-F]{40}|[0-9A-F]{64})$/.test(value))
            ? []
            : [`must be a SHA-1 or SHA-256 thumbprint (40 or 64 hexadecimal digits), got ${shown(value)}`],
    tlsExpiryDays: (value) =>
        Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_EXPIRY_DAYS
            ? []
            : [`must be a whole number of days between 0 and ${MAX_EXPIRY_DAYS}, got ${shown(value)}`],
    required: (value) => (typeof value === "boolean" ? [] : [`must be a boolean, got ${shown(value)}`]),
    serverStatus: filled(FILLED.serverStatus),
    isEnabled: filled(FILLED.isEnabled),
    tlsCertificate: filled(FILLED.tlsCertificate),
};

function filled(text: unknown): Rule {
    return (value) =>
        value === text ? [] : [`is filled in by the provider and must be left out or be ${shown(text)}`];
}

function shown(value: unknown): string {
    return value === undefined ? "none" : JSON.stringify(value);
}

function isHttps(value: unknown): value is string {
    return typeof value === "string" && /^https:\/\//i.test(value) && URL.canParse(value);
}

function isOrigin(value: unknown): boolean {
    return isHttps(value) && /^https:\/\/[^/?#@]+\/?$/i.test(value);
}
