// Runs Set-RestorePortal.ps1 on a terminal. Also plants faults in the script, one at a time, and checks that the
// script's test cases detect each of them.
import { HANDOVER_CASES, HandoverRuns } from "../support/powershell/handover";
import { describeInPowerShell } from "../support/powershell/powershell";

jest.setTimeout(180_000);

describeInPowerShell("the hand-over script on a terminal and with planted faults", () => {
    let runs: HandoverRuns;
    beforeAll(async () => (runs = await HandoverRuns.make()));
    afterAll(() => runs.remove());

    test("a person types the password at the prompt", async () => {
        const one = { name: "by hand", folder: "[1] it's", values: { portalUrl: "https://portal.abc.com:443" } };
        expect(runs.faultOf(one, await runs.runByHand(one))).toBe("");
    });

    const planted: [name: string, text: string, instead: string][] = [
        ["a wrong comparison", '"$($actual.Region)" -ne $Region', '"$($actual.Region)" -eq $Region'],
        ["a wrong property", "$actual.IsServiceEnabled", "$actual.IsEnabled"],
        ["an address compared as text", "(Get-Origin $actual.PortalUri)", "$actual.PortalUri"],
        ["an application that is not compared", '"$($actual.ApplicationId)" -ne $ApplicationId', "$false"],
        ["a certificate that is not compared", "$actual.CertificateThumbprint -ne $Thumbprint", "$false"],
        ["a file that is not compared before the change", "$fileThumbprint -ne $Thumbprint", "$false"],
        ["a setting that is left out", "    Region = $Region\n", ""],
        ["a service that is not enabled", " -EnableService ", " "],
        ["a path with wildcards", "Remove-Item -LiteralPath", "Remove-Item -Path"],
        ["a path with wildcards, before", "Resolve-Path -LiteralPath", "Resolve-Path -Path"],
        [
            "a PFX that is deleted too early",
            "$actual = Get-VBO",
            "Remove-Item -LiteralPath $CertificateFilePath\n$actual = Get-VBO",
        ],
    ];
    test.each(planted)("%s is found", (_name, text, instead) => {
        const changed = runs.run(HANDOVER_CASES, (script) => {
            expect(script).toContain(text);
            return script.replace(text, () => instead);
        });
        const faults = HANDOVER_CASES.map((one, at) => runs.faultOf(one, changed[at]!)).filter(Boolean);
        expect(faults).not.toEqual([]);
    });
});
