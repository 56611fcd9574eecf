// @ts-check
// Reads interfaces, classes and docstrings from the source with TypeScript's own parser. The parser checks no types,
// so it is fast.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/**
 * @typedef {{ name: string, type: string, isOptional: boolean, doc: string, refersTo: string[] }} Property
 * @typedef {{ file: string, name: string, doc: string, properties: Property[] }} Declaration
 */

/** @type {Map<string, ts.SourceFile>} */
const parsed = new Map();

/** @param {string} file */
function parse(file) {
    let source = parsed.get(file);
    if (!source) {
        source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
        parsed.set(file, source);
    }
    return source;
}

/**
 * Returns the docstring of an interface, a class, or a union of object types, and the properties that a user sets
 * or reads.
 *
 * @param {string} usedIn the file that declares it, or that imports it
 * @param {string} name
 * @returns {Declaration}
 */
export function declaration(usedIn, name) {
    const node = find(usedIn, name);
    const members = node ? membersOf(node) : undefined;
    if (!node || !members) throw new Error(`${usedIn} has no interface, class or union type ${name}`);
    const file = node.getSourceFile().fileName;
    const properties = members.map((member) => property(file, member));
    // A program sets only one property of a union of object types, so no property is required.
    const isChoice = ts.isTypeAliasDeclaration(node);
    return {
        file,
        name,
        doc: docOf(node),
        properties: properties.map((one) => ({ ...one, isOptional: isChoice || one.isOptional })),
    };
}

/**
 * @param {ts.Node} node
 * @returns {(ts.ClassElement | ts.TypeElement)[] | undefined}
 */
function membersOf(node) {
    if (ts.isClassDeclaration(node))
        return node.members.filter((one) => ts.isPropertyDeclaration(one) && isPublic(one));
    if (ts.isInterfaceDeclaration(node)) return node.members.filter(ts.isPropertySignature);
    if (!ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type)) return undefined;
    // In `{ generate: ...; pfx?: undefined } | ...`, returns the property that each form allows.
    const forms = node.type.types.filter(ts.isTypeLiteralNode);
    const members = forms.flatMap((form) => form.members.filter(ts.isPropertySignature));
    return members.filter(({ type }) => type?.kind !== ts.SyntaxKind.UndefinedKeyword);
}

/**
 * @param {string} file
 * @param {string} name
 * @returns {ts.Node | undefined} the declaration with this name, in this file or in a file that this file imports
 */
function find(file, name) {
    const source = parse(file);
    for (const statement of source.statements) {
        const isNamed =
            ts.isInterfaceDeclaration(statement) ||
            ts.isClassDeclaration(statement) ||
            ts.isTypeAliasDeclaration(statement);
        if (isNamed && statement.name?.text === name) return statement;
        if (!ts.isImportDeclaration(statement)) continue;
        const bindings = statement.importClause?.namedBindings;
        const from = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : "";
        if (!bindings || !ts.isNamedImports(bindings) || !from.startsWith(".")) continue;
        if (bindings.elements.some((element) => element.name.text === name))
            return find(join(dirname(file), `${from}.ts`), name);
    }
    return undefined;
}

/**
 * @param {string} file
 * @param {ts.ClassElement | ts.TypeElement} member
 * @returns {Property}
 */
function property(file, member) {
    const { type, questionToken } = /** @type {ts.PropertySignature} */ (member);
    /** @type {Set<string>} */
    const refersTo = new Set();
    const text = type ? typeText(file, type, refersTo) : "";
    return {
        name: member.name?.getText() ?? "",
        type: text,
        isOptional: questionToken !== undefined,
        doc: docOf(member),
        refersTo: [...refersTo],
    };
}

/**
 * Returns a type as a user writes it: without Pulumi's `Input` and `Output`, and with the literals in place of their
 * alias.
 *
 * @param {string} file
 * @param {ts.TypeNode} node
 * @param {Set<string>} refersTo receives the names of the type's interfaces and unions of object types
 * @returns {string}
 */
