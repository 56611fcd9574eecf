// Gives tests controls that Entra does not have: methods, and routes under /_emulator/. The log never contains these
// routes.
import type { Answer } from "./context";
import type { Fault } from "./faults";
import type { Lag } from "./replication";
import { Tenant, type TenantState } from "./tenant";
import { GRAPH_LIMITS, type Limits } from "./throttling";
import type { World } from "./world";

export class Control {
    constructor(private readonly world: World) {}

    /**
     * Reads return the directory as it was this many milliseconds ago. One number applies to all kinds of object, or
     * each kind has its own.
     */
    setLag(lag: number | Lag): void {
        this.world.replication.set(lag);
    }

    /** Two replicas answer in turn, one with the lag and one without. */
    setAlternatingReplicas(alternates: boolean): void {
        this.world.replication.alternate(alternates);
    }

    /** Sets the limits of throttling. Graph's own limits replace omitted ones. */
    setLimits(limits: Partial<Limits>): void {
        this.world.throttling.limits = { ...GRAPH_LIMITS, ...limits };
    }

    /** Returns a copy of all directories, for `restore`. */
    snapshot(): readonly TenantState[] {
        return [...this.world.tenants.values()].map((tenant) => structuredClone(tenant.export()));
    }

    /** Restores all directories, on every replica. */
    restore(states: readonly TenantState[]): void {
        for (const state of states)
            this.world.tenants.set(state.tenantId, Tenant.import(structuredClone(state), this.world.now));
    }

    /** Delays every answer. */
    setLatency(ms: number): void {
        this.world.latencyMs = ms;
    }

    /** Signs this user in without a page. `undefined`: the user picks an account on the page again. */
    signInAs(user: { readonly id: string } | undefined): void {
        this.world.signedInUserId = user?.id;
    }

    addFault(fault: Fault): void {
        this.world.faults.add(fault);
    }

    clearFaults(): void {
        this.world.faults.clear();
    }

    /** Moves the tenants' clock forward, so that tokens and certificates expire. */
    advanceClock(ms: number): void {
        this.world.clockOffsetMs += ms;
    }

    clearRequests(): void {
        this.world.log.clear();
    }

    /** Resets faults, replicas, limits, latency, clock, log and the signed-in user. The directory stays. */
    reset(): void {
        this.clearFaults();
        this.clearRequests();
        this.setLag(0);
        this.setAlternatingReplicas(false);
        this.world.throttling.reset();
        this.setLatency(0);
        this.signInAs(undefined);
        this.world.clockOffsetMs = 0;
    }
}

export function answerControl(world: World, control: Control, method: string, path: string, body: unknown): Answer {
    const { ms, offsetMs, alternate, userId } = (body ?? {}) as {
        ms?: number;
        offsetMs?: number;
        alternate?: boolean;
        userId?: string;
    };
    const actions: Readonly<Record<string, () => unknown>> = {
        "GET requests": () => world.log.list(),
        "DELETE requests": () => control.clearRequests(),
        "POST faults": () => control.addFault(body ?? {}),
        "DELETE faults": () => control.clearFaults(),
        "PUT lag": () => control.setLag(ms ?? (body as Lag)),
        "PUT replicas": () => control.setAlternatingReplicas(alternate === true),
        "PUT limits": () => control.setLimits(body as Partial<Limits>),
        "PUT latency": () => control.setLatency(Number(ms)),
        "PUT clock": () => (world.clockOffsetMs = Number(offsetMs)),
        "GET users": () => [...world.tenants.values()].flatMap(({ users }) => [...users.values()]),
        "PUT user": () => control.signInAs(userId === undefined ? undefined : { id: userId }),
        "POST reset": () => control.reset(),
    };
    const action = actions[`${method} ${path.replace("/_emulator/", "")}`];
    if (!action) return { status: 404, body: { error: `unknown: ${method} ${path}`, known: Object.keys(actions) } };
    return { status: 200, body: action() ?? {} };
}
