// Loads GitHub's own workflow parser and evaluator of expressions. Both import JSON in a way that Node refuses, so
// esbuild bundles them first, once per test file.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { buildSync } from "esbuild";

const ROOT = resolve(__dirname, "../../..");
const BUNDLE = join(ROOT, "node_modules/.cache/githubParser.cjs");

const ENTRY = `
export { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } from "@actions/workflow-parser";
export { Lexer, Parser, Evaluator, data } from "@actions/expressions";
`;

interface GithubParser {
    readonly NoOperationTraceWriter: new () => object;
    readonly parseWorkflow: (
        file: { readonly name: string; readonly content: string },
        trace: object,
    ) => ParsedWorkflow;
    readonly convertWorkflowTemplate: (context: object, value: object) => Promise<ConvertedWorkflow>;
    readonly Lexer: new (text: string) => { lex(): { readonly tokens: object[] } };
    readonly Parser: new (
        tokens: object[],
        contexts: readonly string[],
        functions: readonly object[],
    ) => { parse(): object };
    readonly Evaluator: new (expression: object, context: object, functions: object) => { evaluate(): Evaluated };
    readonly data: {
        readonly reviver: (key: string, value: unknown) => unknown;
        readonly BooleanData: new (value: boolean) => object;
    };
}

interface ParsedWorkflow {
    readonly context: { readonly errors: { getErrors(): readonly { readonly message: string }[] } };
    readonly value?: object;
}

interface ConvertedWorkflow {
    readonly errors?: readonly { readonly Message: string }[];
    readonly jobs: readonly object[];
}

interface Evaluated {
    coerceString(): string;
    readonly value?: unknown;
}

let parser: GithubParser | undefined;

function githubParser(): GithubParser {
    if (parser) return parser;
    mkdirSync(join(ROOT, "node_modules/.cache"), { recursive: true });
    const stdin = { contents: ENTRY, resolveDir: ROOT };
    buildSync({ stdin, bundle: true, platform: "node", format: "cjs", outfile: BUNDLE, logLevel: "error" });
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known only now
    parser = require(BUNDLE) as GithubParser;
    return parser;
}

/** Returns the errors that GitHub's parser reports for a workflow. */
export async function workflowErrors(name: string, content: string): Promise<string[]> {
    const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = githubParser();
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    const errors = context.errors.getErrors().map(({ message }) => message);
    if (!value) return errors;
    const converted = await convertWorkflowTemplate(context, value);
    return [...errors, ...(converted.errors ?? []).map(({ Message }) => Message)];
}

/**
 * The values behind GitHub's status check functions, such as `failure()`. `failed`: a job in `needs` did not succeed,
 * or an earlier step failed.
 */
export interface Status {
    readonly failed: boolean;
    readonly cancelled: boolean;
}

export type Contexts = Readonly<Record<string, unknown>>;

/** Evaluates an expression without its braces. */
function evaluate(text: string, contexts: Contexts, status: Status): Evaluated {
    const { Lexer, Parser, Evaluator, data } = githubParser();
    const values: Readonly<Record<string, () => boolean>> = {
        success: () => !status.failed && !status.cancelled,
        failure: () => status.failed && !status.cancelled,
        cancelled: () => status.cancelled,
        always: () => true,
    };
    const functions = [
        ...Object.entries(values).map(([name, call]) => ({
            name,
            minArgs: 0,
            maxArgs: 0,
            call: () => new data.BooleanData(call()),
        })),
        {
            name: "hashfiles",
            minArgs: 1,
            maxArgs: 255,
            call: () => JSON.parse('"hash"', data.reviver) as object,
        },
    ];
    const { tokens } = new Lexer(text).lex();
    const expression = new Parser(tokens, Object.keys(contexts), functions).parse();
    const context = JSON.parse(JSON.stringify(contexts), data.reviver) as object;
    return new Evaluator(expression, context, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

/** Replaces the expressions in a value of a workflow. */
export function expanded(text: string, contexts: Contexts, status: Status): string {
    return text.replace(/\$\{\{(.*?)\}\}/gs, (_all, inner: string) => evaluate(inner, contexts, status).coerceString());
}

/** Returns whether `if` holds. GitHub puts `success() &&` before a condition without a status check function. */
export function isTrue(condition: string | undefined, contexts: Contexts, status: Status): boolean {
    const text = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
    const hasStatus = /\b(success|failure|cancelled|always)\(\)/.test(text);
    const result = evaluate(hasStatus ? text : `success() && (${text})`, contexts, status);
    return !["", "false", "0", "null"].includes(result.coerceString());
}
