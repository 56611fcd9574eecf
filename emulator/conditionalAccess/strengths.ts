// Handles Graph's routes for authentication strengths. The emulator's tenants have only Entra's built-in strengths.
// https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
import type { Answer, GraphCall } from "../context";
import { badRequest, notFound } from "../graphError";
import { entityAnswer, listAnswer, type Kind } from "../odata/collection";
import { assertMayReadConditionalAccess } from "../permissions";

interface Strength {
    readonly id: string;
    readonly displayName: string;
    readonly allowedCombinations: readonly string[];
}

const PASSWORDLESS = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];

const STRENGTHS: readonly Strength[] = [
    {
        id: "00000000-0000-0000-0000-000000000002",
        displayName: "Multifactor authentication",
        allowedCombinations: [
            ...PASSWORDLESS,
            "deviceBasedPush",
            "password,microsoftAuthenticatorPush",
            "password,softwareOath",
        ],
    },
    {
        id: "00000000-0000-0000-0000-000000000003",
        displayName: "Passwordless MFA",
        allowedCombinations: [...PASSWORDLESS, "deviceBasedPush"],
    },
    {
        id: "00000000-0000-0000-0000-000000000004",
        displayName: "Phishing-resistant MFA",
        allowedCombinations: PASSWORDLESS,
    },
];

const KIND: Kind = {
    set: "policies/authenticationStrengthPolicies",
    type: "authenticationStrengthPolicy",
    filterable: { id: ["eq"], displayName: ["eq"] },
};

export function findStrength(id: string): Strength {
    const found = STRENGTHS.find((one) => one.id === id);
    if (found) return found;
    throw badRequest(`1050: The authentication strength ${id} does not exist.`, "BadRequest");
}

export function shownStrength(strength: Strength): object {
    const createdDateTime = "2021-12-01T00:00:00Z";
    const policy = { policyType: "builtIn", requirementsSatisfied: "mfa", description: strength.displayName };
    return { ...strength, ...policy, createdDateTime, modifiedDateTime: createdDateTime };
}

export function listStrengths(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    const objects = STRENGTHS.map(shownStrength);
    return listAnswer(call, KIND, { path: "/policies/authenticationStrengthPolicies", objects });
}

export function getStrength(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    const id = call.params["strength"] ?? "";
    const found = STRENGTHS.find((one) => one.id === id);
    if (!found) throw notFound(id);
    return entityAnswer(call, KIND, shownStrength(found));
}
