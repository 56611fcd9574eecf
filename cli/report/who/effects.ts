// Recognizes the change in an audit log entry, and decides whether Entra still has the changed state. Pure.
import { GRAPH_APP_ID } from "../../../provider/entra/live";
import type { Entry, EntryTarget, Group, Values } from "./entry";

/** `live`: the change led to the state that Entra has now. `other`: the change led to another state. */
export interface Effect {
    readonly state: "live" | "other";
    /** The change in words, such as `removed`. */
    readonly did: string;
}

/** `undefined`: the entry does not show a change of the property or object in question. */
export type EffectOf = (entry: Entry, group: Group) => Effect | undefined;

/** The ids of the objects that a difference is about, in lower case. */
export interface Subject {
    readonly appId: string;
    readonly application: string | undefined;
    readonly servicePrincipal: string | undefined;
}

interface Verbs {
    readonly added: string;
    readonly removed: string;
}

const PLAIN: Verbs = { added: "added", removed: "removed" };

/** Recognizes that a list gained or lost one member. `isThere`: whether the live list has the member. */
export function member(
    of: Subject,
    attributes: readonly string[],
    isIt: (value: Member) => boolean,
    { isThere = false, verbs = PLAIN }: { readonly isThere?: boolean; readonly verbs?: Verbs } = {},
): EffectOf {
    return (entry) => {
        const values = valuesIn(entry, of, attributes);
        if (!values) return undefined;
        const has = (list: unknown) => listOf(list).some((one) => isMember(one) && isIt(one));
        const [before, after] = [has(values.before), has(values.after)];
        if (before === after) return undefined;
        return { state: after === isThere ? "live" : "other", did: after ? verbs.added : verbs.removed };
    };
}

/** Recognizes that a list lost a member whose text contains `part`. Used for members whose id may be unknown. */
export function lost(of: Subject, attribute: string, part: string): EffectOf {
    return (entry) => {
        const values = valuesIn(entry, of, [attribute]);
        const after = listOf(values?.after);
        const isLost = listOf(values?.before).some(
            (one) => typeof one === "string" && one.includes(part) && !after.includes(one),
        );
        return isLost ? { state: "live", did: "removed" } : undefined;
    };
}

/** Recognizes a change of a single value. `didOf`: returns the verb for the new value. */
export function scalar(
    of: Subject,
    attribute: string,
    isLive: (value: unknown) => boolean,
    didOf: (value: unknown) => string = () => "changed",
): EffectOf {
    return (entry) => {
        const values = valuesIn(entry, of, [attribute]);
        if (!values) return undefined;
        const [before, after] = [listOf(values.before)[0], listOf(values.after)[0]];
        if (before === after) return undefined;
        return { state: isLive(after) ? "live" : "other", did: didOf(after) };
    };
}

/** Recognizes that an object was deleted (`gone`) or exists again (`back`). Both parameters list activities. */
export function life(
    isIt: (target: EntryTarget) => boolean,
    gone: readonly string[],
    back: readonly string[],
): EffectOf {
    return ({ activity, targets }) => {
        if (!targets[0] || !isIt(targets[0])) return undefined;
        if (gone.includes(activity)) return { state: "live", did: "deleted" };
        return back.includes(activity) ? { state: "other", did: "restored" } : undefined;
    };
}

const RESTORED = "restore service principal";

export function servicePrincipalLife(of: Subject, back = ["add service principal", RESTORED]): EffectOf {
    return life((target) => isServicePrincipal(target, of), ["remove service principal"], back);
}

/** The id of a deleted service principal may be unknown. Its entries still name the Application ID. */
function isServicePrincipal({ id, type, values }: EntryTarget, { servicePrincipal, appId }: Subject): boolean {
    if (servicePrincipal !== undefined && id === servicePrincipal) return true;
    return type === "ServicePrincipal" && namesIn(values.get("TargetId.ServicePrincipalNames")).includes(appId);
}

const GRANT_ADDED = "add delegated permission grant";
const GRANT_REMOVED = "remove delegated permission grant";

