// Replaces the texts of a report by a text that breaks careless pages.
import type { Report } from "../../../cli/report/model";

/** The code that runs if a page executes a hostile text. */
const ATTACK = "window.attacked=1";

export const HOSTILE_TEXTS = {
    script: `<script>${ATTACK}</script>`,
    "end of script": `</script><script>${ATTACK}</script>`,
    comment: `<!-- <script> --> <!--<script>${ATTACK}`,
    image: `"><img src=x onerror="${ATTACK}">`,
    style: `</style><style>*{display:none}</style>`,
    title: `</title></noscript></textarea><svg onload="${ATTACK}">`,
    template: "${window.attacked=1} `backticks` {{7*7}}",
    table: "| a | b |\n|---|---|\n| c | d |",
    ansi: "\u001b[31mred\u001b[0m \u001b]8;;https://contoso.com\u0007link\u001b]8;;\u0007",
    entity: "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "right to left": "שלום مرحبا \u202eevil\u202c end",
    long: "x".repeat(10_000),
    "reference of our own": "~1",
    separators: "a\u2028b\u2029c\u0085d",
    "half a character": "a\ud800b",
    "name of Object": "__proto__",
} as const;

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The names of the members whose values have a fixed form, such as times and URNs. */
const FIXED =
    /^(createdAt|comparedWith|since|date|at|until|notBefore|notAfter|renewsFrom|replacedOn|status|state|kind|signIn|risk|change|operation|urn|row|portal|thumbprint)$/;

/** Replaces every text by the hostile one, except texts of a fixed form. A link gets the hostile text at its end. */
export function hostileReport(report: Report, text: string): Report {
    const replaced = (value: Json, name: string): Json => {
        if (typeof value === "string")
            return FIXED.test(name) ? value : value.startsWith("https:") ? `${value}${text}` : text;
        if (value === null || typeof value !== "object") return value;
        if (Array.isArray(value)) return value.map((one: Json) => replaced(one, name));
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, key)]));
    };
    return replaced(report as unknown as Json, "") as unknown as Report;
}