function typeText(file, node, refersTo) {
    if (ts.isUnionTypeNode(node)) {
        const parts = node.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
        return parts.map((part) => typeText(file, part, refersTo)).join(" | ");
    }
    if (ts.isArrayTypeNode(node)) return `${grouped(typeText(file, node.elementType, refersTo))}[]`;
    if (ts.isTypeOperatorNode(node) || ts.isParenthesizedTypeNode(node)) return typeText(file, node.type, refersTo);
    if (!ts.isTypeReferenceNode(node)) return node.getText();
    const name = node.typeName.getText().replace("pulumi.", "");
    const [argument] = node.typeArguments ?? [];
    if (argument && ["Input", "Output"].includes(name)) return typeText(file, argument, refersTo);
    const target = find(file, name);
    const literals = target && ts.isTypeAliasDeclaration(target) ? literalsOf(target) : undefined;
    if (literals) return literals.join(" | ");
    if (target) refersTo.add(name);
    return name;
}

/**
 * Returns the literals of an alias: `"a" | "b"`, `keyof typeof TABLE` or `(typeof LIST)[number]`.
 *
 * @param {ts.TypeAliasDeclaration} alias
 * @returns {string[] | undefined}
 */
function literalsOf({ type, parent }) {
    if (ts.isUnionTypeNode(type)) return type.types.every(ts.isLiteralTypeNode) ? type.types.map(textOf) : undefined;
    const isKeyOf = ts.isTypeOperatorNode(type) && type.operator === ts.SyntaxKind.KeyOfKeyword;
    const query = isKeyOf ? type.type : ts.isIndexedAccessTypeNode(type) ? type.objectType : undefined;
    const name = /^\(?typeof (\w+)\)?$/.exec(query?.getText() ?? "")?.[1];
    const statements = /** @type {ts.SourceFile} */ (parent).statements.filter(ts.isVariableStatement);
    const variables = statements.flatMap(({ declarationList }) => [...declarationList.declarations]);
    let value = variables.find((variable) => variable.name.getText() === name)?.initializer;
    while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression;
    if (value && ts.isObjectLiteralExpression(value))
        return value.properties.map((one) => JSON.stringify(one.name?.getText().replaceAll('"', "")));
    return value && ts.isArrayLiteralExpression(value) ? value.elements.map(textOf) : undefined;
}

/** @param {ts.Node} node */
function textOf(node) {
    return node.getText();
}

/** @param {string} text */
function grouped(text) {
    return text.includes(" | ") ? `(${text})` : text;
}

/** @param {ts.PropertyDeclaration} member */
function isPublic(member) {
    const flags = ts.getCombinedModifierFlags(member);
    return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) === 0;
}

/**
 * Returns the docstring of a node as one line, or "".
 *
 * @param {ts.Node} node
 */
export function docOf(node) {
    const text = node.getSourceFile().text;
    const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const last = ranges.map(({ pos, end }) => text.slice(pos, end)).filter((comment) => comment.startsWith("/**"));
    return (last.at(-1) ?? "")
        .replace(/^\/\*\*|\*\/$/g, "")
        .split("\n")
        .map((line) => line.replace(/^\s*\*\s?/, "").trim())
        .filter(Boolean)
        .join(" ")
        .trim();
}

/**
 * Returns the literals of a union type, each with its docstring.
 *
 * @param {string} file
 * @param {string} name
 * @returns {{ name: string, doc: string }[]}
 */
export function documentedLiterals(file, name) {
    const node = find(file, name);
    if (!node || !ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type))
        throw new Error(`${file} has no union type ${name}`);
    return node.type.types.map((type) => ({ name: type.getText().replaceAll('"', ""), doc: docBefore(type) }));
}

/**
 * The comment for a member of a union is before the `|`, which belongs to no node. So this function reads the comment
 * from the text before the node.
 *
 * @param {ts.TypeNode} type
 */
function docBefore(type) {
    const before = type.getSourceFile().text.slice(0, type.getStart());
    const match = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\|?\s*$/.exec(before);
    return (match?.[1] ?? "").replace(/\s*\n\s*\*\s*/g, " ").trim();
}

/**
 * Returns all files of this repository that a file loads when it runs. An `import type` does not count.
 *
 * @param {string} file
 * @param {Set<string>} [known]
 * @returns {Set<string>}
 */
export function loadedFiles(file, known = new Set()) {
    if (known.has(file)) return known;
    known.add(file);
    for (const statement of parse(file).statements) {
        const specifier =
            ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
                ? statement.moduleSpecifier
                : undefined;
        if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) continue;
        const isOfTypes = ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly === true;
        if (!isOfTypes) loadedFiles(join(dirname(file), `${specifier.text}.ts`), known);
    }
    return known;
}
