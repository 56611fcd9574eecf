// Runs `report`: gets the previews, applies accepted.json, compares with earlier runs, and writes the report.
import { join } from "node:path";

import { isSecretVariable, noteSecret, withoutSecretTexts } from "../../provider/secretTexts";
import type { Values } from "../command";
import { ExitCode } from "../exitCode";
import { packageVersion } from "../packageVersion";
import { print, printError, quietly } from "../print";
import { withDecisions } from "./accepted";
import { buildReport, type StackPreview } from "./build";
import { choicesIn, type Choices } from "./choices";
import { writeWhole } from "./folders";
import { FORMATS, rendered } from "./formats";
import { runOf, withHistory } from "./history";
import { keepRun } from "./historyFolder";
import type { Report } from "./model";
import { engineVersion, previewStacks } from "./previewStacks";
import { Progress } from "./progress";
import { previewIn } from "./savedPreview";
import { outcomeOf } from "./totals";

/** Returns the exit code. */
export async function runReport(values: Values): Promise<number> {
    const choices = await choicesIn(values);
    const { history, decisions = [] } = choices;
    const seen = withDecisions(withoutSecrets(await observed(choices)), decisions);
    const compared = history ? withHistory(seen, history.runs) : seen;
    const report = await withWho(compared, choices);
    write(report, choices);
    if (history) keepRun(history.folder, runOf(report, history.runs));
    return { ok: ExitCode.ok, drift: ExitCode.drift, unreadable: ExitCode.unreadable }[outcomeOf(report)];
}

/**
 * Hides the secrets of the environment. The error of a failed preview can contain output of the program, and this
 * output can contain secrets. Values of fewer than 8 characters stay, because they can occur in ordinary words.
 */
function withoutSecrets(report: Report): Report {
    for (const [name, value = ""] of Object.entries(process.env))
        if (isSecretVariable(name) && value.length >= 8) noteSecret(value);
    return JSON.parse(JSON.stringify(report), (_name, value: unknown) =>
        typeof value === "string" ? withoutSecretTexts(value) : value,
    ) as Report;
}

/** Makes the report from the previews. With `--deep`, adds doctor's checks. */
async function observed(choices: Choices): Promise<Report> {
    const { files, cwd, isDeep } = choices;
    const tool = packageVersion();
    const previews = files.length > 0 ? files.map(previewIn) : await previewed(choices);
    const engine = files.length > 0 ? undefined : await engineVersion(cwd);
    const report = buildReport(previews, { now: new Date(), tool, engine });
    if (!isDeep) return report;
    // Loaded only here, because only `--deep` needs doctor.
    const { withDoctor } = await import("./deep.js");
    return withDoctor(
        report,
        previews.map(({ name }) => name),
        cwd,
    );
}

/** Runs after the comparison with the history, because earlier runs show how old a difference is. */
async function withWho(report: Report, { who }: Choices): Promise<Report> {
    if (!who) return report;
    const { attribute } = await import("./who/index.js");
    return quietly(() => attribute(report, who));
}

async function previewed({ stacks, parallel, cwd }: Choices): Promise<StackPreview[]> {
    const progress = await Progress.start(stacks.length);
    try {
        return await previewStacks({
            stacks,
            parallel,
            cwd,
            onProgress: (done) => progress.update(done),
            onEnd: ({ name }) => progress.stackEnded(name),
        });
    } finally {
        progress.end();
    }
}

/** If the report itself goes to standard output, its summary goes to standard error. */
function write(report: Report, { formats, out }: Choices): void {
    for (const name of formats) {
        const text = rendered(report, name);
        if (out === undefined) process.stdout.write(text);
        else writeWhole(join(out, FORMATS[name]?.file ?? name), text);
    }
    const say = out === undefined ? printError : print;
    for (const line of [report.sentence, ...report.partial, ...report.notes]) say(line);
    for (const { resource, property, why } of report.unusedDecisions) {
        const what = property === "" ? "the whole resource" : `${property} of`;
        say(`--accepted: the entry for ${what} ${resource} accepts nothing: ${why}`);
    }
    if (out !== undefined) say(formats.map((name) => join(out, FORMATS[name]?.file ?? name)).join("\n"));
}
