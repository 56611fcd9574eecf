// Plants a fault in each rule by which the script for the Personal store compares subjects. The subjects in
// `WRITTEN` must detect each fault.
import { describeInPowerShell } from "../../support/powershell/powershell";
import { WRITTEN } from "../../support/store/subjects";
import { WindowsStore } from "../../support/store/windowsStore";

jest.setTimeout(180_000);

describeInPowerShell("faults planted in the script for the Personal store", () => {
    let store: WindowsStore;
    beforeAll(() => (store = new WindowsStore()));
    afterAll(() => store.remove());

    const planted: [name: string, text: string, instead: string][] = [
        ["a property that the request does not have", "$ask.PSObject.Properties['thumbprint']", "$ask.thumbprint"],
        ["a wrong property", "$certificate.Subject |", "$certificate.SubjectName |"],
        ["a wrong comparison", "$named.Count -eq 1", "$named.Count -ne 1"],
        ["a comparison of case", "-join [char]10) -eq $whole", "-join [char]10) -ceq $whole"],
        [
            "an order that counts",
            "$named = @(Get-Attributes $Subject | Sort-Object)",
            "$named = @(Get-Attributes $Subject)",
        ],
        ["a common name that counts beside the whole subject", "if ($same.Count -gt 0) {", "if ($false) {"],
        ["names that only Windows knows", "$aliases.ContainsKey($name)", "$false"],
        ["lines that are not separated", "-replace '\\s*[\\r\\n]+\\s*', ','", ""],
        ["an invisible mark", "-replace '\\p{Cf}', ''", ""],
    ];
    test.each(planted)("%s is found", (_name, text, instead) => {
        const requests = WRITTEN.map(([subject]) => ({ subject }));
        const answers = store.answers(requests, (script) => {
            expect(script).toContain(text);
            return script.replace(text, () => instead);
        });
        const meanings = answers.map((answer) => store.meaningOf(answer));
        expect(meanings).not.toEqual(WRITTEN.map(([, meaning]) => meaning));
    });
});
