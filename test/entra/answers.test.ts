// Checks that the provider reads all pages of a list, and that it refuses answers from Graph that have an unexpected
// form.
import { clock } from "../../provider/entra/clock";
import { findDeleted } from "../../provider/entra/deletedItems";
import { observe } from "../../provider/entra/directory";
import { isNotFound } from "../../provider/entra/graphErrors";
import { PortalError } from "../../provider/portalError";
import { ScriptedGraph, type Scripted } from "../support/entra/scriptedGraph";
import { APP_ID, wizardLive } from "../support/rules/observation";

const { application, servicePrincipal, grants = [], graphServicePrincipalId } = wizardLive();
let graph: ScriptedGraph;
/** Answers that replace those of a healthy Graph. The key is a part of the path. */
let other: Record<string, Scripted | ((path: string) => Scripted)>;

beforeEach(async () => {
    other = {};
    graph = await ScriptedGraph.start((path) => {
        const row = Object.entries(other).find(([part]) => path.includes(part))?.[1];
        return row === undefined ? healthy(path) : typeof row === "function" ? row(path) : row;
    });
});
afterEach(() => graph.close());

function healthy(path: string): Scripted {
    if (path === "/$batch") return {};
    if (path.includes("oauth2PermissionGrants")) return { body: { value: grants } };
    if (path.includes("/owners")) return { body: { value: [{ id: "o1" }] } };
    if (path.includes("00000003-0000")) return { body: { id: graphServicePrincipalId } };
    if (path.startsWith("/servicePrincipals")) return { body: servicePrincipal };
    return { body: application };
}

/** Answers with a list that has one entry per page. */
function pages(entries: readonly object[]): (path: string) => Scripted {
    return (path) => {
        const at = Number(/skiptoken=(\d+)/.exec(path)?.[1] ?? 0);
        const next = `${graph.url}/v1.0${path.replace(/[?&]\$skiptoken=\d+/, "")}`;
        const link = `${next}${next.includes("?") ? "&" : "?"}$skiptoken=${at + 1}`;
        const more = at + 1 < entries.length ? { "@odata.nextLink": link } : {};
        return { body: { value: entries.slice(at, at + 1), ...more } };
    };
}

const look = () => observe(graph.session(), APP_ID, { withOwners: true });
const failure = () =>
    look().then(
        () => undefined,
        (error: unknown) => error as PortalError,
    );

test("a deleted item without a readable time is refused in words", async () => {
    other["/directory/deletedItems"] = { body: { value: [{ id: "d", appId: "x", deletedDateTime: "" }] } };
    await expect(findDeleted(graph.session(), () => true)).rejects.toThrow(/deletedDateTime is .* instead of a time/);
});

describe("a list follows its pages", () => {
    test("of owners", async () => {
        other["/owners"] = pages([{ id: "o1" }, { id: "o2" }, { id: "o3" }]);
        expect((await look())?.owners).toEqual(["o1", "o2", "o3"]);
    });

    test("of grants", async () => {
        other["oauth2PermissionGrants"] = pages([...grants, ...grants, ...grants]);
        expect((await look())?.grants).toHaveLength(6);
    });

    test("of deleted items, which never leave the host of the first page", async () => {
        const item = { id: "d", appId: "x", deletedDateTime: "2026-05-01T00:00:00Z" };
        other["deletedItems"] = pages([item, { ...item, appId: APP_ID }]);
        expect(await findDeleted(graph.session(), ({ appId }) => appId === APP_ID)).toMatchObject({ appId: APP_ID });
    });

    test.each([
        ["another host", () => graph.url.replace("127.0.0.1", "localhost")],
        ["a host behind a user name", () => graph.url.replace("127.0.0.1", "127.0.0.1@localhost")],
        ["another part of the host", () => `${graph.url}/elsewhere`],
        ["no URL", () => "next"],
    ])("but not to %s", async (_name, base) => {
        const link = `${base()}/v1.0/applications(appId='${APP_ID}')/owners?$skiptoken=1`;
        other["/owners"] = { body: { value: [{ id: "o1" }], "@odata.nextLink": link } };
        expect((await failure())?.message).toMatch(/the link to the next page of the list leads away from http:/);
        expect(graph.requests.filter((line) => line.includes("skiptoken"))).toEqual([]);
    });

    test("and not in a circle", async () => {
        other["/owners"] = (path) => ({
            body: {
                value: [{ id: "o1" }],
                "@odata.nextLink": `${graph.url}/v1.0${path.split("?")[0] ?? ""}?$skiptoken=1`,
            },
        });
        expect((await failure())?.message).toMatch(/the pages of the list do not end/);
        expect(graph.requests.length).toBeLessThan(20);
    });
});

