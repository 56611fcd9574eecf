// Defines the Pulumi program of a walk (a random sequence of steps), and the changes that a walk can make to this
// program.
import fc from "fast-check";

import { IDENTITY } from "../support/hooks/operations";

type Json = Record<string, unknown>;

export interface Program {
    readonly displayName: string;
    readonly portalUrl: string;
    readonly additionalPortalUrls: readonly string[];
    readonly signInAudience: string;
    readonly adminConsent: boolean;
    readonly servicePrincipal: string;
    /** The index into the walk's certificates. */
    readonly certificate: number;
    /** `undefined`: a replaced certificate stays until it expires. */
    readonly certificateOverlapDays: 0 | undefined;
}

export const FIRST_PROGRAM: Program = {
    displayName: "Restore Portal",
    portalUrl: "https://portal.abc.com:4443",
    additionalPortalUrls: [],
    signInAudience: "AzureADMyOrg",
    adminConsent: true,
    servicePrincipal: "enabled",
    certificate: 0,
    certificateOverlapDays: undefined,
};

export const CERTIFICATES = 3;

/** Changes one input, or removes the resource. */
export const programChange: fc.Arbitrary<Partial<Program> | "removed"> = fc.oneof(
    { weight: 2, arbitrary: fc.constant("removed" as const) },
    {
        weight: 1,
        arbitrary: fc.constantFrom("Restore Portal", "Renamed Portal").map((displayName) => ({ displayName })),
    },
    {
        weight: 2,
        arbitrary: fc
            .constantFrom("https://portal.abc.com:4443", "https://moved.abc.com:4443", "https://again.abc.com:4443")
            .map((portalUrl) => ({ portalUrl })),
    },
    {
        weight: 2,
        arbitrary: fc
            .subarray(["https://second.abc.com:4443", "https://third.abc.com:4443"])
            .map((additionalPortalUrls) => ({ additionalPortalUrls })),
    },
    {
        weight: 1,
        arbitrary: fc.constantFrom("AzureADMyOrg", "AzureADMultipleOrgs").map((signInAudience) => ({ signInAudience })),
    },
    { weight: 1, arbitrary: fc.boolean().map((adminConsent) => ({ adminConsent })) },
    {
        weight: 1,
        arbitrary: fc.constantFrom("enabled", "assignment required").map((servicePrincipal) => ({ servicePrincipal })),
    },
    { weight: 3, arbitrary: fc.nat({ max: CERTIFICATES - 1 }).map((certificate) => ({ certificate })) },
    {
        weight: 1,
        arbitrary: fc.constantFrom(0 as const, undefined).map((certificateOverlapDays) => ({ certificateOverlapDays })),
    },
);

/** Returns the program's arguments of RestorePortalApp. `existing`: the application that it adopts. */
export function argumentsOf(program: Program, certificates: readonly Json[], existing: string | undefined): Json {
    const { displayName, certificate, certificateOverlapDays, ...rest } = program;
    return {
        identity: IDENTITY,
        ...rest,
        ...(existing === undefined ? { displayName } : { applicationId: existing, restoreDeleted: true }),
        ...(certificateOverlapDays === undefined ? {} : { certificateOverlapDays }),
        certificate: certificates[certificate],
    };
}
