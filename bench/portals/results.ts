// Formats the measured figures as a table, and compares them with the limits that we promise.
import type { Measured } from "./measure";
import type { Operation } from "./programs";

export interface Row extends Measured {
    readonly subject: "portals" | "customers";
    readonly count: number;
    readonly latencyMs: number;
    /** The time of the same command with the same number of resources of a provider that does nothing. */
    readonly engineMs: number;
    /** The least possible time: the round trips in `ROUND_TRIPS`, multiplied by the latency. */
    readonly floorMs: number;
}

export interface Results {
    readonly processors: number;
    readonly rows: readonly Row[];
}

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
    ["", ({ count, subject }) => `${count} ${subject}`],
    ["latency", ({ latencyMs }) => `${latencyMs} ms`],
    ["operation", ({ operation }) => operation],
    ["requests", ({ requests }) => String(requests)],
    ["units", ({ units }) => String(units)],
    // Without latency, the log does not show which request waited for an earlier one.
    ["round trips", ({ roundTrips, latencyMs }) => (latencyMs === 0 ? "-" : String(roundTrips))],
    ["floor", ({ floorMs }) => ms(floorMs)],
    ["provider", ({ providerMs }) => ms(providerMs)],
    ["its CPU", ({ providerCpuMs }) => ms(providerCpuMs)],
    ["wall", ({ wallMs }) => ms(wallMs)],
    ["empty", ({ engineMs }) => ms(engineMs)],
    ["ratio", (row) => ratio(row).toFixed(2)],
    ["memory", ({ peakMb }) => `${peakMb.toFixed(0)} MB`],
];

function ms(value: number): string {
    return `${value.toFixed(0)} ms`;
}

/** Returns the wall time as a multiple of the engine's own wall time. */
export function ratio({ wallMs, engineMs }: Row): number {
    return wallMs / engineMs;
}

export function asTable(rows: readonly Row[]): string {
    const lines = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
    const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
    return lines.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ")).join("\n");
}

/** Returns one line for each promised limit that can be checked with these rows. */
export function promises(rows: readonly Row[]): string[] {
    const portals = rows.filter(({ subject }) => subject === "portals");
    const customers = rows.filter((row) => row.subject === "customers" && row.operation === "no-op preview").at(-1);
    const find = (operation: Operation, count: number, latencyMs: number) =>
        portals.find((row) => row.operation === operation && row.count === count && row.latencyMs === latencyMs);
    const preview = find("no-op preview", 1000, 0);
    const create = find("create", 1000, 0);
    const [without, slow] = [find("no-op preview", 100, 0), find("no-op preview", 100, 80)];
    const growth = (["create", "no-op preview"] as const).map((operation) => {
        const [ten, thousand] = [find(operation, 10, 0), find(operation, 1000, 0)];
        const value = ten && thousand ? thousand.providerMs / 1000 / (ten.providerMs / 10) : undefined;
        return promise(`provider time per portal, ${operation}, 1000 portals divided by 10 portals`, value, 1.2);
    });
    return [
        promise("Graph requests of a no-op preview of 1000 portals", preview?.requests, 170),
        promise("Graph requests per portal to create 1000 portals", create && create.requests / 1000, 5.2),
        promise("MB of the provider process, 1000 portals", peak(portals, 1000), 300),
        promise(
            "round trips that a latency of 80 ms adds to a no-op preview of 100 portals",
            without && slow && (slow.wallMs - without.wallMs) / 80,
            15,
        ),
        promise(
            `Graph requests per customer, no-op preview of ${customers?.count ?? 0} customers`,
            customers && customers.requests / customers.count,
            1,
        ),
        ...growth,
    ].filter((line) => line !== undefined);
}

function peak(rows: readonly Row[], count: number): number | undefined {
    const memory = rows.filter((row) => row.count === count).map(({ peakMb }) => peakMb);
    return memory.length > 0 ? Math.max(...memory) : undefined;
}

function promise(what: string, value: number | undefined, most: number): string | undefined {
    if (value === undefined) return undefined;
    return `${value <= most ? "ok    " : "MISSED"}  ${what}: ${value.toFixed(2)} (at most ${most})`;
}
