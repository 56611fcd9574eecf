// Reads and formats the tags on applications and service principals: `<prefix>:<holder>:<code>,<code>...`. Pure.
// ownershipCodes.ts defines the codes.
import { cut } from "../plainText";

/**
 * Entra copies an application's tags to its service principal. So the tags that we write on a service principal have
 * other prefixes than these copies.
 */
export type TagPrefix = "restore-portal" | "restore-portal-consent" | "portal-consent";

/** Prefix of the tags of a RestorePortalApp on its application. */
export const PORTAL_TAG: TagPrefix = "restore-portal";
/** Prefix of the tags of a RestorePortalApp on the service principal in the tenant of its application. */
export const PORTAL_CONSENT_TAG: TagPrefix = "restore-portal-consent";
/** Prefix of the tags of a PortalTenantConsent on the service principal in a customer's tenant. */
export const CUSTOMER_CONSENT_TAG: TagPrefix = "portal-consent";

export interface HolderTag {
    readonly prefix: TagPrefix;
    /** 16 hexadecimal digits that identify one resource. */
    readonly holder: string;
    readonly codes: readonly string[];
}

/** Graph allows 1 to 256 characters in a tag, and no white space. */
const MAX_TAG_LENGTH = 256;
const HOLDER_TAG = /^(restore-portal|restore-portal-consent|portal-consent):([0-9a-f]{16}):([\w~.,-]*)$/;
/** The form is `restore-portal-stack:<holder>:<identity>`. Release 0.1.0 wrote the tag without the holder. */
const READABLE_TAG = /^(?:restore-portal|portal-consent)-stack:(?:([0-9a-f]{16}):)?([^/]*\/[^/]*\/.*)$/;

export function parseTag(tag: string): HolderTag | undefined {
    const [, prefix, holder = "", codes = ""] = HOLDER_TAG.exec(tag) ?? [];
    if (prefix === undefined) return undefined;
    return { prefix: prefix as TagPrefix, holder, codes: codes.split(",").filter((code) => code !== "") };
}

/**
 * Returns whether a tag has exactly the form of this provider's tags. A tag that only begins in the same way belongs to
 * somebody else.
 */
export function isProviderTag(tag: string): boolean {
    return HOLDER_TAG.test(tag) || READABLE_TAG.test(tag);
}

/** Returns the tags of one holder with these codes: one tag, or several if the codes do not fit into 256 characters. */
export function formatTags(prefix: TagPrefix, holder: string, codes: readonly string[]): string[] {
    const start = `${prefix}:${holder}:`;
    const tags = [start];
    for (const code of [...new Set(codes)].sort()) {
        const last = tags.at(-1) ?? "";
        const longer = last === start ? last + code : `${last},${code}`;
        if (longer.length <= MAX_TAG_LENGTH) tags[tags.length - 1] = longer;
        else tags.push(start + code);
    }
    return tags;
}

/** Returns the readable tag: it contains the name of a holder's resource, for people and for messages. */
export function readableTag(holder: string, identity: string): string {
    return cut(`restore-portal-stack:${holder}:${identity.replace(/\s/g, "_")}`, MAX_TAG_LENGTH);
}

/** Returns the identity of a holder, if its readable tag exists. */
export function identityOfHolder(tags: readonly string[], holder: string): string | undefined {
    const readable = tags.map((tag) => READABLE_TAG.exec(tag)).find((match) => match?.[1] === holder);
    return readable?.[2];
}

/** Returns the tags of a holder without the readable one. */
export function tagsOf(tags: readonly string[], holder: string): string[] {
    return tags.filter((tag) => parseTag(tag)?.holder === holder);
}

/** Returns all tags of a holder, including the readable one. */
export function allTagsOf(tags: readonly string[], holder: string): string[] {
    return tags.filter((tag) => parseTag(tag)?.holder === holder || READABLE_TAG.exec(tag)?.[1] === holder);
}

/**
 * Returns the tags of a resource whose identity is known. They include the readable tag of release 0.1.0, which does
 * not name the holder.
 */
export function everyTagOf(tags: readonly string[], holder: string, identity: string): string[] {
    const readable = readableTag(holder, identity).replace(`${holder}:`, "");
    return tags.filter((tag) => allTagsOf([tag], holder).length > 0 || tag === readable);
}

export function codesOf(tags: readonly string[], holder: string): string[] {
    return tagsOf(tags, holder).flatMap((tag) => parseTag(tag)?.codes ?? []);
}

/** Returns every other holder, in this or another stack. */
export function othersOf(tags: readonly string[], holder: string): string[] {
    const holders = tags.flatMap((tag) => parseTag(tag)?.holder ?? []);
    return [...new Set(holders)].filter((one) => one !== holder).sort();
}

/** Returns the tags that may be sent to a service principal: without Entra's copies of our tags on the application. */
export function withoutCopiedTags(tags: readonly string[]): string[] {
    return tags.filter((tag) => !READABLE_TAG.test(tag) && parseTag(tag)?.prefix !== PORTAL_TAG);
}
