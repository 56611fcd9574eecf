// Finds, among the applications of a tenant, those that may already be the portal that a program registers. Pure.
import type { LiveApplication } from "../../entra/live";
import { isUnknown } from "../../inputs/rawInputs";
import { listed } from "../../sentences";
import { uniqueNameOf } from "../../sync/identity";
import { identityOfHolder, parseTag } from "../../sync/tags";
import type { RestorePortalAppInputs } from "./inputs";
import { isRegistered } from "./live";
import { desiredRedirectUris } from "./redirectUris";

type Addresses = { readonly redirectUris: readonly string[] };

/** The parts of an application that show whether it may be the portal. */
export interface Neighbour extends Pick<LiveApplication, "appId" | "tags" | "uniqueName"> {
    readonly displayName?: string | null;
    readonly spa: Addresses;
    readonly web: Addresses;
    readonly publicClient: Addresses;
}

/** At most this many applications are named, because a longer list would not help the reader. */
const MOST = 3;

export function neighbourWarnings(inputs: RestorePortalAppInputs, applications: readonly Neighbour[]): string[] {
    return applications
        .map((application) => ({ application, common: commonWith(inputs, application) }))
        .filter(({ common }) => common.length > 0)
        .sort((a, b) => b.common.length - a.common.length)
        .slice(0, MOST)
        .map(({ application, common }) => warningOf(inputs, application, common));
}

function commonWith(
    inputs: RestorePortalAppInputs,
    { displayName, tags, spa, web, publicClient }: Neighbour,
): string[] {
    const uris = [spa, web, publicClient].flatMap(({ redirectUris }) => redirectUris);
    const isTagged = tags.some((tag) => identityOfHolder(tags, parseTag(tag)?.holder ?? "") === inputs.identity);
    return [
        ...(isTagged ? ["the tag of this resource"] : []),
        ...(displayName === inputs.displayName ? ["the same name"] : []),
        ...(desiredRedirectUris(inputs).some((uri) => isRegistered(uri, uris)) ? ["the same web address"] : []),
    ];
}

function warningOf(
    inputs: RestorePortalAppInputs,
    { appId, displayName, uniqueName }: Neighbour,
    common: readonly string[],
): string {
    const name = `application "${displayName ?? ""}" (${appId})`;
    const adopt = `to adopt it, give applicationId "${appId}" instead of displayName`;
    // The uniqueName depends on the certificate's id, so it is unknown while the certificate is unknown.
    const isOwn = !isUnknown(inputs.certificate) && uniqueName?.startsWith(uniqueNameOf(inputs, 1)) === true;
    if (isOwn) {
        return `displayName: ${name} was registered by an earlier deployment of this resource; if that deployment did not finish, or if the application's name, web addresses and certificate are as the program says, this deployment continues with the application and writes the resource's tag on it and on its service principal; otherwise this deployment fails; ${adopt}`;
    }
    const newName = isUnknown(inputs.displayName) ? "" : ` "${inputs.displayName ?? ""}"`;
    return `displayName: the deployment registers a new application${newName} beside ${name}, which has ${listed(common)}; ${adopt}`;
}
