// Runs Set-RestorePortal.ps1 in a real PowerShell, once for each case in support/powershell/handover.ts. A stand-in
// replaces VB365's PowerShell module.
import { handoverScript } from "../../cli/handoverScript";
import { HANDOVER_CASES, HandoverRuns, type HandoverResult } from "../support/powershell/handover";
import { describeInPowerShell, faultsIn51, ONLY_IN_7 } from "../support/powershell/powershell";

jest.setTimeout(180_000);

describeInPowerShell("the hand-over script", () => {
    let runs: HandoverRuns;
    let results: HandoverResult[];
    beforeAll(async () => {
        runs = await HandoverRuns.make();
        results = runs.run(HANDOVER_CASES);
    });
    afterAll(() => runs.remove());

    test.each(HANDOVER_CASES.map(({ name }, at) => [name, at] as const))("%s", (_name, at) => {
        expect(runs.faultOf(HANDOVER_CASES[at]!, results[at]!)).toBe("");
    });

    test("is valid in Windows PowerShell 5.1", () => {
        const values = { applicationId: "", region: "", portalUrl: "", thumbprint: "", pfxName: "" };
        expect(faultsIn51(handoverScript(values), ONLY_IN_7.script)).toEqual([[], ONLY_IN_7.faults]);
    });
});
