// Puts back entries of others that an earlier process dropped. That process ended before it put them back.
import { applicationPath, grantPath, servicePrincipalObjectPath } from "../entra/paths";
import type { Session } from "../entra/session";
import type { LiveObjects } from "./owned";
import { withEntries } from "./rebase";
import { forgetRepair, openRepair } from "./repairs";
import { patch, write, type Write } from "./write";

/**
 * Returns whether entries were written. If so, the caller must observe the objects again. `what`: name of the objects
 * in messages.
 */
export async function resumeRepairs(session: Session, live: LiveObjects, what: string): Promise<boolean> {
    const { application, servicePrincipal, grants = [] } = live;
    const objects: [path: string, object: object][] = [
        ...(application ? [[applicationPath(application.appId), application] as [string, object]] : []),
        ...(servicePrincipal
            ? [[servicePrincipalObjectPath(servicePrincipal.id), servicePrincipal] as [string, object]]
            : []),
        ...grants.map((grant): [string, object] => [grantPath(grant.id), grant]),
    ];
    const open = objects.filter(([path]) => openRepair(session, path) !== undefined);
    const writes = open.flatMap(([path, object]): Write[] => {
        const body = withEntries(object as Record<string, unknown>, openRepair(session, path) ?? {});
        return body ? [patch(path, object, body, `restoring entries of others on ${what}`)] : [];
    });
    const { failure, refusal } = await write(session, writes);
    const error = failure ?? refusal;
    if (error) throw error;
    for (const [path] of open) forgetRepair(session, path);
    return writes.length > 0;
}