/**
 * Recognizes that a tenant-wide grant gained or lost a scope. Every change of an existing grant makes an "Add" and a
 * "Remove" entry with the same values. So only a comparison of the old and new scopes shows the change.
 */
export function grantedScope(of: Subject, scope: string, resource: "application" | "graph"): EffectOf {
    // Entra deletes and restores grants together with their service principal. A new service principal has no grants.
    const along = servicePrincipalLife(of, [RESTORED]);
    const withPrincipal: EffectOf = (entry, group) => {
        const effect = along(entry, group);
        return effect && { ...effect, did: `${effect.did} with the service principal` };
    };
    return (entry, group) => {
        if (entry.activity !== GRANT_ADDED && entry.activity !== GRANT_REMOVED) return withPrincipal(entry, group);
        const [on, client] = entry.targets;
        if (!on || !isGrantOf(on, client, of, resource)) return undefined;
        const values = on.values.get("DelegatedPermissionGrant.Scope");
        const isWhole = entry.activity === GRANT_REMOVED && !group.entries.some((one) => one.activity === GRANT_ADDED);
        // If a whole grant was deleted, its entry may contain the scopes as old or as new value.
        const [olds, news] = [scopesIn(values?.before), scopesIn(values?.after)];
        const [before, after] = isWhole && olds.length === 0 ? [news, []] : [olds, news];
        if (before.includes(scope) === after.includes(scope)) return undefined;
        return after.includes(scope) ? { state: "other", did: "granted" } : { state: "live", did: "revoked" };
    };
}

function isGrantOf(on: EntryTarget, client: EntryTarget | undefined, of: Subject, resource: "application" | "graph") {
    const text = (name: string) => lower(on.values.get(name)?.after ?? on.values.get(name)?.before);
    const clients = [text("ServicePrincipal.ObjectID"), text("ServicePrincipal.AppId"), client?.id ?? ""];
    const isClient = clients.some((one) => one !== "" && (one === of.servicePrincipal || one === of.appId));
    const resourceNames = namesIn(on.values.get("TargetId.ServicePrincipalNames"));
    const isOwn = resourceNames.includes(of.appId) || on.id === of.servicePrincipal;
    const isResource = resource === "graph" ? resourceNames.includes(GRAPH_APP_ID) : isOwn;
    return isClient && isResource && text("DelegatedPermissionGrant.ConsentType") !== "principal";
}

/** Recognizes that the application gained or lost an owner. The first target of the entry is the owner. */
export function ownership({ application }: Subject, owner: string): EffectOf {
    return ({ activity, targets }) => {
        if (targets[0]?.id !== owner.toLowerCase() || !targets.some(({ id }) => id === application)) return undefined;
        if (activity === "remove owner from application") return { state: "live", did: "removed" };
        return activity === "add owner to application" ? { state: "other", did: "added" } : undefined;
    };
}

/** Combines rules: the first rule that recognizes an effect decides. */
export function anyOf(...effects: readonly EffectOf[]): EffectOf {
    return (entry, group) => {
        for (const effectOf of effects) {
            const effect = effectOf(entry, group);
            if (effect) return effect;
        }
        return undefined;
    };
}

function valuesIn({ targets }: Entry, of: Subject, attributes: readonly string[]): Values | undefined {
    const [first] = targets;
    if (!first || first.id === "" || (first.id !== of.application && first.id !== of.servicePrincipal))
        return undefined;
    return attributes.map((name) => first.values.get(name)).find((values) => values !== undefined);
}

type Member = Readonly<Record<string, unknown>> | string;

/** Lists in the log are parsed from texts, so they may contain any value, such as `null`. */
function isMember(value: unknown): value is Member {
    return typeof value === "string" || (typeof value === "object" && value !== null);
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}

function lower(value: unknown): string {
    return typeof value === "string" ? value.toLowerCase() : "";
}

function namesIn(values: Values | undefined): readonly string[] {
    return lower(values?.after ?? values?.before).split(";");
}

function scopesIn(value: unknown): readonly string[] {
    return typeof value === "string" ? value.split(" ").filter(Boolean) : [];
}
