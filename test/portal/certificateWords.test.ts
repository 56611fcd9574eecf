// Checks the words about certificates that a deployment removes or keeps, also if Entra shows no thumbprint.
import { besideWords, removalWords } from "../../provider/portal/rules/certificateWords";

const NOW = new Date("2026-11-27T08:00:00Z");
const THUMBPRINT = "A".repeat(40);

test.each([
    [THUMBPRINT, "2027-01-03", `removes certificate ${THUMBPRINT}, valid until 2027-01-03, which VB365 may still use`],
    [THUMBPRINT, "2026-01-03", `removes certificate ${THUMBPRINT}, which expired on 2026-01-03`],
    [
        "",
        "2027-01-03",
        "removes a certificate whose thumbprint Entra does not show, valid until 2027-01-03, which VB365 may still use",
    ],
    ["", "2026-01-03", "removes a certificate whose thumbprint Entra does not show, which expired on 2026-01-03"],
])("removing thumbprint '%s' with the end %s", (thumbprint, day, words) => {
    expect(removalWords({ thumbprint, notAfter: `${day}T00:00:00Z` }, NOW)).toBe(words);
});

test("certificates that stay are listed by their expiry dates", () => {
    const kept = [
        { thumbprint: "", notAfter: "2028-01-03T00:00:00Z" },
        { thumbprint: THUMBPRINT, notAfter: "2027-01-03T00:00:00Z" },
    ];
    expect(besideWords(kept)).toBe(
        `, beside ${THUMBPRINT}, valid until 2027-01-03 and one whose thumbprint Entra does not show, valid until 2028-01-03`,
    );
});
