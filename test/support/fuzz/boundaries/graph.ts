// Fuzzes answers of Graph to a refresh, a read of a consent, a search in deleted items, a restore, a registration,
// writes, and a read of the policy for certificates. Lists have two pages.
import { randomUUID } from "node:crypto";

import { longestCertificateDays } from "../../../../provider/entra/appManagementPolicy";
import { findDeleted, restoreApplication } from "../../../../provider/entra/deletedItems";
import { observeConsent } from "../../../../provider/entra/directory";
import { graphClient } from "../../../../provider/entra/graphClient";
import { anApplication } from "../../../../provider/entra/graphShapes";
import { middlewareChain } from "../../../../provider/entra/graphMiddleware";
import { OPERATION_DEADLINE_MS } from "../../../../provider/entra/retry";
import type { Session } from "../../../../provider/entra/session";
import { readPortal } from "../../../../provider/portal/read";
import { asLive, initialManaged } from "../../../../provider/portal/rules/registration";
import { liveInputs } from "../../../../provider/portal/rules/drift";
import { outputsFrom } from "../../../../provider/portal/rules/state";
import { grantedPermissions } from "../../../../provider/sync/liveConsent";
import { patch, write } from "../../../../provider/sync/write";
import { APP_ID, observed, portalInputs, SCOPE_ID, wizardLive } from "../../rules/observation";
import { AnswerServer, mutateAnswer, type AnswerMutation, type Call, type HonestAnswer } from "../answers";
import type { Boundary } from "../boundary";

const OPERATIONS = [
    "refresh",
    "refresh",
    "refresh",
    "consent",
    "deleted",
    "restore",
    "register",
    "write",
    "policy",
] as const;

interface GraphMutation extends AnswerMutation {
    readonly operation: (typeof OPERATIONS)[number];
    /** `true`: the application is in deleted items. */
    readonly isGone: boolean;
}

const TOKEN = `eyJ0eXAiOiJKV1QifQ.${Buffer.from('{"tid":"planted"}').toString("base64url")}.c2lnbmF0dXJl`;
const live = wizardLive();
let server: AnswerServer;
let isGone = false;

export const boundary: Boundary<GraphMutation> = {
    secrets: [TOKEN, TOKEN.split(".").slice(0, 2).join(".")],
    budgetMs: OPERATION_DEADLINE_MS,
    start: async () => {
        server = await AnswerServer.start(honest, boundary.secrets);
    },
    mutate: (random) => ({
        operation: random.of(OPERATIONS),
        isGone: random.chance(0.2),
        ...mutateAnswer(random, 3),
    }),
    run: (mutation) => {
        server.next(mutation);
        ({ isGone } = mutation);
        return RUNS[mutation.operation](newSession());
    },
};

function newSession(): Session {
    const cloud = {
        region: "Worldwide",
        loginUrl: server.url,
        graphUrl: server.url,
        isCustom: true,
    } as const;
    return {
        // A run must not use values that an earlier run cached for a tenant, so each run has its own tenant id.
        tenantId: randomUUID(),
        callerObjectId: randomUUID(),
        callerAppId: randomUUID(),
        permissions: new Set(["Policy.Read.All"]),
        cloud,
        graph: graphClient(
            server.url,
            middlewareChain(() => Promise.resolve(TOKEN)),
        ),
    };
}

const inputs = portalInputs({ owners: [live.application.id] });

const RUNS: Readonly<Record<GraphMutation["operation"], (session: Session) => Promise<unknown>>> = {
    refresh: (session) => {
        const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
        const managed = initialManaged(inputs, SCOPE_ID);
        const state = outputsFrom(home, { inputs, desired: inputs, live, managed, retiring: [] });
        return readPortal(() => Promise.resolve(session), APP_ID, state);
    },
    consent: async (session) => grantedPermissions(await observeConsent(session, APP_ID, "application")),
    deleted: (session) => findDeleted(session, ({ appId }) => appId === APP_ID),
    restore: (session) => restoreApplication(session, APP_ID),
    register: async (session) => {
        const request = {
            method: "POST",
            path: "/applications",
            body: {},
            purpose: "registering application x",
            answers: anApplication,
        } as const;
        return liveInputs(inputs, observed(asLive(await session.graph.send(request))));
    },
    write: (session) => {
        const { application, servicePrincipal } = live;
        const sp = servicePrincipal ?? { id: "", tags: [] };
        return write(session, [
            patch(`/applications(appId='${APP_ID}')`, application, { tags: ["t"] }, "changing application x"),
            patch(`/servicePrincipals/${sp.id}`, sp, { tags: ["t"] }, "changing the service principal of x"),
        ]);
    },
    policy: (session) => longestCertificateDays(session),
};

/** Answers as Graph does, for the requests that this boundary sends. */
function honest({ method, path, text }: Call, url: string): HonestAnswer {
    const inner = path.replace(/^\/v1\.0/, "");
    if (inner === "/$batch" && method === "POST") {
        const { requests } = JSON.parse(text) as { requests: { id: string; method: string; url: string }[] };
        const responses = requests.map((one) => ({ id: one.id, ...honest({ ...one, path: one.url, text: "" }, url) }));
        return { status: 200, body: { responses } };
    }
    if (method === "PATCH" || method === "DELETE") return { status: 204 };
    if (inner.startsWith("/directory/deletedItems/") && inner.endsWith("/restore"))
        return { status: 200, body: { id: "x" } };
    const row = ROWS.find(([pattern]) => pattern.test(inner));
    return row ? row[1](url, inner) : NOT_FOUND;
}

const NOT_FOUND: HonestAnswer = {
    status: 404,
    body: { error: { code: "Request_ResourceNotFound", message: "Resource does not exist.", innerError: {} } },
};
const entity = (body: object): HonestAnswer => ({ status: 200, body });
const deleted = { id: live.application.id, appId: APP_ID, uniqueName: null, deletedDateTime: "2026-05-30T00:00:00Z" };

/** Returns one page of a list with two pages. */
function list(url: string, path: string, entries: readonly object[]): HonestAnswer {
    if (path.includes("$skiptoken")) return entity({ value: entries.slice(1) });
    const next = `${url}/v1.0${path}${path.includes("?") ? "&" : "?"}$skiptoken=2`;
    return entity({ value: entries.slice(0, 1), "@odata.nextLink": next });
}

const ROWS: readonly (readonly [RegExp, (url: string, path: string) => HonestAnswer])[] = [
    [/^\/policies/, () => entity({ isEnabled: true, applicationRestrictions: { keyCredentials: [LIMIT] } })],
    [/deletedItems\/microsoft/, (url, path) => list(url, path, [deleted, { ...deleted, appId: randomUUID() }])],
    [/deletedItems\//, () => (isGone ? entity(deleted) : NOT_FOUND)],
    [/oauth2PermissionGrants/, (url, path) => list(url, path, live.grants ?? [])],
    [/\/owners/, (url, path) => list(url, path, [{ id: live.application.id }, { id: randomUUID() }])],
    [/^\/servicePrincipals.*00000003-0000/, () => entity({ id: live.graphServicePrincipalId })],
    [/^\/servicePrincipals/, () => entity(live.servicePrincipal ?? {})],
    [/^\/applications/, () => (isGone ? NOT_FOUND : entity(live.application))],
];
const LIMIT = { restrictionType: "asymmetricKeyLifetime", state: "enabled", maxLifetime: "P365D" };
