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

test("a secret hides the values of its own property, of parents and of its parts, but not of its siblings", () => {
    const reasonOf = (property: string, secret: string) =>
        printable({ property, reason: '"portal.pfx": the file does not exist' }, { source: {} }, [secret]).reason;
    expect({
        sibling: reasonOf("source.pfx.file", "source.pfx.password"),
        own: reasonOf("source.pfx.file", "source.pfx.file"),
        part: reasonOf("source.pfx.file", "source"),
        parent: reasonOf("source.pfx", "source.pfx.password"),
        longerName: reasonOf("source.pfx.files", "source.pfx.file"),
        otherEntry: reasonOf("owners[1]", "owners[0]"),
        ownEntry: reasonOf("owners[0]", "owners[0]"),
    }).toEqual({
        sibling: 'source.pfx.file: "portal.pfx": the file does not exist',
        own: 'source.pfx.file: "[secret]": the file does not exist',
        part: 'source.pfx.file: "[secret]": the file does not exist',
        parent: 'source.pfx: "[secret]": the file does not exist',
        longerName: 'source.pfx.files: "portal.pfx": the file does not exist',
        otherEntry: 'owners[1]: "portal.pfx": the file does not exist',
        ownEntry: 'owners[0]: "[secret]": the file does not exist',
    });
});
