// Reads and checks the command line of `report`, the history and the decisions, before the first preview starts.
import { availableParallelism } from "node:os";

import { GUID } from "../../provider/inputs/rawInputs";
import { readText } from "../../system/textFile";
import { text, texts, UsageError, type Values } from "../command";
import type { Decision } from "./accepted";
import { decisionsIn } from "./acceptedFile";
import { assertWritable } from "./folders";
import { FORMAT_NAMES, FORMATS, formatsIn } from "./formats";
import type { Run } from "./history";
import { readRuns } from "./historyFolder";
import { allStacks } from "./previewStacks";

const MAX_PARALLEL = 32;
const FOLDER = "drift-report";

export interface Choices {
    /** `undefined`: the stack that PULUMI_STACK names, or else the selected stack. */
    readonly stacks: readonly (string | undefined)[];
    /** Files with saved previews. If there are any, `report` runs no previews. */
    readonly files: readonly string[];
    readonly formats: readonly string[];
    /** The folder for the files. `undefined`: `report` prints to standard output. */
    readonly out: string | undefined;
    readonly history: { readonly folder: string; readonly runs: readonly Run[] } | undefined;
    readonly decisions: readonly Decision[] | undefined;
    readonly parallel: number;
    readonly isDeep: boolean;
    /** `undefined`: the report does not say who made a difference. */
    readonly who: { readonly deployers: readonly string[] } | undefined;
    readonly cwd: string | undefined;
}

export async function choicesIn(values: Values): Promise<Choices> {
    const [stacks, files, cwd] = [texts(values, "stack"), texts(values, "from"), text(values, "cwd")];
    const isAll = values["all"] === true;
    if ([stacks.length > 0, files.length > 0, isAll].filter(Boolean).length > 1) {
        throw new UsageError("use only one of --stack, --all and --from");
    }
    const formats = formatsIn(text(values, "format") ?? FORMAT_NAMES.join(","));
    const isPrinted = formats.length === 1 && formats.every((name) => FORMATS[name]?.isText);
    const [folder, accepted] = [text(values, "history"), text(values, "accepted")];
    const choices = {
        files,
        formats,
        out: text(values, "out") ?? (isPrinted ? undefined : FOLDER),
        parallel: parallelIn(text(values, "parallel")),
        history: folder === undefined ? undefined : historyIn(folder),
        decisions: accepted === undefined ? undefined : decisionsIn(readText(accepted), accepted),
        isDeep: values["deep"] === true,
        who: whoIn(values),
        cwd,
    };
    if (choices.out !== undefined) assertWritable(choices.out, "--out");
    return {
        ...choices,
        stacks: isAll ? await allStacks(cwd) : stacks.length > 0 ? [...new Set(stacks)] : [undefined],
    };
}

function historyIn(folder: string): NonNullable<Choices["history"]> {
    assertWritable(folder, "--history");
    return { folder, runs: readRuns(folder) };
}

function whoIn(values: Values): Choices["who"] {
    const deployers = texts(values, "deployer");
    const wrong = deployers.find((id) => !GUID.test(id));
    if (wrong !== undefined) throw new UsageError(`--deployer must be an Application ID (a GUID), not "${wrong}"`);
    if (values["who"] === true) return { deployers };
    if (deployers.length > 0) throw new UsageError("--deployer is only used with --who");
    return undefined;
}

function parallelIn(given: string | undefined): number {
    if (given === undefined) return Math.min(4, availableParallelism());
    const parallel = /^\d{1,3}$/.test(given) ? Number(given) : 0;
    if (parallel >= 1 && parallel <= MAX_PARALLEL) return parallel;
    throw new UsageError(`--parallel must be a whole number from 1 to ${MAX_PARALLEL}, not "${given}"`);
}
