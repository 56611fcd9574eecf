// Checks which rows the HTML report shows for a search, a filter and an order. No browser runs.
import type { PageData } from "../../../../cli/report/html/page/data";
import { pageData } from "../../../../cli/report/html/pageData";
import {
    DEFAULT_VIEW,
    fragmentOf,
    rowsOf,
    SHOWN,
    viewOf,
    type Show,
    type View,
} from "../../../../cli/report/html/page/view";
import { sampleReport } from "../../../support/report/sampleReport";

let data: PageData;
beforeAll(async () => {
    data = pageData(await sampleReport({ portals: 40, customers: 200 }));
});
const shown = (part: Partial<View> = {}) => rowsOf(data, { ...DEFAULT_VIEW, ...part });

test("at first the page shows every problem and nothing else, and users who cannot sign in come first", () => {
    const problems = shown();
    const names = new Set(problems.map(({ id }) => id));
    const others = data.rows.filter(({ id }) => !names.has(id));
    expect(problems.length).toBeGreaterThan(10);
    expect(
        others.every(({ status, signIn }) => ["asDeclared", "accepted"].includes(status) && signIn !== "fails"),
    ).toBe(true);
    const ownFailures = problems.map(({ signIn, status }) => signIn === "fails" && status === "drifted");
    expect(ownFailures.lastIndexOf(true)).toBe(ownFailures.filter(Boolean).length - 1);
    expect(problems[0]?.kind).toBe("portal");
});

test("the number of each tile is the number of rows that its filter shows", () => {
    const { totals } = data;
    const numbers: Partial<Record<Show, number>> = {
        cannotSignIn: totals.cannotSignIn,
        drifted: totals.drifted,
        unreadable: totals.unreadable,
        consentMissing: totals.consentMissing,
        asDeclared: totals.asDeclared,
        all: totals.rows,
    };
    for (const [show, number] of Object.entries(numbers))
        expect([show, shown({ show: show as Show }).length]).toEqual([show, number]);
});

test("the rows of a portal whose certificate ends soon are problems", () => {
    const ending = shown({ show: "ending" }).filter(({ status }) => status === "asDeclared");
    expect(ending.length).toBeGreaterThan(0);
    expect(shown()).toEqual(expect.arrayContaining(ending));
});

test.each([
    ["a name", "CUSTOMER-004", /customer-004/],
    ["an AADSTS code", "aadsts7000112", /./],
    ["a property", "portalurl", /gateway/],
    ["who changed it", "anna@contoso.com azure portal", /./],
    ["words in any order", "asia customer", /customer/],
])("the search finds %s", (_what, query, name) => {
    const found = shown({ show: "all", query });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(data.rows.length);
    expect(found.every((row) => name.test(row.name))).toBe(true);
});

test("a search for a name begins with the row of that name", () => {
    const names = shown({ show: "all", query: "gateway-004" }).map(({ name }) => name);
    expect(names[0]).toBe("gateway-004");
    expect(names.length).toBeGreaterThan(1);
});

test("the search finds a tenant", () => {
    const row = data.rows.at(-1)!;
    expect(shown({ show: "all", query: row.tenantId, kind: "customer" })).toEqual([row]);
});

test("each column sorts both ways", () => {
    const names = shown({ sort: "name" }).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(shown({ sort: "name", reversed: true }).map(({ name }) => name)).toEqual([...names].reverse());
    const times = shown({ sort: "since" }).map(({ since }) => since ?? "");
    expect(times).toEqual([...times].sort().reverse());
});

test("stack and kind narrow the rows", () => {
    const rows = shown({ show: "all", stack: "asia", kind: "portal" });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ stack, kind }) => stack === "asia" && kind === "portal")).toBe(true);
});

test("the fragment brings back the same view, whatever was typed", () => {
    const view: View = {
        ...DEFAULT_VIEW,
        show: "drifted",
        query: "a & b=c #d % ü",
        stack: "asia",
        kind: "customer",
        sort: "since",
        reversed: true,
    };
    expect(viewOf(`#${fragmentOf(view)}`, data)).toEqual(view);
    expect(fragmentOf(DEFAULT_VIEW)).toBe("");
});

test("a fragment that is not valid shows the problems", () => {
    expect(viewOf("#show=constructor&stack=none&kind=x&sort=toString&only=zzz", data)).toEqual(DEFAULT_VIEW);
});

test("a link to one row shows this row alone, open", () => {
    const { id } = data.rows.at(-1)!;
    const view = viewOf(`#only=${id}`, data);
    expect(rowsOf(data, view).map((row) => row.id)).toEqual([id]);
    expect([...view.open]).toEqual([id]);
});

test("each choice has rows in a report of this size", () => {
    for (const show of Object.keys(SHOWN) as Show[]) expect([show, shown({ show }).length > 0]).toEqual([show, true]);
});
