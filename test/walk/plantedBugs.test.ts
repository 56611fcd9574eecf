// Whether the random walks would find a mistake: each of ten, planted one at a time into a copy of the provider.
import type { PlantedBug } from "../support/compiledProvider";
import { walkWithHooks } from "./walks";

jest.setTimeout(600_000);

/** How many walks a bug may hide for. */
const MOST_WALKS = 80;

const BUGS: readonly [what: string, bug: PlantedBug, says: RegExp][] = [
    [
        "redirect URIs of others are overwritten",
        {
            file: "application/applicationPatch.ts",
            right: "const spa = [...registered.filter((uri) => !gone.includes(uri)), ...missing];",
            wrong: "const spa = desired;",
        },
        /lost: spa/,
    ],
    [
        "certificates of others are overwritten",
        {
            file: "application/applicationPatch.ts",
            right: "isMissing ? [...kept, newKeyCredential(certificate)] : kept",
            wrong: "isMissing ? [newKeyCredential(certificate)] : kept",
        },
        /lost: key|missing: key/,
    ],
    [
        "tags of others are overwritten",
        {
            file: "application/applicationPatch.ts",
            right: "tags: [...foreign, ...own]",
            wrong: "tags: own",
        },
        /lost: tag/,
    ],
    [
        "permissions of others are overwritten",
        {
            file: "application/applicationPatch.ts",
            right: "    }, application.requiredResourceAccess);",
            wrong: "    }, []);",
        },
        /lost: permission/,
    ],
    [
        "consents of others are overwritten",
        {
            file: "application/plan.ts",
            right: '[grant.scope.trim(), permission].filter(Boolean).join(" ")',
            wrong: "permission",
        },
        /lost: grant/,
    ],
    [
        "a release deletes a service principal that others have put consents on",
        {
            file: "application/release.ts",
            right: 'if (hasForeignGrants(live)) going.delete("servicePrincipal");',
            wrong: "",
        },
        /lost: grant|missing: grant/,
    ],
    [
        "a registration that was cut off is not found again",
        {
            file: "application/identity.ts",
            right: 'return `restore-portal-${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;',
            wrong: "return `restore-portal-${String(Math.random())}-${attempt}`;",
        },
        /2 applications of the portal/,
    ],
    [
        "what a cut-off deployment has added is forgotten",
        {
            file: "application/managed.ts",
            right: "itemsFromTags(live, managed.hash)])].sort() };",
            wrong: "])].sort() };",
        },
        /not wanted:/,
    ],
    [
        "a replaced certificate is removed although its overlap is not over",
        {
            file: "application/state.ts",
            right: "days === undefined ? Infinity",
            wrong: "days === undefined ? 0",
        },
        /missing: key/,
    ],
    [
        "an application in the bin is not restored",
        {
            file: "lifecycle/update.ts",
            right: "state.managed.created || inputs.restoreDeleted",
            wrong: "inputs.restoreDeleted",
        },
        /has no such application/,
    ],
];

test.each(BUGS)("%s", async (_what, bug, says) => {
    const { failure } = await walkWithHooks({ seed: 1, walks: MOST_WALKS, length: 12, bug });
    expect(failure).toMatch(says);
});
