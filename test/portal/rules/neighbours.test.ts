// Checks the warning about an application that may already be the portal that a program registers.
import { UNKNOWN } from "../../../provider/inputs/rawInputs";
import { neighbourWarnings } from "../../../provider/portal/rules/neighbours";
import { portalInputs, wizardLive } from "../../support/rules/observation";

const { application } = wizardLive();
const warned = (displayName: string) =>
    neighbourWarnings(portalInputs({ applicationId: undefined, displayName }), [application]).join("\n");

test("the warning names the new application, and the application that is already there", () => {
    expect(warned("Restore Portal")).toMatch(
        /^displayName: the deployment registers a new application "Restore Portal" beside application "Restore Portal" \(/,
    );
});

test("a name that a preview does not know yet is left out", () => {
    expect(warned(UNKNOWN)).toMatch(
        /^displayName: the deployment registers a new application beside application "Restore Portal" \(.*the same web/,
    );
});
