// Reads the body of an HTTP answer as JSON, or names the kind of body for a message. Pure.

/** A JSON document, or the kind of any other body, such as `an HTML page` or `an empty body`. */
export type Wire = { readonly json: unknown } | { readonly came: string };

export const AN_HTML_PAGE = "an HTML page";
export const AN_EMPTY_BODY = "an empty body";

/** `contentType`: the header. If there is no header, only the text decides. */
export function wireOf(text: string, contentType: string | null | undefined): Wire {
    // A proxy may repeat the header's value, as in `application/json, application/json`. So only the first value
    // counts.
    const type = (contentType ?? "").split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
    if (text.trim() === "") return { came: AN_EMPTY_BODY };
    if (type.includes("html") || /^\s*<(!doctype|html|head|body)/i.test(text)) return { came: AN_HTML_PAGE };
    if (type !== "" && !/^application\/(.+\+)?json$/.test(type))
        return { came: `the content type ${type.slice(0, 80)}` };
    try {
        return { json: JSON.parse(text.replace(/^\ufeff/, "")) as unknown };
    } catch {
        return { came: "a text that is not JSON" };
    }
}

/** Describes an unusable answer, with what to do. */
export function unusable(host: string, status: number, came: string): string {
    const advice = [OTHER_FORM, OTHER_STATUS].some((one) => came.startsWith(one))
        ? "check whether a proxy or another service answers in its place"
        : "check whether a proxy sent this answer";
    return `${host} answered ${status} with ${came}; ${advice}`;
}

const OTHER_FORM = "JSON of another form";
export const OTHER_STATUS = "JSON that belongs to another status";

/** `problem`: how the JSON differs from the expected form, such as the text that a Shape returns (shape.ts). */
export function otherForm(problem: string): string {
    return `${OTHER_FORM} (${problem})`;
}
