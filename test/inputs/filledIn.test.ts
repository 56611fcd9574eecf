// Checks the reason for an input that the provider fills in.
import { filledIn } from "../../provider/inputs/inputRules";
import { UNKNOWN } from "../../provider/inputs/rawInputs";

test.each([
    ["current", 'is filled in by the provider; leave it out, or set it to "current"'],
    [["User.Read"], 'is filled in by the provider; leave it out, or set it to ["User.Read"]'],
    // A value that is not known yet has no text that a program could give.
    [UNKNOWN, "is filled in by the provider; leave it out"],
])("the reason for an input that must be %j", (value, reason) => {
    expect(filledIn(value)).toBe(reason);
});
