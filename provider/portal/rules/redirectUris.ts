// Plans the redirect URIs of a portal: which to add, which to remove, and which to move back to the platform
// Single-page application. Pure.
import type { Owned } from "../../sync/owned";
import { isSameRedirectUri, redirectUriOf } from "../../inputs/portalUrl";
import { isNeededByOthers } from "../../sync/ownership";
import { isLeftAlone, type RestorePortalAppInputs } from "./inputs";
import { isRegistered, UNCHANGED, type Field, type Managed, type Observation } from "./live";

/**
 * Returns the redirect URIs of a program, `portalUrl` first. If `portalUrl` is in `ignoreChanges`, it may be a live
 * text such as "not registered", which is left out.
 */
export function desiredRedirectUris(inputs: RestorePortalAppInputs): string[] {
    if (isLeftAlone(inputs, "portalUrl")) return [];
    const urls = [inputs.portalUrl, ...inputs.additionalPortalUrls].filter((url) => url.startsWith("https://"));
    return [...new Set(urls.map(redirectUriOf))];
}

const PREFIX = "redirectUris/";

/** Returns the redirect URIs that this resource added to the platform "Single-page application". */
export function ownRedirectUris({ owned }: Pick<Managed, "owned">): string[] {
    return owned
        .map(({ item }) => item)
        .flatMap((item) => (item.startsWith(PREFIX) ? [item.slice(PREFIX.length)] : []));
}

export function planRedirectUris(inputs: RestorePortalAppInputs, { live, managed, before }: Observation): Field {
    if (isLeftAlone(inputs, "portalUrl")) return UNCHANGED;
    const { spa, web, publicClient } = live.application;
    const [desired, own] = [desiredRedirectUris(inputs), ownRedirectUris(managed)];
    const missing = desired.filter((uri) => !isRegistered(uri, spa.redirectUris));
    const stale = own.filter((uri) => !isRegistered(uri, desired));
    // An address that was registered before the adoption belongs to the owner, even if this resource has repaired it.
    // Release does not undo repairs.
    const known = before ? desiredRedirectUris(before) : [];
    const isRepair = (uri: string) => isRegistered(uri, known) && !isRegistered(uri, own);
    const isHandedOver = (uri: string) => isNeededByOthers(ownedUri(uri), managed.holder, live);
    const going = stale.filter((uri) => !isHandedOver(uri));
    const gone = spa.redirectUris.filter((uri) => isRegistered(uri, going));
    // Entra allows a URI on one platform only. If somebody moved one of our URIs to another platform, it is moved back.
    const moved = missing.filter((uri) => isRegistered(uri, own));
    const without = (uris: readonly string[]) =>
        uris.filter((uri) => !moved.some((one) => isSameRedirectUri(one, uri)));
    const isMoved = (uris: readonly string[]) => without(uris).length < uris.length;
    const next = [...spa.redirectUris.filter((uri) => !gone.includes(uri)), ...missing];
    return {
        body: {
            ...(missing.length + gone.length > 0 ? { spa: { redirectUris: next } } : {}),
            ...(isMoved(web.redirectUris) ? { web: { redirectUris: without(web.redirectUris) } } : {}),
            ...(isMoved(publicClient.redirectUris)
                ? { publicClient: { redirectUris: without(publicClient.redirectUris) } }
                : {}),
        },
        changes: [...missing, ...gone].map((uri) => PREFIX + uri),
        gained: missing.filter((uri) => !isRepair(uri)).map(ownedUri),
        lost: stale.map((uri) => PREFIX + uri),
    };
}

export function ownedUri(uri: string): Owned {
    return { item: PREFIX + uri, how: "answered" };
}

/**
 * Returns the desired redirect URIs that others have registered on another platform. Entra would refuse to add these
 * URIs to the platform "Single-page application".
 */
export function urisOnOtherPlatforms(
    inputs: RestorePortalAppInputs,
    { live, managed }: Pick<Observation, "live" | "managed">,
): { readonly uri: string; readonly platform: string }[] {
    const { web, publicClient } = live.application;
    const platforms = [
        { platform: "Web", uris: web.redirectUris },
        { platform: "Mobile and desktop", uris: publicClient.redirectUris },
    ];
    const own = ownRedirectUris(managed);
    return desiredRedirectUris(inputs)
        .filter((uri) => !isRegistered(uri, own))
        .flatMap((uri) =>
            platforms.filter(({ uris }) => isRegistered(uri, uris)).map(({ platform }) => ({ uri, platform })),
        );
}
