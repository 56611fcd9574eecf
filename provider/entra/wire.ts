// Classifies the body of an answer: JSON, or something else that a message can name. Pure.

/** A JSON document, or the name of what came instead: `an HTML page`, `an empty body`. */
export type Wire = { readonly json: unknown } | { readonly came: string };

export const AN_HTML_PAGE = "an HTML page";

/** `contentType`: the header. Without the header, the text alone decides. */
export function wireOf(text: string, contentType: string | null | undefined): Wire {
    // A proxy may repeat the value, as in `application/json, application/json`. So only the first one counts.
    const type = (contentType ?? "").split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
    if (text.trim() === "") return { came: "an empty body" };
    if (type.includes("html") || /^\s*<(!doctype|html|head|body)/i.test(text)) return { came: AN_HTML_PAGE };
    if (type !== "" && !/^application\/(.+\+)?json$/.test(type))
        return { came: `the content type ${type.slice(0, 80)}` };
    try {
        return { json: JSON.parse(text.replace(/^\ufeff/, "")) as unknown };
    } catch {
        return { came: "a text that is not JSON" };
    }
}

/** Completes a message about an unusable answer. */
export function unusable(host: string, status: number, came: string): string {
    const advice = came.startsWith(OTHER_FORM)
        ? "check whether a proxy or another service answers in its place"
        : "the answer is not JSON, so a proxy may have sent it";
    return `${host} answered ${status} with ${came}; ${advice}`;
}

const OTHER_FORM = "JSON of another form";

/** `problem`: checks the form of the JSON document (shape.ts). */
export function otherForm(problem: string): string {
    return `${OTHER_FORM} (${problem})`;
}
