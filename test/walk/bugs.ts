// Lists bugs that somebody might add to the provider, and for each bug the failure by which a walk detects it. Short
// walks must detect the bugs in `BUGS`. Long walks must detect the bugs in `OWNERSHIP_BUGS`.
import type { PlantedBug } from "../support/hooks/compiledProvider";
import { walkLong } from "./longWalks";
import { walkWithHooks } from "./walks";

/** The walks must find a bug within this number of walks. */
const MOST_WALKS = 60;

export const BUGS: readonly [what: string, bug: PlantedBug, says: RegExp][] = [
    [
        "redirect URIs of others are overwritten",
        {
            file: "portal/rules/redirectUris.ts",
            right: "const next = [...spa.redirectUris.filter((uri) => !gone.includes(uri)), ...missing];",
            wrong: "const next = desired;",
        },
        /(lost|missing): spa/,
    ],
    [
        "certificates of others are overwritten",
        {
            file: "portal/rules/certificates.ts",
            right: "keyCredentials: [...others, newKeyCredential(certificate)] }",
            wrong: "keyCredentials: [newKeyCredential(certificate)] }",
        },
        /(lost|missing): key/,
    ],
    [
        "tags of others are overwritten",
        {
            file: "portal/rules/applicationPatch.ts",
            right: "...tagsWith(foreign, handed, PORTAL_TAG), readable",
            wrong: "readable",
        },
        /(lost|missing): tag/,
    ],
    [
        "permissions of others are overwritten",
        {
            file: "portal/rules/requiredAccess.ts",
            right: "        [...application.requiredResourceAccess],",
            wrong: "        [],",
        },
        /(lost|missing): permission|the object still differs/,
    ],
    [
        "grants of others are overwritten",
        {
            file: "sync/grants.ts",
            right: '[grant?.scope.trim() ?? "", ...permissions].filter(Boolean).join(" ")',
            wrong: 'permissions.join(" ")',
        },
        /(lost|missing): grant/,
    ],
    [
        "a release deletes a service principal to which others have added grants",
        {
            file: "sync/consentRelease.ts",
            right: " && !hasForeignGrants(live, consent)",
            wrong: "",
        },
        /(lost|missing): grant/,
    ],
    [
        "an interrupted registration is not found again",
        {
            file: "sync/identity.ts",
            right: 'return `${UNIQUE_NAME}${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;',
            wrong: "return `${UNIQUE_NAME}${String(Math.random())}-${attempt}`;",
        },
        /2 applications belong to the portal/,
    ],
    [
        "entries of an interrupted deployment are forgotten",
        {
            file: "sync/ownership.ts",
            right: "const newer = isApplicationNoted && isConsentNoted ? [] : decoded;",
            wrong: "const newer: typeof decoded = [];",
        },
        /unexpected:/,
    ],
    [
        "a replaced certificate is removed before its overlap ends",
        {
            file: "portal/rules/certificates.ts",
            right: "days === undefined ? Infinity",
            wrong: "days === undefined ? 0",
        },
        /missing: key/,
    ],
    [
        "an application in deleted items is not restored",
        {
            file: "portal/update.ts",
            right: "state.managed.created || inputs.restoreDeleted",
            wrong: "inputs.restoreDeleted",
        },
        /has no such application/,
    ],
];

/** A long walk finds each of these bugs. */
export const OWNERSHIP_BUGS: typeof BUGS = [
    [
        "A: a plan that Entra refused is remembered as done",
        {
            file: "portal/reconcile.ts",
            right: "answers[0] && !answers[0].error",
            wrong: "answers[0]",
        },
        /lost: (uri|spa|permission|scope|key)|another deployment with the same .* now manages it/,
    ],
    [
        "B: a certificate is ours whichever entry holds it",
        {
            file: "portal/rules/releasePlan.ts",
            right: "({ keyId }) => keyIds.includes(keyId)",
            wrong: "({ customKeyIdentifier: id }) => has(going, `certificates/${String(id)}`)",
        },
        /lost: key/,
    ],
    [
        "C: a clone takes up an application that differs from its program",
        {
            file: "portal/rules/takeUp.ts",
            right: "if (!isAsDeclared(inputs, live, former, now)) return undefined;",
            wrong: "",
        },
        /a clone took/,
    ],
    [
        "D: entries that a write dropped are not restored",
        {
            file: "sync/write.ts",
            right: "failure = (await putBack(session, writes, answers)) ?? failure;",
            wrong: "",
        },
        /lost: (spa|tag)/,
    ],
    [
        "E: a release overwrites a value that the owner set later",
        {
            file: "portal/rules/releasePlan.ts",
            right: 'entry?.changed?.to === (application[item] ?? "") ?',
            wrong: "entry?.changed ?",
        },
        /the release changed|does not show them: (serviceManagementReference|signInAudience)/,
    ],
    [
        "F: a preview names a difference that up never repairs",
        {
            file: "sync/liveConsent.ts",
            right: "= servicePrincipalDrift(live, desired);",
            wrong: "= servicePrincipalDrift(live, { ...desired, leavesAssignment: false });",
        },
        /a preview shows servicePrincipal/,
    ],
    [
        "G: a deployment turns off an owner's assignment requirement that the program does not name",
        {
            file: "portal/rules/live.ts",
            right: "leavesAssignment: !created && servicePrincipal === ENABLED",
            wrong: "leavesAssignment: false",
        },
        /assignment is now .*, although no program sets it/,
    ],
];

/** Runs long walks on a provider with this bug until a walk fails. */
export async function expectLongWalkFinds(bug: PlantedBug, says: RegExp): Promise<void> {
    const { failure } = await walkLong({ seeds: [14, 1, 2, 3, 4, 5], length: 300, bug });
    expect(failure).toMatch(says);
}

/** Runs walks on a provider with this bug until a walk fails. */
export async function expectWalksFind(bug: PlantedBug, says: RegExp): Promise<void> {
    const { failure } = await walkWithHooks({ seed: 1, walks: MOST_WALKS, length: 10, bug });
    expect(failure).toMatch(says);
}
