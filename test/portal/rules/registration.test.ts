// Checks the request that registers a new portal. test/golden/registration.json contains the whole request.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { completeInputs } from "../../../provider/portal/rules/checkInputs";
import { initialManaged, planRegistration } from "../../../provider/portal/rules/registration";
import { SCOPE_ID, THUMBPRINT } from "../../support/rules/observation";

const inputs = completeInputs(
    {
        identity: "organization/portals/dev/portal",
        displayName: "Restore Portal",
        portalUrl: "https://portal.abc.com:443",
        additionalPortalUrls: ["https://restore.abc.com:4443"],
        owners: ["33333333-3333-4333-8333-333333333333"],
        certificate: {
            id: "certificate-1",
            name: "Restore Portal",
            certificatePem: "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
            thumbprint: THUMBPRINT,
            notBefore: "2026-01-01T00:00:00Z",
            notAfter: "2027-01-01T00:00:00Z",
        },
    },
    {},
);
const register = (attempt: number) =>
    planRegistration(inputs, initialManaged(inputs, SCOPE_ID), attempt, "https://graph.microsoft.com").body;

test("has exactly what a working portal needs", () => {
    const golden: unknown = JSON.parse(readFileSync(join(__dirname, "../../golden/registration.json"), "utf8"));
    expect(withoutKeyId(register(1))).toEqual(golden);
});

test("uses the next free name if deleted items hold the first one", () => {
    const names = [1, 2, 1].map((attempt) => register(attempt)["uniqueName"]);
    expect(names[0]).toBe(names[2]);
    expect(names[1]).not.toBe(names[0]);
});

/** Replaces the random half of the holder, and removes the key's id. */
function withoutKeyId(body: object): unknown {
    const text = JSON.stringify(body, (key, value: unknown) => (key === "keyId" ? undefined : value));
    return JSON.parse(text.replace(/:058e5ff5[0-9a-f]{8}:/g, ":058e5ff5<random>:"));
}
