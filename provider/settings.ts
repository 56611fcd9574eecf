// Reads the provider's own environment variables. entra/credentialVariables.ts reads the variables of credentials
// (`AZURE_*`, `ARM_*`).
import { PortalError } from "./portalError";

/** The limit in seconds for a wait until Entra shows or accepts a write. Default 300. */
const WAIT_SECONDS = "RESTORE_PORTAL_WAIT_SECONDS";

/** The seconds that one sign-in may take. Default 60. */
const SIGN_IN_SECONDS = "RESTORE_PORTAL_SIGN_IN_SECONDS";

/**
 * Application IDs of registered applications, separated by commas, or `all`. The provider may delete these applications
 * although others have added entries to them.
 */
export const DELETE_OTHERS = "RESTORE_PORTAL_DELETE_OTHERS";

/** `false`: a preview does not read the tenants of new and changed customers. Default `true`. */
const CHECK_CUSTOMERS = "RESTORE_PORTAL_CHECK_CUSTOMERS";

/** For tests only: the time at which this process is assumed to have started, ISO 8601. Default: the real time. */
const TEST_TIME = "RESTORE_PORTAL_TEST_TIME";

/**
 * Throws if RESTORE_PORTAL_WAIT_SECONDS, RESTORE_PORTAL_SIGN_IN_SECONDS or RESTORE_PORTAL_CHECK_CUSTOMERS has a wrong
 * value. Sessions call this before they read or write.
 */
export function assertSettings(): void {
    waitTimeoutMs();
    signInTimeoutMs();
    checksCustomers();
}

export function waitTimeoutMs(): number {
    return secondsOf(WAIT_SECONDS, 300) * 1000;
}

export function signInTimeoutMs(): number {
    return secondsOf(SIGN_IN_SECONDS, 60) * 1000;
}

export function mayDeleteOthers(appId: string): boolean {
    const named = (process.env[DELETE_OTHERS] ?? "").split(",").map((one) => one.trim().toLowerCase());
    return named.includes("all") || named.includes(appId.toLowerCase());
}

export function checksCustomers(): boolean {
    const value = process.env[CHECK_CUSTOMERS]?.trim().toLowerCase() || "true";
    if (value !== "true" && value !== "false") throw wrongSetting(CHECK_CUSTOMERS, "must be true or false", "true");
    return value === "true";
}

/** Returns the milliseconds between the real time and the time that a test sets. */
export function testTimeOffsetMs(): number {
    const text = process.env[TEST_TIME];
    if (!text) return 0;
    const offset = Date.parse(text) - Date.now();
    if (Number.isNaN(offset)) throw new Error(`${TEST_TIME} must be an ISO 8601 time, got ${JSON.stringify(text)}`);
    console.log(`warning: ${TEST_TIME} sets the provider's clock to ${text}; remove this variable outside tests`);
    return offset;
}

/** A timer of Node.js with a longer time would end at once. The value is almost 25 days. */
const MAX_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

function secondsOf(name: string, fallback: number): number {
    const seconds = Number(process.env[name]?.trim() || fallback);
    if (!(seconds > 0)) throw wrongSetting(name, "must be a number of seconds above 0", `${fallback}`);
    return Math.min(seconds, MAX_SECONDS);
}

function wrongSetting(name: string, rule: string, fallback: string): PortalError {
    return new PortalError(
        "ERR_ENVIRONMENT",
        `reading the environment: ${name} ${rule}, got ${JSON.stringify(process.env[name])}; correct it, or remove it for the default of ${fallback}`,
    );
}
