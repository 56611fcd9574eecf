// Runs the work of a request, and writes entries about its changes into the tenant's audit log.
import type { GraphCall } from "../context";
import type { Viewpoint } from "../foreignApplications";
import { GraphFault } from "../graphError";
import type { TenantUser } from "../graphTypes";
import { actorOf, consentActor, type Actor } from "./actor";
import { entriesOf } from "./entries";
import { failedEntries } from "./failedEntries";
import { consentEntry } from "./grantEntries";
import { Names } from "./names";

export function recorded<T>(viewpoint: Viewpoint, actor: Actor, work: () => T): T {
    const { journal, auditLog } = viewpoint.tenant;
    const { result, changes } = journal.collect(work);
    auditLog.add(entriesOf(changes, new Names(viewpoint)), actor);
    return result;
}

interface Consenting {
    readonly viewpoint: Viewpoint;
    readonly user: TenantUser;
    readonly isForOrganization: boolean;
}

/**
 * Records consent that somebody gives on a consent page. Entra then writes one more entry, besides those about the
 * changes. `grant` gives the consent, and returns the id of the client's service principal.
 */
export function recordConsent({ viewpoint, user, isForOrganization }: Consenting, grant: () => string): void {
    const { journal, auditLog } = viewpoint.tenant;
    const { result: clientId, changes } = journal.collect(grant);
    const names = new Names(viewpoint);
    const grants = changes.of("grant").flatMap(({ after }) => after ?? []);
    const consent = consentEntry({ clientId, user, isForOrganization, grants }, names);
    auditLog.add([...entriesOf(changes, names), consent], consentActor(user));
}

/**
 * Runs a call, and writes its entries. Some refused writes leave entries too (failedEntries.ts). `pattern` is the
 * pattern of the route.
 */
export function recordedCall<T>(call: GraphCall, pattern: string, work: () => T): T {
    if (call.method === "GET") return work();
    const actor = actorOf(call, call.caller, call.headers["user-agent"]);
    try {
        return recorded(call, actor, work);
    } catch (fault) {
        if (fault instanceof GraphFault)
            call.tenant.auditLog.add(failedEntries(call, pattern, fault, new Names(call)), actor, "failure");
        throw fault;
    }
}
