// Runs `recover --clear-holder`, which removes the tags that a resource of a deleted stack left on the applications and
// service principals of this stack. The holder is the id in those tags that stands for the resource.
import { plain } from "../provider/plainText";
import type { HeldObjects } from "../provider/sync/clearHolder";
import { UsageError } from "./command";
import { print } from "./print";
import type { StackResource } from "./pulumi";
import { consentsOf, portalsOf } from "./stackPortals";

const HOLDER = /^[0-9a-f]{16}$/;

/** A resource of this stack that takes over the entries that the holder added or changed. */
interface Heir {
    /** The resource name. */
    readonly name: string;
    readonly urn: string;
    /** The name in messages, such as `portal "gateway"`. */
    readonly label: string;
    readonly holder: string;
    /**
     * Returns `undefined` if the holder has no tags on the objects of this resource, or if this resource is a consent
     * in mode "verify".
     */
    find(holder: string): Promise<HeldObjects | undefined>;
}

/**
 * `key`: the name or URN from `--portal`. Without a key, the command searches every portal and consent of the stack.
 */
export async function clearHolder(
    resources: readonly StackResource[],
    holder: string,
    key: string | undefined,
): Promise<void> {
    if (!HOLDER.test(holder)) {
        throw new UsageError(
            `--clear-holder must be the 16 hexadecimal digits in a tag such as "restore-portal:<holder>:...", got "${holder}"`,
        );
    }
    await assertNotInStack(resources, holder);
    const heirs = chosen(await heirsIn(resources), key);
    const outcomes: Outcome[] = [];
    // The searches run one after another, because two resources of the stack can use the same object in Entra.
    for (const heir of heirs) outcomes.push(await search(heir, holder));
    const failure = outcomes.find((outcome) => outcome instanceof Error);
    if (failure) throw failure;
    if (outcomes.includes("cleared")) return;
    throw new Error(
        `clearing holder ${holder}: it has no tags on the objects of ${heirs.map(({ label }) => label).join(", ")}; copy the holder from the message or the tag that names it`,
    );
}

/**
 * Throws if the holder belongs to a resource of this stack, even if Pulumi has replaced the resource and still has to
 * delete it. The deletion of the resource removes its tags.
 */
async function assertNotInStack(resources: readonly StackResource[], holder: string): Promise<void> {
    const all = await heirsIn(resources.map((resource) => ({ ...resource, delete: false })));
    const own = all.find((one) => one.holder === holder);
    if (own === undefined) return;
    const living = await heirsIn(resources);
    const remedy = living.some((one) => one.holder === holder)
        ? "to remove its tags, remove that resource from the program and run pulumi up"
        : "Pulumi has replaced that resource and still has to delete it; run pulumi up, which deletes it and its tags";
    throw new Error(`clearing holder ${holder}: it belongs to ${own.label} of this stack; ${remedy}`);
}

function chosen(heirs: readonly Heir[], key: string | undefined): readonly Heir[] {
    if (heirs.length === 0)
        throw new Error(
            "the stack has no RestorePortalApp and no PortalTenantConsent; choose another stack with --stack",
        );
    const found = heirs.filter(({ name, urn }) => key === undefined || key === name || key === urn);
    if (found.length > 0) return found;
    throw new UsageError(
        `the stack has no portal or PortalTenantConsent "${key ?? ""}"; it has ${heirs.map(({ name }) => name).join(", ")}`,
    );
}

async function heirsIn(resources: readonly StackResource[]): Promise<Heir[]> {
    // Imported here and not at the top, because most other commands do not need these modules.
    const { findPortalHolder } = await import("../provider/portal/clearHolder.js");
    const { findConsentHolder } = await import("../provider/consent/clearHolder.js");
    const { openSession } = await import("../provider/entra/session.js");
    return [
        ...portalsOf(resources).map(({ name, urn, state }) => ({
            name,
            urn,
            label: `portal "${name}"`,
            holder: state.managed.holder,
            find: async (holder: string) => findPortalHolder(await openSession(state), state, holder),
        })),
        ...consentsOf(resources).map(({ name, urn, state }) => ({
            name,
            urn,
            label: `consent "${name}"`,
            holder: state.managed.holder,
            find: (holder: string) => findConsentHolder(state, holder),
        })),
    ];
}

type Outcome = "cleared" | "not there" | Error;

/**
 * Returns an error instead of throwing it. So if one tenant cannot be read or written, the command still removes the
 * holder's tags in the other tenants.
 */
async function search(heir: Heir, holder: string): Promise<Outcome> {
    try {
        const held = await heir.find(holder);
        if (held === undefined) return "not there";
        await clear(held, heir.label);
        return "cleared";
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        return new Error(`clearing holder ${holder} for ${heir.label}: ${error.message}`, { cause: error });
    }
}

async function clear(held: HeldObjects, label: string): Promise<void> {
    const { what, owned } = held;
    const name = plain(held.name);
    print(`Tags on ${what} record that ${name} uses it.`);
    const list = owned.map((item) => `\n  ${plain(item)}`).join("");
    print(owned.length === 0 ? `${name} has added or changed nothing there.` : `${name} has added or changed:${list}`);
    await held.clear();
    print(`The tags of ${name} were removed.`);
    if (owned.length === 0) return;
    const later = owned.some((item) => item.startsWith("certificates/"))
        ? " pulumi up removes a certificate only after certificateOverlapDays have passed or the certificate has expired."
        : "";
    print(
        `${label} now owns these entries. The next pulumi up that changes ${label} removes the entries that the program does not need.${later} pulumi destroy removes or restores the other entries.`,
    );
}
