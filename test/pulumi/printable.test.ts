// Checks what the engine prints of a refused input: the reason, and the value of the property that the failure names.
import { printable } from "../../provider/pulumi/printable";

test("a reason that quotes a long value is shortened", () => {
    const value = "a".repeat(100_000);
    const { property, reason } = printable(
        { property: "region", reason: `must be one of "A", got "${value}"` },
        { region: value },
        [],
    );
    expect([property, reason.slice(0, 30), reason.length]).toEqual(["", 'region: must be one of "A", go', 2003]);
});

test("a secret value is printed neither by the reason nor by the engine, however short it is", () => {
    const failure = { property: "restApiPort", reason: 'must be a port, got "ab"' };
    expect(printable(failure, { restApiPort: "ab" }, ["restApiPort"])).toEqual({
        property: "",
        reason: 'restApiPort: must be a port, got "[secret]"',
    });
});

test("a secret number is not printed", () => {
    const failure = { property: "restApiPort", reason: "must be a whole number between 1 and 65535, got -1.5e+21" };
    expect(printable(failure, { restApiPort: -1.5e21 }, ["restApiPort"]).reason).toBe(
        "restApiPort: must be a whole number between 1 and 65535, got [secret]",
    );
});
