// Checks the limits of waits that environment variables set, and the refusal of values that cannot be right.
import { openSession } from "../../provider/entra/session";
import { assertSettings, checksCustomers, signInTimeoutMs, waitTimeoutMs } from "../../provider/settings";

const NAMES = { RESTORE_PORTAL_WAIT_SECONDS: waitTimeoutMs, RESTORE_PORTAL_SIGN_IN_SECONDS: signInTimeoutMs };
const before = { ...process.env };
afterEach(() => void (process.env = { ...before }));

test.each(Object.entries(NAMES))("%s is never longer than a timer can wait", (name, timeoutMs) => {
    process.env[name] = "99999999";
    expect(timeoutMs()).toBe(2_147_483_000);
    process.env[name] = "90";
    expect(timeoutMs()).toBe(90_000);
});

test.each([
    [
        "RESTORE_PORTAL_WAIT_SECONDS",
        "5m",
        /_WAIT_SECONDS must be a number of seconds above 0, got "5m"; .* default of 300$/,
    ],
    ["RESTORE_PORTAL_WAIT_SECONDS", "-1", /_WAIT_SECONDS must be a number of seconds above 0, got "-1"/],
    ["RESTORE_PORTAL_SIGN_IN_SECONDS", "0", /_SIGN_IN_SECONDS must be a number of seconds above 0, got "0"; .* of 60$/],
    ["RESTORE_PORTAL_SIGN_IN_SECONDS", "NaN", /_SIGN_IN_SECONDS must be a number/],
    ["RESTORE_PORTAL_CHECK_CUSTOMERS", "no", /_CHECK_CUSTOMERS must be true or false, got "no"; .* default of true$/],
])("%s=%s is refused, with the rule and the default", async (name, value, message) => {
    process.env[name] = value;
    expect(assertSettings).toThrow(message);
    await expect(openSession({ region: "Worldwide", acrossTenants: true })).rejects.toThrow(message);
});

test("values that are empty or have spaces around them are read", () => {
    process.env["RESTORE_PORTAL_WAIT_SECONDS"] = " 90 ";
    process.env["RESTORE_PORTAL_SIGN_IN_SECONDS"] = "";
    process.env["RESTORE_PORTAL_CHECK_CUSTOMERS"] = " FALSE ";
    expect([waitTimeoutMs(), signInTimeoutMs(), checksCustomers()]).toEqual([90_000, 60_000, false]);
});
