// Somebody else writes between our read and our write. The repaired body must contain our change and all entries of
// others.
import fc from "fast-check";

import { hasMoved, rebase } from "../../provider/sync/rebase";

type Fields = Readonly<Record<string, unknown>>;

interface Row {
    readonly what: string;
    /**
     * `base`: the object that we read. `sent`: the body that we made from it. `before`: the object immediately before
     * the write.
     */
    readonly base: Fields;
    readonly sent: Fields;
    readonly before: Fields;
    /** The expected result: the body to write. `undefined`: the sent body is right. */
    readonly written: Fields | undefined;
}

const OURS = "https://portal.abc.com:4443";
const THEIRS = "https://other.contoso.com/signin";
const spa = (...redirectUris: string[]) => ({ spa: { redirectUris } });
const access = (...ids: string[]) => ids.map((id) => ({ id, type: "Scope" }));
const graph = (...ids: string[]) => ({ resourceAppId: "graph", resourceAccess: access(...ids) });
const key = (keyId: string, more: object = {}) => ({ keyId, type: "AsymmetricX509Cert", ...more });
const NEW_KEY = { type: "AsymmetricX509Cert", usage: "Verify", key: "MII..." };
const scope = (id: string, more: object = {}) => ({ id, value: `scope of ${id}`, isEnabled: true, ...more });

const ROWS: readonly Row[] = [
    {
        what: "no other write",
        base: spa("a"),
        sent: spa("a", OURS),
        before: spa("a"),
        written: undefined,
    },
    {
        what: "a list has another order",
        base: spa("a", "b"),
        sent: spa("a", "b", OURS),
        before: spa("b", "a"),
        written: undefined,
    },
    {
        what: "an entry that somebody added stays, after ours",
        base: spa("a"),
        sent: spa("a", OURS),
        before: spa("a", THEIRS),
        written: spa("a", OURS, THEIRS),
    },
    {
        what: "an entry that we remove is gone, and entries of others stay",
        base: spa("a", OURS),
        sent: spa("a"),
        before: spa("a", OURS, THEIRS),
        written: spa("a", THEIRS),
    },
    {
        what: "an entry that is missing right before the write is still sent, because the replica may lag",
        base: spa("a", "b"),
        sent: spa("a", "b", OURS),
        before: spa("a"),
        written: undefined,
    },
    {
        what: "somebody added the same entry",
        base: spa("a"),
        sent: spa("a", OURS),
        before: spa("a", OURS),
        written: undefined,
    },
    {
        what: "a field that we do not send is not written",
        base: { ...spa("a"), tags: [] },
        sent: spa("a", OURS),
        before: { ...spa("a"), tags: ["team:a"] },
        written: undefined,
    },
    {
        what: "a single value gets our text, whatever somebody else wrote",
        base: { displayName: "Old" },
        sent: { displayName: "Restore Portal" },
        before: { displayName: "Theirs" },
        written: undefined,
    },
    {
        what: "a list that did not exist at our read",
        base: {},
        sent: spa(OURS),
        before: spa(THEIRS),
        written: undefined,
    },
    {
        what: "our tag with another text is the same tag",
        base: { tags: ["restore-portal:0123456789abcdef:i"] },
        sent: { tags: ["restore-portal:0123456789abcdef:i,s"] },
        before: { tags: ["restore-portal:0123456789abcdef:i", "team:a"] },
        written: { tags: ["restore-portal:0123456789abcdef:i,s", "team:a"] },
    },
    {
        what: "if another process of ours changed our tag, the tag is written once, as we send it",
        base: { tags: ["restore-portal:0123456789abcdef:i"] },
        sent: { tags: ["restore-portal:0123456789abcdef:i,s"] },
        before: { tags: ["restore-portal:0123456789abcdef:i,p"] },
        written: undefined,
    },
    {
        what: "the tag of another stack stays as it is",
        base: { tags: [] },
        sent: { tags: ["restore-portal:0123456789abcdef:i"] },
        before: { tags: ["restore-portal:fedcba9876543210:i"] },
        written: { tags: ["restore-portal:0123456789abcdef:i", "restore-portal:fedcba9876543210:i"] },
    },
    {
        what: "a certificate that somebody added stays beside our new one",
        base: { keyCredentials: [key("k1")] },
        sent: { keyCredentials: [key("k1"), NEW_KEY] },
        before: { keyCredentials: [key("k1"), key("k2")] },
        written: { keyCredentials: [key("k1"), NEW_KEY, key("k2")] },
    },
    {
        what: "a certificate whose read has only its bytes is sent as it was observed",
        base: { keyCredentials: [key("k1", { key: null })] },
        sent: { keyCredentials: [key("k1", { key: null }), NEW_KEY] },
        before: { keyCredentials: [key("k1", { key: "MII..." })] },
        written: undefined,
    },
    {
        what: "a certificate that somebody renamed keeps its new name",
        base: { keyCredentials: [key("k1", { displayName: "a" })] },
        sent: { keyCredentials: [key("k1", { displayName: "a" }), NEW_KEY] },
        before: { keyCredentials: [key("k1", { displayName: "b" })] },
        written: { keyCredentials: [key("k1", { displayName: "b" }), NEW_KEY] },
    },
    {
        what: "a permission that somebody added to the same resource stays",
        base: { requiredResourceAccess: [graph("User.Read")] },
        sent: { requiredResourceAccess: [graph("User.Read", "ours")] },
        before: { requiredResourceAccess: [graph("User.Read", "Mail.Read")] },
        written: { requiredResourceAccess: [graph("User.Read", "ours", "Mail.Read")] },
    },
    {
        what: "a delegated and an application permission with the same id stay separate",
        base: { requiredResourceAccess: [graph()] },
        sent: { requiredResourceAccess: [graph("a")] },
        before: { requiredResourceAccess: [{ resourceAppId: "graph", resourceAccess: [{ id: "a", type: "Role" }] }] },
        written: {
            requiredResourceAccess: [
                { resourceAppId: "graph", resourceAccess: [...access("a"), { id: "a", type: "Role" }] },
            ],
        },
    },
    {
        what: "a scope that its owner changed is written as it is now",
        base: { api: { oauth2PermissionScopes: [scope("theirs")] } },
        sent: { api: { oauth2PermissionScopes: [scope("theirs"), scope("ours")] } },
        before: { api: { oauth2PermissionScopes: [scope("theirs", { isEnabled: false })] } },
        written: { api: { oauth2PermissionScopes: [scope("theirs", { isEnabled: false }), scope("ours")] } },
    },
    {
        what: "a scope that we change keeps the changes of others",
        base: { api: { oauth2PermissionScopes: [scope("ours", { isEnabled: false })] } },
        sent: { api: { oauth2PermissionScopes: [scope("ours")] } },
        before: { api: { oauth2PermissionScopes: [scope("ours", { isEnabled: false, value: "other" })] } },
        written: { api: { oauth2PermissionScopes: [scope("ours", { value: "other" })] } },
    },
    {
        what: "a scope that somebody added to a grant stays",
        base: { scope: "User.Read" },
        sent: { scope: "User.Read access_as_user" },
        before: { scope: "User.Read Files.Read" },
        written: { scope: "User.Read access_as_user Files.Read" },
    },
    {
        what: "a scope that we remove from a grant is gone, and scopes of others stay",
        base: { scope: " User.Read access_as_user" },
        sent: { scope: "User.Read" },
        before: { scope: "access_as_user  User.Read Files.Read" },
        written: { scope: "User.Read Files.Read" },
    },
];

