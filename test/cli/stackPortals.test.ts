// Checks how the option --portal chooses one portal of a stack.
import { choosePortal, type StackPortal } from "../../cli/stackPortals";

const portal = (name: string, parent = "") =>
    ({ name, urn: `urn:pulumi:dev::portals::${parent}RestorePortalApp::${name}` }) as unknown as StackPortal;
const [plain, nested, other] = [portal("portal"), portal("portal", "component$"), portal("other")];

test("one portal is chosen by its name or its URN, and a single portal without --portal", () => {
    expect(choosePortal([plain, other], "other")).toBe(other);
    expect(choosePortal([plain, nested], nested.urn)).toBe(nested);
    expect(choosePortal([other], undefined)).toBe(other);
});

test("several portals lead to --portal, with all names, or with the URNs of the portals that share the name", () => {
    expect(() => choosePortal([plain, other], undefined)).toThrow(
        /^the stack has several portals; choose one with --portal: portal, other$/,
    );
    expect(() => choosePortal([plain, nested, other], "portal")).toThrow(
        `the stack has several portals with the name "portal"; choose one with --portal: ${plain.urn}, ${nested.urn}`,
    );
});
