// What tests may ask of the emulator beyond what Entra offers, as methods and under /_emulator/ (loopback only, never logged).
import type { Answer } from "./context";
import type { Fault } from "./faults";
import type { World } from "./world";

export class Control {
    constructor(private readonly world: World) {}

    /** Reads see the directory as it was so long ago. */
    setLag(ms: number): void {
        this.world.lagMs = ms;
    }

    /** Every answer takes so much longer. */
    setLatency(ms: number): void {
        this.world.latencyMs = ms;
    }

    addFault(fault: Fault): void {
        this.world.faults.add(fault);
    }

    clearFaults(): void {
        this.world.faults.clear();
    }

    /** The tenant's clock, and with it the ends of tokens and certificates. */
    advanceClock(ms: number): void {
        this.world.clockOffsetMs += ms;
    }

    clearRequests(): void {
        this.world.log.clear();
    }

    /** Faults, lag, latency, clock and log as at the start; the directory stays. */
    reset(): void {
        this.clearFaults();
        this.clearRequests();
        this.setLag(0);
        this.setLatency(0);
        this.world.clockOffsetMs = 0;
    }
}

export function answerControl(world: World, control: Control, method: string, path: string, body: unknown): Answer {
    const { ms, offsetMs } = (body ?? {}) as { ms?: number; offsetMs?: number };
    const actions: Readonly<Record<string, () => unknown>> = {
        "GET requests": () => world.log.list(),
        "DELETE requests": () => control.clearRequests(),
        "POST faults": () => control.addFault(body ?? {}),
        "DELETE faults": () => control.clearFaults(),
        "PUT lag": () => control.setLag(Number(ms)),
        "PUT latency": () => control.setLatency(Number(ms)),
        "PUT clock": () => (world.clockOffsetMs = Number(offsetMs)),
        "POST reset": () => control.reset(),
    };
    const action = actions[`${method} ${path.replace("/_emulator/", "")}`];
    if (!action) return { status: 404, body: { error: `unknown: ${method} ${path}`, known: Object.keys(actions) } };
    return { status: 200, body: action() ?? {} };
}
