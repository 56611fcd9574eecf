// Makes entries of the directory audit log, with the form of real entries that people have published. Also makes the
// report rows that these entries explain.
import { randomUUID } from "node:crypto";

import type { Difference, Row } from "../../../cli/report/model";
import { answersFor, placesOf } from "../../../cli/report/who/asked";
import { whoOf } from "../../../cli/report/who/decide";
import { groupsOf, type AuditRecord, type Initiator } from "../../../cli/report/who/entry";

export const IDS = {
    appId: "11111111-1111-4111-8111-111111111111",
    application: "22222222-2222-4222-8222-222222222222",
    servicePrincipal: "33333333-3333-4333-8333-333333333333",
    graph: "44444444-4444-4444-8444-444444444444",
    deployer: "55555555-5555-4555-8555-555555555555",
} as const;

export const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

type Properties = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

export interface RecordOf {
    readonly activity: string;
    /** The time on 2026-11-26. Default: 14:03:20.3673998. */
    readonly at?: string;
    /**
     * The actor: a user, by the part of the user principal name before the @, or an application with its name and the
     * object id of its service principal. `null`: the entry names no actor. Default: the user `anna`.
     */
    readonly by?: string | { readonly name: string; readonly id?: string } | null;
    readonly client?: string;
    readonly agent?: string | null;
    readonly target?: readonly [type: string, id: string];
    /** The id of the second target. */
    readonly second?: string;
    /** Old and new values, not yet as JSON. Entra logs a directory attribute as a list, other properties as text. */
    readonly properties?: Properties;
    readonly request?: string;
    readonly result?: string;
    readonly id?: string;
}

export function record(of: RecordOf): AuditRecord {
    const correlationId = of.request ?? randomUUID();
    const [type, id] = of.target ?? (["Application", IDS.application] as const);
    const agent = of.agent === undefined ? BROWSER : of.agent;
    const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
    const properties = Object.entries(of.properties ?? {}).map(([displayName, [before, after]]) => ({
        displayName,
        oldValue: text(before),
        newValue: text(after),
    }));
    return {
        id: of.id ?? `Directory_${correlationId}_ABCDE_${Math.floor(Math.random() * 1e8)}`,
        activityDateTime: `2026-11-26T${of.at ?? "14:03:20.3673998"}Z`,
        activityDisplayName: of.activity,
        correlationId,
        result: of.result ?? "success",
        initiatedBy: initiatorOf(of.by === undefined ? "anna" : of.by, of.client ?? null),
        additionalDetails: agent === null ? [] : [{ key: "User-Agent", value: agent }],
        targetResources: [
            { id, type, modifiedProperties: properties },
            ...(of.second === undefined ? [] : [{ id: of.second, type: "ServicePrincipal", modifiedProperties: [] }]),
        ],
    };
}

function initiatorOf(by: NonNullable<RecordOf["by"]> | null, client: string | null): Initiator {
    if (by === null) return {};
    if (typeof by !== "string")
        return { user: null, app: { displayName: by.name, servicePrincipalId: by.id ?? randomUUID() } };
    return { user: { id: randomUUID(), displayName: client, userPrincipalName: `${by}@contoso.com` }, app: null };
}

/** Returns an entry about the service principal. */
export function ofServicePrincipal(of: Omit<RecordOf, "target">): AuditRecord {
    const names = { "TargetId.ServicePrincipalNames": [null, IDS.appId] } as const;
    return record({
        ...of,
        target: ["ServicePrincipal", IDS.servicePrincipal],
        properties: { ...of.properties, ...names },
    });
}

export const GRAPH_NAMES =
    "https://graph.microsoft.com/;https://graph.microsoft.com;00000003-0000-0000-c000-000000000000";

/** Returns the two entries of a change of a grant: an Add and a Remove with the same values. */
export function grantChange(before: string | null, after: string | null, of: Partial<RecordOf> = {}): AuditRecord[] {
    const request = of.request ?? randomUUID();
    const values = { before, after, of: { ...of, request } };
    return [grantEntry("Add", values), grantEntry("Remove", values)];
}

export function grantEntry(
    kind: "Add" | "Remove",
    {
        before,
        after,
        of = {},
    }: { readonly before: string | null; readonly after: string | null; readonly of?: Partial<RecordOf> },
): AuditRecord {
    return record({
        ...of,
        activity: `${kind} delegated permission grant`,
        target: of.target ?? ["ServicePrincipal", IDS.graph],
        second: of.second ?? IDS.servicePrincipal,
        properties: {
            "DelegatedPermissionGrant.Scope": [before, after],
            "DelegatedPermissionGrant.ConsentType": [null, "AllPrincipals"],
            "ServicePrincipal.ObjectID": [null, of.second ?? IDS.servicePrincipal],
            "TargetId.ServicePrincipalNames": [null, GRAPH_NAMES],
            ...of.properties,
        },
    });
}

export function address(uri: string, type = 3): object {
    const rest = { ReplyAddressIndex: null, IsReplyAddressDefault: false };
    return { AddressType: 0, Address: uri, ReplyAddressClientType: type, ...rest };
}

/** Returns the row of a portal with one difference. */
export function rowOf(difference: Partial<Difference>, more: Partial<Row> = {}): Row {
    const urn = "urn:pulumi:dev::portals::pulumi-nodejs:dynamic/restorePortal:RestorePortalApp::portal";
    return {
        urn,
        stack: "dev",
        kind: "portal",
        name: "portal",
        tenantId: "99999999-9999-4999-8999-999999999999",
        applicationId: IDS.appId,
        region: "Worldwide",
        objectId: IDS.application,
        servicePrincipalId: IDS.servicePrincipal,
        status: "drifted",
        signIn: "fails",
        words: "",
        operation: "update",
        differences: [{ ...BLANK, resource: urn, ...difference }],
        checks: [],
        links: {},
        ...more,
    };
}

const BLANK: Difference = {
    property: "",
    resource: "",
    label: "",
    declared: null,
    live: null,
    declaredText: "",
    liveText: "",
    words: "",
    up: "",
    risk: "signIn",
    cause: "drift",
    aadsts: [],
};

/**
 * Returns the report's words about the actor of a difference, or the reason why the report names nobody. `no question`:
 * the report does not search the log for this difference.
 */
export function whoFor(difference: Partial<Difference>, records: readonly AuditRecord[]): string {
    const groups = groupsOf(records);
    const [asked] = placesOf({ rows: [rowOf(difference)] }).flatMap((place) => place.asked);
    if (!asked) return "no question";
    const answers = answersFor(asked, groups);
    const who = whoOf(answers, new Set([IDS.deployer]));
    return who?.words ?? answers.map(({ answer }) => ("silence" in answer ? answer.silence : "")).join();
}

export const URL = "https://portal.abc.com:4443";
export const OTHER_URL = "https://other.contoso.com/signin";
/** A difference: the web address is not registered. */
export const REMOVED = { property: "portalUrl", declared: URL, live: "not registered" };

export function addressChange(
    before: readonly object[],
    after: readonly object[],
    of: Partial<RecordOf> = {},
): AuditRecord {
    return record({ activity: "Update application", properties: { AppAddress: [before, after] }, ...of });
}

/** Returns the entry about the removal of the web address. */
export function removal(of: Partial<RecordOf> = {}): AuditRecord {
    return addressChange([address(URL), address(OTHER_URL)], [address(OTHER_URL)], of);
}