const HTML = { "content-type": "text/html" };
const FORMS: [came: string, answer: Scripted, text: RegExp][] = [
    ["an HTML page", { body: "<html>Sign in to the proxy</html>", headers: HTML }, /with an HTML page/],
    ["an empty body", {}, /with an empty body/],
    ["another content type", { body: "ok", headers: { "content-type": "text/plain" } }, /the content type text\/plain/],
    ["broken JSON", { body: '{"responses":[' }, /with a text that is not JSON/],
    ["null", { body: "null" }, /it is null instead of an object/],
    ["a list", { body: [] }, /it is a list instead of an object/],
    ["JSON of something else", { body: { hello: 1 } }, /responses is missing/],
    ["items without ids", { body: { responses: [{ status: 200 }] } }, /responses\[0\]\.id is missing/],
];

describe.each([200, 201, 302, 400, 403, 404, 410, 418, 500, 502])("status %i", (status) => {
    test.each(FORMS)("with %s is an error that names the host and what came", async (_name, answer, text) => {
        other["/$batch"] = {
            status,
            ...answer,
            ...(answer.body === undefined ? { headers: { "content-length": "0" } } : {}),
        };
        const error = await failure();
        expect(error).toBeInstanceOf(PortalError);
        expect(error).toMatchObject({ code: "ERR_GRAPH_UNAVAILABLE" });
        expect(error?.message).toContain(`reading application ${APP_ID}: 127.0.0.1:`);
        expect(error?.message).toContain(` answered ${status} with `);
        if (status < 300) expect(error?.message).toMatch(text);
        expect(isNotFound(error)).toBe(false);
    });
});

test.each([{ message: "" }, {}, { message: null }])(
    "a refusal with %j as its text ends with its request",
    async (text) => {
        other["/$batch"] = { status: 400, body: { error: { code: "Request_BadRequest", ...text } } };
        expect((await failure())?.message).toMatch(/: 400 Request_BadRequest \(POST \/v1\.0\/\$batch\)$/);
    },
);

test("status 407 is a proxy's", async () => {
    other["/$batch"] = { status: 407, body: "", headers: { "content-type": "text/plain" } };
    expect((await failure())?.message).toMatch(/127\.0\.0\.1:\d+ .*(407)/);
});

describe("one object of a batch", () => {
    test.each([
        [
            "a redirect URI that is a number",
            { ...application, spa: { redirectUris: [7] } },
            /spa\.redirectUris\[0\] is a value/,
        ],
        ["no key credentials", { ...application, keyCredentials: null }, /keyCredentials is null instead of a list/],
        [
            "an expiry date that is no time",
            { ...application, keyCredentials: [{ keyId: "k", endDateTime: "soon" }] },
            /keyCredentials\[0\]\.endDateTime is a value of type string instead of a time/,
        ],
        ["no id", { ...application, id: undefined }, /id is missing/],
        ["nothing", undefined, /an empty body/],
    ])("with %s is not used", async (_name, body, text) => {
        other[`/applications(appId='${APP_ID}')`] = (path) => (path.endsWith("')") ? { body } : healthy(path));
        expect((await failure())?.message).toMatch(text);
    });

    test("with a page of HTML and 404 is not gone", async () => {
        other[`/applications(appId='${APP_ID}')`] = (path) =>
            path.endsWith("')") ? { status: 404, body: "PGh0bWw+" } : healthy(path);
        expect(await failure()).toMatchObject({ code: "ERR_GRAPH_UNAVAILABLE" });
    });
});

describe("Retry-After", () => {
    const throttled = (value: string, status = 429): Scripted => ({
        status,
        body: { error: { code: "TooManyRequests", message: "Later." } },
        headers: { "retry-after": value },
    });
    const start = () => clock.now().getTime();

    test.each(["3600", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT"])(
        "%s: nobody waits, and the message says who asks",
        async (value) => {
            other["/$batch"] = throttled(value);
            const began = start();
            expect((await failure())?.message).toMatch(
                /127\.0\.0\.1:\d+ asks to wait \d+ s \(Retry-After\), but one operation waits at most 300 s in all/,
            );
            expect(start() - began).toBe(0);
        },
    );

    test("of an item of a batch is named too", async () => {
        other[`/applications(appId='${APP_ID}')`] = throttled("3600", 503);
        expect((await failure())?.message).toMatch(/asks to wait 3600 s/);
    });

    test.each(["0", "-5", "0.001", "1e-9", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", ""])(
        "%j: pauses of our own, and an end",
        async (value) => {
            other["/$batch"] = throttled(value);
            const began = start();
            await failure();
            expect(graph.requests.filter((line) => line.includes("$batch")).length).toBeLessThan(20);
            expect(start() - began).toBeGreaterThan(5_000);
            expect(start() - began).toBeLessThanOrEqual(300_000);
        },
    );

    test("of a page counts for the whole list", async () => {
        const next = pages(Array.from({ length: 10 }, (_, index) => ({ id: `o${index}` })));
        const refused = new Set<string>();
        other["/owners"] = (path) => {
            if (refused.has(path)) return next(path);
            refused.add(path);
            return throttled("100");
        };
        const began = start();
        expect((await failure())?.message).toMatch(/asks to wait 100 s/);
        expect(start() - began).toBeLessThanOrEqual(300_000);
    });
});
