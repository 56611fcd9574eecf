// Parses XML strictly, as a CI system does. Throws if the text is not well-formed.
import { SaxesParser } from "saxes";

export interface XmlElement {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly children: XmlElement[];
}

export function parseXml(text: string): XmlElement {
    const root: XmlElement = { name: "", attributes: {}, children: [] };
    const path = [root];
    const parser = new SaxesParser();
    parser.on("error", (error) => {
        throw error;
    });
    parser.on("opentag", ({ name, attributes }) => {
        const element: XmlElement = { name, attributes, children: [] };
        path.at(-1)?.children.push(element);
        path.push(element);
    });
    parser.on("closetag", () => path.pop());
    parser.write(text).close();
    const [element] = root.children;
    if (element === undefined) throw new Error("the text has no element");
    return element;
}
