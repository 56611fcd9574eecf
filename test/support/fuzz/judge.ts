// Runs one mutation, and returns its outcome and its fault, if any. Time is simulated. Printed text is judged like a
// message.
import { inspect } from "node:util";

import { clock, useClock } from "../../../provider/entra/clock";
import type { Boundary, FaultSort, Plant } from "./boundary";

/** A run that takes longer in real time waits for something that never happens. */
const REAL_LIMIT_MS = 30_000;

/** The texts of Node.js's own errors about a value that code used without a check. */
const RAW_TEXT =
    /Cannot (read|set|destructure|convert|use)\b|is not (a function|iterable|a constructor|defined)|\(reading '|in JSON at position|is not valid JSON|Unexpected (token|end of JSON)|Maximum call stack|Invalid (time value|URL|array length)/;

/** Characters and commands that a terminal or a pipeline would obey. */
const STEERING =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|##vso\[|##\[|^\s*::[a-z]/im;

export interface Verdict {
    /** `ok`, or the code of the error. An error without a code has its name here. */
    readonly outcome: string;
    readonly fault?: { readonly sort: FaultSort; readonly what: string };
}

const START = Date.parse("2026-06-01T00:00:00Z");

export async function judge<M>(boundary: Boundary<M>, mutation: M, plant: Plant | undefined): Promise<Verdict> {
    let waitedMs = 0;
    const sleep = (ms: number): Promise<void> => {
        waitedMs += Math.max(ms, 0);
        return new Promise((done) => setImmediate(done));
    };
    const restoreClock = useClock({ now: () => new Date(START + waitedMs), sleep, random: () => 0.5 });
    const printed = capturePrint();
    try {
        const { error, hasThrown } = await outcomeOf(
            async () => {
                await plant?.({ secret: boundary.secrets[0] ?? "", sleep: (ms) => clock.sleep(ms) });
                await boundary.run(mutation);
            },
            () => waitedMs > 100 * boundary.budgetMs,
        );
        const said = [...printed.lines, ...(hasThrown ? [messageOf(error)] : [])].join("\n");
        const fault = faultOf(boundary, { error, hasThrown, said, waitedMs });
        return { outcome: hasThrown ? codeOf(error) : "ok", ...(fault ? { fault } : {}) };
    } finally {
        printed.restore();
        restoreClock();
    }
}

interface Outcome {
    readonly error: unknown;
    readonly hasThrown: boolean;
}

async function outcomeOf(run: () => Promise<unknown>, isEndless: () => boolean): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<Outcome>((done) => {
        const startedAt = performance.now();
        timer = setInterval(() => {
            if (!isEndless() && performance.now() - startedAt < REAL_LIMIT_MS) return;
            done({ error: new Endless(), hasThrown: true });
        }, 100);
    });
    const ended = run().then(
        (): Outcome => ({ error: undefined, hasThrown: false }),
        (error: unknown): Outcome => ({ error, hasThrown: true }),
    );
    try {
        return await Promise.race([ended, tooLong]);
    } finally {
        clearInterval(timer);
    }
}

class Endless extends Error {
    constructor() {
        super("it did not end");
    }
}

function faultOf<M>(
    { secrets, budgetMs, isExpected = isPortalError }: Boundary<M>,
    { error, hasThrown, said, waitedMs }: Outcome & { readonly said: string; readonly waitedMs: number },
): { sort: FaultSort; what: string } | undefined {
    if (waitedMs > budgetMs) return { sort: "wait", what: `waited ${waitedMs / 1000} s` };
    if (error instanceof Endless) return { sort: "wait", what: error.message };
    if (secrets.some((secret) => secret !== "" && said.includes(secret))) return { sort: "secret", what: said };
    if (hasThrown && !(error instanceof Error && isExpected(error))) return { sort: "rawError", what: inspect(error) };
    if (RAW_TEXT.test(said)) return { sort: "rawError", what: said };
    if (STEERING.test(said)) return { sort: "steering", what: JSON.stringify(said) };
    return undefined;
}

function isPortalError(error: Error): boolean {
    return error.name === "PortalError";
}

function codeOf(error: unknown): string {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    return String(code ?? name);
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Keeps the lines that the code prints. */
function capturePrint(): { readonly lines: string[]; readonly restore: () => void } {
    const lines: string[] = [];
    const names = ["log", "warn", "error", "info"] as const;
    const originals = { ...console };
    for (const name of names) console[name] = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
    return {
        lines,
        restore: () => void Object.assign(console, originals),
    };
}
