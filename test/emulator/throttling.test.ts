// Checks the rules of throttling without a tenant: the cost of each request, and the time windows of the limits.
import { resourceUnits } from "../../emulator/requestLog";
import { Throttled, Throttling } from "../../emulator/throttling";

test.each([
    ["GET", "/applications", 2],
    ["GET", "/applications?$select=id", 1],
    ["GET", "/applications/11111111", 1],
    ["GET", "/applications(appId='11111111')?$select=keyCredentials", 1],
    ["GET", "/applications/11111111/owners", 1],
    ["GET", "/oauth2PermissionGrants?$filter=clientId eq '1'", 2],
    ["GET", "/servicePrincipals", 1],
    ["POST", "/applications", 1],
    ["PATCH", "/applications/11111111", 1],
    ["DELETE", "/oauth2PermissionGrants/1", 1],
])("%s %s costs %i resource units", (method, path, units) => {
    expect(resourceUnits(method, path)).toBe(units);
});

describe("a limit", () => {
    const caller = { appId: "a", tenantId: "t" };
    const other = { appId: "b", tenantId: "t" };
    let throttling: Throttling;
    beforeEach(() => {
        throttling = new Throttling();
        throttling.limits = { units: 4, writes: 2, keyReads: 1, reports: 5 };
    });

    const read = (at: number, who = caller) => throttling.take(who, "GET", "/applications", at);
    const keyRead = (at: number, who = caller) =>
        throttling.take(who, "GET", "/applications/1?$select=keyCredentials", at);
    const write = (at: number, who = caller) => throttling.take(who, "PATCH", "/applications/1", at);
    const secondsOf = (request: () => unknown) => {
        try {
            request();
        } catch (error) {
            return error instanceof Throttled ? error.retryAfterSeconds : error;
        }
        return undefined;
    };

    test("of units ends after 10 s, and the answer has the used share", () => {
        expect([read(0), read(1000)]).toEqual([0.5, 1]);
        expect(secondsOf(() => read(2000))).toBe(8);
        expect(secondsOf(() => read(10_000))).toBeUndefined();
    });

    test("of writes ends after 150 s", () => {
        write(0);
        write(0);
        expect(secondsOf(() => write(1000))).toBe(149);
        expect(secondsOf(() => write(150_000))).toBeUndefined();
    });

    test("of units and writes is separate for each application", () => {
        write(0);
        write(0);
        expect(secondsOf(() => write(0, other))).toBeUndefined();
    });

    test("of reads of keyCredentials is shared by all applications of a tenant", () => {
        keyRead(0);
        expect(secondsOf(() => keyRead(1000, other))).toBe(59);
        expect(secondsOf(() => keyRead(1000, { ...other, tenantId: "u" }))).toBeUndefined();
    });
});
