// Measures the memory of the processes of a workspace. Linux only.
import { readFileSync } from "node:fs";

import type { Workspace } from "./workspace";

export class PeakMemory {
    private readonly timer: NodeJS.Timeout;
    private peak = 0;

    /** `command`: a part of the command line of the processes. */
    constructor(workspace: Workspace, command: string) {
        this.timer = setInterval(() => {
            for (const pid of workspace.orphans(command)) this.peak = Math.max(this.peak, peakOf(pid));
        }, 1000);
    }

    /** Stops watching. Returns the highest memory use of one process, in MB. */
    end(): number {
        clearInterval(this.timer);
        return this.peak;
    }
}

function peakOf(pid: string): number {
    try {
        const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
        return Math.round(Number(kilobytes) / 1024);
    } catch {
        // The process has ended.
        return 0;
    }
}
