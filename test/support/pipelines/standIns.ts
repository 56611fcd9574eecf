// Creates commands in the folder `bin`, which is on PATH in each job. The commands record their calls and print
// prepared answers. They replace programs that would use services outside of this machine.
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Call {
    readonly args: readonly string[];
    /** The text of each file that an argument names, such as `--body-file report.md` or `body=@report.md`. */
    readonly files: readonly string[];
}

/** The text that a command prints if its arguments contain the pattern. */
export type Answer = readonly [pattern: string, output: string];

export class StandIns {
    readonly bin: string;

    constructor(private readonly folder: string) {
        this.bin = join(folder, "stand-ins");
        mkdirSync(this.bin, { recursive: true });
    }

    /** Adds a fake command. The command prints the first answer whose pattern occurs in its arguments. */
    add(name: string, answers: readonly Answer[] = []): void {
        writeFileSync(join(this.bin, `${name}.json`), JSON.stringify(answers));
        const log = join(this.folder, `${name}.log`);
        const script = `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
const named = args.map((arg, index) => /(?:^|=)@(.+)$/.exec(arg)?.[1] ?? (/^--(body|in)-file$/.test(args[index - 1] ?? "") ? arg : undefined));
const files = named.filter((file) => file !== undefined && fs.existsSync(file)).map((file) => fs.readFileSync(file, "utf8"));
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, files }) + "\\n");
const answers = JSON.parse(fs.readFileSync(${JSON.stringify(join(this.bin, `${name}.json`))}, "utf8"));
const found = answers.find(([pattern]) => args.join(" ").includes(pattern));
if (found && found[1] !== "") console.log(found[1]);
`;
        writeFileSync(join(this.bin, name), script);
        chmodSync(join(this.bin, name), 0o755);
        appendFileSync(log, "");
    }

    /** Returns the calls of a command since this method last returned them. */
    calls(name: string): Call[] {
        const log = join(this.folder, `${name}.log`);
        const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
        writeFileSync(log, "");
        return lines.map((line) => JSON.parse(line) as Call);
    }
}
