// Checks the command for the hand-over that a deployment prints after it registered a new certificate.
import { announceHandOver, notePlace } from "../../provider/portal/announce";
import { portalInputs } from "../support/rules/observation";

const certificate = { certificatePem: "", id: "certificate", thumbprint: "0123456789".repeat(4) };
let printed: jest.SpyInstance;
beforeEach(() => (printed = jest.spyOn(console, "log").mockImplementation(() => undefined)));
afterEach(() => printed.mockRestore());

test("the command names the stack and the portal as they are now, although the identity keeps its first names", () => {
    const inputs = portalInputs({ identity: "portals/dev//first" });
    notePlace(inputs.identity, "portals/production//renamed");
    announceHandOver(inputs, certificate);
    expect(printed).toHaveBeenCalledWith(
        expect.stringMatching(/ handover --stack production --out handover-01234567; .*, add --portal renamed$/),
    );
});

test("the command of a portal whose place is unknown names the portal of its identity, and no stack", () => {
    announceHandOver(portalInputs({ identity: "portals/dev//other" }), certificate);
    expect(printed).toHaveBeenCalledWith(expect.stringMatching(/ handover --out .*, add --portal other$/));
});
