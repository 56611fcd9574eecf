// Recognizes values of variables that a shell, a file or a pipeline damaged. Otherwise a later error, such as one of the
// token service, would mislead the user. No message contains a value. Pure.

export type VariableKind = "id" | "secret" | "password" | "path" | "certificate" | "address";

/**
 * Returns why a value cannot be right, and what to do, such as `ends with a line break; ...`. `undefined`: the value
 * may be right.
 */
export function variableFault(value: string, kind: VariableKind): string | undefined {
    return FAULTS.find(({ kinds, matches }) => kinds.includes(kind) && matches(value))?.fault;
}

interface Fault {
    readonly kinds: readonly VariableKind[];
    readonly matches: (value: string) => boolean;
    readonly fault: string;
}

const EVERY: readonly VariableKind[] = ["id", "secret", "password", "path", "certificate", "address"];
/** The kinds whose value is a single line. A certificate may be PEM text, which has several lines. */
const ONE_LINE = EVERY.filter((kind) => kind !== "certificate");
/** The same kinds without passwords, because any text can be a password. */
const NO_PASSWORD = ONE_LINE.filter((kind) => kind !== "password");

const UNEXPANDED = String.raw`\$\([^()]*\)|\$\{\{?[^{}]*\}?\}|%[A-Za-z_][\w.-]*%|\{\{[^{}]*\}\}`;
const SHELL_ONLY = String.raw`\$(?:env:)?[A-Za-z_]\w*`;

const FAULTS: readonly Fault[] = [
    {
        kinds: EVERY,
        matches: (value) => new RegExp(`^["']?(?:${UNEXPANDED}|${SHELL_ONLY})["']?\\s*$`).test(value),
        fault: "has the name of another variable as its value, and the pipeline or shell did not replace that name; define the other variable for this step, or leave this one empty",
    },
    {
        kinds: ["id", "path", "address"],
        matches: (value) => new RegExp(`${UNEXPANDED}|^${SHELL_ONLY}[\\\\/]`).test(value),
        fault: "contains the name of a variable, which the pipeline or shell did not replace; write the value itself",
    },
    {
        kinds: ["path"],
        matches: (value) => /^~[\\/]/.test(value),
        fault: "begins with ~, which only a shell replaces with the home folder; write the absolute path",
    },
    {
        kinds: ONE_LINE,
        matches: (value) => /^(?:\uFEFF|\u00EF\u00BB\u00BF|\uFFFE)/.test(value),
        fault: "begins with a byte order mark; save the file that it comes from as UTF-8 without BOM",
    },
    {
        kinds: ONE_LINE,
        matches: (value) => /[\r\n\u0085\u2028\u2029]$/.test(value),
        fault: "ends with a line break; store the value without it, for example with printf instead of echo",
    },
    {
        kinds: ONE_LINE,
        matches: (value) => /[\r\n\u0085\u2028\u2029]|(?:\\r)?\\n$/.test(value),
        fault: "contains a line break, or ends with the two characters \\n; store the value as one line, without \\n",
    },
    {
        kinds: ["id", "secret", "path", "address", "certificate"],
        matches: (value) => /^["'`\u2018-\u201E]|["'`\u2018-\u201E]\s*$/.test(value),
        fault: "begins or ends with a quotation mark, which is part of the value; remove the quotation marks",
    },
    {
        kinds: EVERY.filter((kind) => kind !== "password"),
        matches: (value) => /^\s*(?:null|undefined|none|nil|NaN|\[object Object\])\s*$/i.test(value),
        fault: "is the text that a program writes for a missing value or for an object; set the value itself, or leave the variable empty",
    },
    {
        kinds: NO_PASSWORD,
        matches: (value) => /^\*+$|^<[^<>]*>$/.test(value),
        fault: "is a placeholder; set the value itself",
    },
    {
        kinds: NO_PASSWORD,
        matches: (value) => /^\s|\s$/.test(value),
        fault: "begins or ends with a space or a tab; remove it",
    },
    {
        kinds: ["id", "secret", "address"],
        matches: (value) => /[^\x21-\x7E]/.test(value),
        fault: "contains a space, or a character that is invisible or not ASCII; copy the value again",
    },
    {
        kinds: ["path"],
        matches: (value) => /[\p{Cc}\p{Cf}]/u.test(value),
        fault: "contains an invisible character; write the path again",
    },
];
