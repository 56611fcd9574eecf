// Checks the bodies of requests to the controls under /_emulator/. Without the check, some wrong bodies would have no
// effect, and others would break every later answer.
import { KINDS } from "./replication";
import { GRAPH_LIMITS } from "./throttling";

type Check = (value: unknown) => boolean;

/** Describes the body of one control: a check per field, the required fields, and an example for error messages. */
interface Form {
    readonly fields: Readonly<Record<string, Check>>;
    readonly required?: readonly string[];
    readonly example: string;
}

const isText: Check = (value) => typeof value === "string" && value !== "";
const isFlag: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) => isNumber(value) && (value as number) >= 0;
const oneOf =
    (...values: readonly unknown[]): Check =>
    (value) =>
        values.includes(value);
const isListOfTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTexts: Check = (value) => isObject(value) && Object.values(value).every(isText);

function countsOf(names: readonly string[]): Form["fields"] {
    return Object.fromEntries(names.map((name) => [name, isCount]));
}

const FAULT: Readonly<Record<string, Check>> = {
    method: isText,
    path: isText,
    count: isCount,
    skip: isCount,
    level: oneOf("request", "item"),
    appId: isText,
    service: oneOf("graph", "login", "metadata"),
    status: isCount,
    code: isText,
    message: isText,
    html: isFlag,
    headers: isTexts,
    effect: oneOf("before", "after"),
    drop: isFlag,
    breakOff: isFlag,
    hangMs: isCount,
    noEffect: isFlag,
};

/** A control without an entry takes no body. */
export const CONTROL_FORMS: Readonly<Record<string, Form>> = {
    "POST faults": {
        fields: FAULT,
        example: '{"method": "PATCH", "path": "/applications", "status": 503, "count": 2}',
    },
    "PUT lag": {
        fields: countsOf(["ms", ...KINDS, "list"]),
        example: '{"ms": 5000} or {"application": 5000, "list": 8000}',
    },
    "PUT replicas": { fields: { alternate: isFlag }, required: ["alternate"], example: '{"alternate": true}' },
    "PUT limits": { fields: countsOf(Object.keys(GRAPH_LIMITS)), example: '{"writes": 100} or {"reports": 5}' },
    "PUT latency": { fields: { ms: isCount }, required: ["ms"], example: '{"ms": 200}' },
    "PUT clock": { fields: { offsetMs: isNumber }, required: ["offsetMs"], example: '{"offsetMs": 86400000}' },
    "PUT duplicateGrant": { fields: { status: oneOf(400, 409) }, required: ["status"], example: '{"status": 409}' },
    "PUT user": { fields: { userId: isText, mfa: isFlag }, example: '{"userId": "<id of a user>", "mfa": true}' },
    "PUT clientAddress": { fields: { address: isText }, required: ["address"], example: '{"address": "203.0.113.7"}' },
    "PUT auditLog": {
        fields: { licence: oneOf("P1", "Free", "refused"), delayMs: isCount, namesAssumed: isFlag },
        example: '{"licence": "P1", "delayMs": 60000}',
    },
    "POST userToken": {
        fields: { userId: isText, client: isText, scopes: isListOfTexts },
        required: ["userId", "scopes"],
        example: '{"userId": "<id of a user>", "scopes": ["User.Read"]}',
    },
    "POST trustedCertificates": {
        fields: { pem: isText },
        required: ["pem"],
        example: '{"pem": "-----BEGIN CERTIFICATE-----..."}',
    },
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns an error message for a wrong body, and `undefined` for a right one. */
export function faultOfBody(control: string, body: unknown): string | undefined {
    const form = CONTROL_FORMS[control];
    if (form === undefined)
        return body === undefined ? undefined : `${control} takes no body: send the request without one`;
    const { fields, required = [], example } = form;
    const right = `the right form is ${example}`;
    if (!isObject(body)) return `${control} needs a JSON object; ${right}`;
    const missing = required.find((name) => body[name] === undefined);
    if (missing !== undefined) return `${control} needs "${missing}"; ${right}`;
    const unknown = Object.keys(body).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined)
        return `${control} has no field "${unknown}", only ${Object.keys(fields).join(", ")}; ${right}`;
    const wrong = Object.entries(body).find(([name, value]) => fields[name]?.(value) !== true);
    return wrong && `${control}: "${wrong[0]}" must not be ${JSON.stringify(wrong[1])}; ${right}`;
}