describe("rebase", () => {
    test.each(ROWS)("$what", ({ base, sent, before, written }) => {
        expect(rebase(base, sent, before)).toEqual(written);
    });

    test.each(ROWS)("changes nothing without a second writer: $what", ({ base, sent }) => {
        expect(rebase(base, sent, base)).toBeUndefined();
    });

    test("in any list, our entries and those of others are written once, and removed entries are not written", () => {
        const list = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));
        fc.assert(
            fc.property(list, list, list, (base, sent, before) => {
                const { tags } = (rebase({ tags: base }, { tags: sent }, { tags: before }) ?? { tags: sent }) as {
                    tags: string[];
                };
                const theirs = before.filter((entry) => !base.includes(entry));
                expect([...tags].sort()).toEqual([...new Set([...sent, ...theirs])].sort());
            }),
        );
    });
});

describe("hasMoved", () => {
    const rows: readonly (readonly [what: string, base: Fields, before: Fields, moved: boolean])[] = [
        ["the same list", spa("a"), spa("a"), false],
        ["the same list in another order", spa("a", "b"), spa("b", "a"), false],
        ["one more entry", spa("a"), spa("a", THEIRS), true],
        ["one entry less", spa("a", "b"), spa("a"), true],
        ["another entry", spa("a"), spa("b"), true],
        ["a list that is not sent", { ...spa("a"), tags: [] }, { ...spa("a"), tags: ["team:a"] }, false],
        [
            "an entry that was edited",
            { spa: { redirectUris: [scope("a")] } },
            { spa: { redirectUris: [scope("a", { isEnabled: false })] } },
            true,
        ],
    ];
    test.each(rows)("%s", (_what, base, before, moved) => {
        expect(hasMoved(base, spa("a", OURS), before)).toBe(moved);
    });

    test("one more scope in a grant", () => {
        const sent = { scope: "User.Read access_as_user" };
        expect(hasMoved({ scope: "User.Read" }, sent, { scope: "User.Read Files.Read" })).toBe(true);
        expect(hasMoved({ scope: "User.Read" }, sent, { scope: "User.Read" })).toBe(false);
    });
});
