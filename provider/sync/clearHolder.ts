// Removes the tags of one holder from an application and its service principal. One PATCH per object removes the tags
// and hands over the holder's entries.
import { applicationPath, servicePrincipalObjectPath } from "../entra/paths";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { planClearing, isHolderOf, ownedByTags, type Clearing, type Heir } from "./clearing";
import { giveBack } from "./giveBack";
import { nameOfHolder } from "./holders";
import type { Item, LiveObjects } from "./owned";
import { patch, write, type Write } from "./write";

/** The application and the service principal of an existing resource, on which another holder has tags. */
export interface HeldObjects {
    /** Names the object in messages, such as `application 58a0f8e1-...`. */
    readonly what: string;
    /** Names the holder's resource in messages. */
    readonly name: string;
    /** The entries that the holder added or changed. */
    readonly owned: readonly Item[];
    /** Removes the tags of the holder, and hands over its entries to the resource that still exists. */
    clear(): Promise<void>;
}

export interface HolderSearch<Live extends LiveObjects> {
    readonly session: Session;
    readonly appId: string;
    readonly what: string;
    readonly holder: string;
    readonly heir: Heir;
    observe(): Promise<Live | undefined>;
}

/** Returns `undefined` if the objects do not exist, or if the holder has no tags on them. */
export async function findHolder<Live extends LiveObjects>(
    search: HolderSearch<Live>,
): Promise<HeldObjects | undefined> {
    const { session, appId, what, holder } = search;
    const live = await search.observe();
    if (live === undefined || !isHolderOf(live, holder)) return undefined;
    const tags = [...(live.application?.tags ?? []), ...(live.servicePrincipal?.tags ?? [])];
    return {
        what,
        name: nameOfHolder(tags, holder),
        owned: ownedByTags(live, holder).map(({ item }) => item),
        clear: () => serially(`${session.tenantId}/${appId}`, () => clear(search, live)),
    };
}

function clear<Live extends LiveObjects>(search: HolderSearch<Live>, start: Live): Promise<void> {
    const { session, holder, heir, what } = search;
    return giveBack<Live, Clearing>({
        what: `the tags on ${what}`,
        start,
        plan: (live) => planClearing(live, holder, heir),
        observe: () => search.observe(),
        carryOut: async (plan, live) => {
            const { refusal, failure } = await write(session, clearingRequests(search, plan, live));
            if (failure) throw failure;
            return refusal;
        },
    });
}

function clearingRequests(
    { appId, what, holder }: Pick<HolderSearch<LiveObjects>, "appId" | "what" | "holder">,
    plan: Clearing,
    { application, servicePrincipal }: LiveObjects,
): Write[] {
    const request = (path: string, base: object, tags: readonly string[], object: string) =>
        patch(path, base, { tags }, `clearing holder ${holder} on ${object}`);
    return [
        ...(plan.servicePrincipal && servicePrincipal
            ? [
                  request(
                      servicePrincipalObjectPath(servicePrincipal.id),
                      servicePrincipal,
                      plan.servicePrincipal,
                      `the service principal of ${what}`,
                  ),
              ]
            : []),
        ...(plan.application && application
            ? [request(applicationPath(appId), application, plan.application, what)]
            : []),
    ];
}
