import { grantId } from "../../emulator/grants";

test("the id of a grant is the one that Microsoft publishes for the same objects", () => {
    const ids = {
        clientId: "b25985a8-9d2b-4fde-9fa7-6c4e43a8ddec",
        resourceId: "a3efc889-f1b7-4532-9e01-91e32d1039f4",
    };
    const grant = { ...ids, consentType: "AllPrincipals", principalId: null, scope: "" };
    expect(grantId(grant)).toBe("qIVZsiud3k-fp2xOQ6jd7InI76O38TJFngGR4y0QOfQ");
});
