// Ten bugs that somebody might add to the provider, and the failure of a walk that meets one.
import type { PlantedBug } from "../support/hooks/compiledProvider";
import { walkWithHooks } from "./walks";

/** A bug must be found within this many walks. */
const MOST_WALKS = 60;

export const BUGS: readonly [what: string, bug: PlantedBug, says: RegExp][] = [
    [
        "redirect URIs of others are overwritten",
        {
            file: "portal/rules/applicationPatch.ts",
            right: "const spa = [...registered.filter((uri) => !gone.includes(uri)), ...missing];",
            wrong: "const spa = desired;",
        },
        /(lost|missing): spa/,
    ],
    [
        "certificates of others are overwritten",
        {
            file: "portal/rules/applicationPatch.ts",
            right: "isMissing ? [...kept, newKeyCredential(certificate)] : kept",
            wrong: "isMissing ? [newKeyCredential(certificate)] : kept",
        },
        /(lost|missing): key/,
    ],
    [
        "tags of others are overwritten",
        {
            file: "portal/rules/applicationPatch.ts",
            right: "tags: [...foreign, ...own]",
            wrong: "tags: own",
        },
        /(lost|missing): tag/,
    ],
    [
        "permissions of others are overwritten",
        {
            file: "portal/rules/applicationPatch.ts",
            right: "    }, application.requiredResourceAccess);",
            wrong: "    }, []);",
        },
        /(lost|missing): permission|it still differs/,
    ],
    [
        "consents of others are overwritten",
        {
            file: "sync/grants.ts",
            right: '[grant.scope.trim(), permission].filter(Boolean).join(" ")',
            wrong: "permission",
        },
        /(lost|missing): grant/,
    ],
    [
        "a release deletes a service principal that others have put consents on",
        {
            file: "sync/grants.ts",
            right: " && !hasForeignGrants(live)",
            wrong: "",
        },
        /(lost|missing): grant/,
    ],
    [
        "a registration that was cut off is not found again",
        {
            file: "sync/identity.ts",
            right: 'return `restore-portal-${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;',
            wrong: "return `restore-portal-${String(Math.random())}-${attempt}`;",
        },
        /2 applications of the portal/,
    ],
    [
        "what a cut-off deployment has added is forgotten",
        {
            file: "sync/ownership.ts",
            right: "...itemsFromTags(live, managed.hash)",
            wrong: "",
        },
        /not wanted:/,
    ],
    [
        "a replaced certificate is removed although its overlap is not over",
        {
            file: "portal/rules/state.ts",
            right: "days === undefined ? Infinity",
            wrong: "days === undefined ? 0",
        },
        /missing: key/,
    ],
    [
        "an application in the bin is not restored",
        {
            file: "portal/update.ts",
            right: "state.managed.created || inputs.restoreDeleted",
            wrong: "inputs.restoreDeleted",
        },
        /has no such application/,
    ],
];

/** Walks the provider with the bug in it until a walk fails. */
export async function expectWalksFind(bug: PlantedBug, says: RegExp): Promise<void> {
    const { failure } = await walkWithHooks({ seed: 1, walks: MOST_WALKS, length: 10, bug });
    expect(failure).toMatch(says);
}
