// Checks that environment variables set the limits of waits, and that no limit is longer than a timer can wait.
import { signInTimeoutMs, waitTimeoutMs } from "../../provider/settings";

const NAMES = { RESTORE_PORTAL_WAIT_SECONDS: waitTimeoutMs, RESTORE_PORTAL_SIGN_IN_SECONDS: signInTimeoutMs };
const before = { ...process.env };
afterEach(() => void (process.env = { ...before }));

test.each(Object.entries(NAMES))("%s is never longer than a timer can wait", (name, timeoutMs) => {
    process.env[name] = "99999999";
    expect(timeoutMs()).toBe(2_147_483_000);
    process.env[name] = "90";
    expect(timeoutMs()).toBe(90_000);
});
