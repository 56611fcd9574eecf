// Shows the progress of the previews. A terminal shows one progress bar. Otherwise, each finished stack gets one plain
// line.
import type { SingleBar } from "cli-progress";

import { counted } from "../../provider/sentences";
import { printError } from "../print";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export class Progress {
    private bar: SingleBar | undefined;
    private ended = 0;
    private readonly started = Date.now();

    private constructor(private readonly stacks: number) {}

    static async start(stacks: number): Promise<Progress> {
        const progress = new Progress(stacks);
        if (process.stderr.isTTY) await progress.showBar();
        return progress;
    }

    /** `done`: from 0 to 1. */
    update(done: number): void {
        this.bar?.update(Math.floor(done * 100));
    }

    stackEnded(name: string): void {
        this.ended += 1;
        this.bar?.update({ ended: this.ended });
        if (this.bar) return;
        const elapsed = (Date.now() - this.started) / 1000;
        const left = Math.round((elapsed / this.ended) * (this.stacks - this.ended));
        const rest = this.ended === this.stacks ? "" : `, about ${left} s left`;
        printError(`previewed ${this.ended} of ${counted(this.stacks, "stack")}: ${name}${rest}`);
    }

    end(): void {
        for (const signal of SIGNALS) process.off(signal, this.onSignal);
        this.bar?.stop();
    }

    /** Ctrl+C or SIGTERM ends the command. Before that, the terminal gets its cursor back. */
    private readonly onSignal = (signal: NodeJS.Signals) => {
        this.end();
        process.kill(process.pid, signal);
    };

    private async showBar(): Promise<void> {
        const { SingleBar: Bar } = await import("cli-progress");
        this.bar = new Bar({
            format: "previewing {bar} {ended} of {stacks}, {percentage} %, {eta_formatted} left",
            stream: process.stderr,
            clearOnComplete: true,
            hideCursor: true,
            barsize: 30,
        });
        for (const signal of SIGNALS) process.once(signal, this.onSignal);
        this.bar.start(100, 0, { ended: 0, stacks: counted(this.stacks, "stack") });
    }
}
