// Answers OpenID Connect's userinfo endpoint, which is on Graph's host.
// https://learn.microsoft.com/entra/identity-platform/userinfo
import type { Answer } from "../context";
import { GraphFault, unauthorized } from "../graphError";
import { refusal } from "../graphService";
import { shownUser } from "../userView";
import type { World } from "../world";
import { callerOf } from "./bearer";

export function answerUserInfo(world: World, authorization: string | undefined): Answer {
    try {
        const { objectId, scopes } = callerOf(world, authorization);
        const user = scopes ? world.findUser(objectId)?.user : undefined;
        if (!user) throw unauthorized("The identity of the calling application could not be established.");
        const { displayName, givenName, surname, mail } = shownUser(user) as Readonly<Record<string, string | null>>;
        const sub = world.keys.claimsOf((authorization ?? "").replace(/^Bearer /i, ""))?.["sub"];
        const claims = { sub, name: displayName, family_name: surname, given_name: givenName, email: mail };
        return { status: 200, body: claims };
    } catch (error) {
        if (error instanceof GraphFault) return refusal(world, error);
        throw error;
    }
}
