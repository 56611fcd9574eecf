// @ts-check
// Makes the schema of the plugin from the table of arguments (provider/shapes.ts) and from the docstrings. Pulumi
// generates the SDKs from this schema, and checks YAML programs against it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { RESOURCES } from "./docs/resources.mjs";
import { declaration } from "./docs/source.mjs";

/**
 * @typedef {import("./docs/source.mjs").Property} Property
 * @typedef {import("../provider/shapes.js").ResourceShape} Shape
 * @typedef {{ type?: string, $ref?: string, items?: PropertySpec, description?: string, secret?: boolean }} PropertySpec
 * @typedef {{ type: string, description?: string, properties?: Record<string, PropertySpec>, required?: string[], enum?: { value: string }[] }} TypeSpec
 * @typedef {{ name: string, version: string, description: string, keywords: string[], license: string }} Manifest
 */

const PACKAGE = "restore-portal";
/** These numbers must be whole. `certificateOverlapDays` may have a fraction. */
const INTEGERS = ["keySize", "validDays", "renewBeforeDays", "restApiPort", "tlsExpiryDays"];

/**
 * @param {string} root
 * @returns {Record<string, unknown>}
 */
export function schemaOf(root) {
    const require = createRequire(join(root, "package.json"));
    const manifest = /** @type {Manifest} */ (require("./package.json"));
    const { SHAPES, nativeType, dynamicType } = /** @type {typeof import("../provider/shapes.js")} */ (
        require("./dist/provider/shapes.js")
    );
    /** @type {Map<string, TypeSpec>} */
    const types = new Map();
    const resources = RESOURCES.map((resource) => {
        const shape = SHAPES.find(({ type }) => type.endsWith(`:${resource.name}`));
        if (!shape) throw new Error(`provider/shapes.ts has no ${resource.name}`);
        const spec = resourceSpec(join(root, resource.file), resource.name, shape, types);
        return [nativeType(shape), { ...spec, aliases: [{ type: dynamicType(shape) }] }];
    });
    const settings = settingsOf(join(root, "provider/restorePortalApp.ts"), types);
    return {
        name: PACKAGE,
        displayName: "Restore Portal",
        version: manifest.version,
        description: manifest.description.replace("dynamic provider", "provider"),
        keywords: [...manifest.keywords, "category/cloud", "kind/native"],
        license: manifest.license,
        language: LANGUAGES,
        config: { variables: settings },
        provider: { description: PROVIDER, inputProperties: settings },
        types: Object.fromEntries([...types].sort(([a], [b]) => (a < b ? -1 : 1))),
        resources: Object.fromEntries(resources),
    };
}

const PROVIDER =
    "Settings for all resources of a provider. An argument of a resource overrides the setting of the same name.";

/** Without `respectSchemaVersion`, the SDKs contain a placeholder instead of the version. */
const LANGUAGES = {
    nodejs: {
        packageName: "restore-portal",
        packageDescription: "Restore Portal for Pulumi",
        dependencies: { "@pulumi/pulumi": "^3.216.0" },
        respectSchemaVersion: true,
    },
    python: {
        packageName: "pulumi_restore_portal",
        requires: { pulumi: ">=3.216.0,<4.0.0" },
        pyproject: { enabled: true },
        respectSchemaVersion: true,
    },
    go: {
        importBasePath: "pulumi-restore-portal/sdks/go/restoreportal",
        rootPackageName: "restoreportal",
        respectSchemaVersion: true,
    },
};

/**
 * @param {string} file
 * @param {string} name
 * @param {Shape} shape
 * @param {Map<string, TypeSpec>} types
 */
function resourceSpec(file, name, shape, types) {
    const args = declaration(file, `${name}Args`);
    const resource = declaration(file, name);
    assertListed(args.properties, shape);
    const docs = new Map(args.properties.map((one) => [one.name, one.doc]));
    const inputs = { file, types, path: "", secret: shape.secret, isInput: true };
    const outputs = { ...inputs, isInput: false };
    const documented = resource.properties.map((one) => ({ ...one, doc: one.doc || (docs.get(one.name) ?? "") }));
    return {
        description: resource.doc,
        inputProperties: specs(args.properties, inputs),
        // The provider's settings can contain the tenant of a consent, so `tenantId` is not required.
        requiredInputs: required(args.properties).filter((one) => one !== "tenantId"),
        properties: specs(documented, outputs),
        required: required(resource.properties).filter((one) => !shape.secret.includes(one)),
        // `pulumi do` lists only resources whose schema contains `listInputs`.
        ...(shape.handler === "restorePortalApp" && { listInputs: { type: "object", properties: {} } }),
    };
}

/**
 * @param {readonly Property[]} properties
 * @param {Shape} shape
 */
function assertListed(properties, { type, inputs }) {
    const names = properties.map(({ name }) => name);
    const differ = [
        ...names.filter((name) => !inputs.includes(name)),
        ...inputs.filter((name) => !names.includes(name)),
    ];
    if (differ.length === 0) return;
    const interfaceName = `${type.replace("restorePortal:", "")}Args`;
    throw new Error(
        `making the schema of ${type}: only one of provider/shapes.ts and the TypeScript interface ${interfaceName} has ${differ.join(", ")}; add each of these arguments to the one that lacks it, or remove it from the other one, and run "npm run build" again`,
    );
}

/**
 * @param {string} file
 * @param {Map<string, TypeSpec>} types
 */
function settingsOf(file, types) {
    const args = declaration(file, "RestorePortalAppArgs").properties;
    const settings = args.filter(({ name }) => ["tenantId", "credentials", "region"].includes(name));
    const properties = specs(settings, { file, types, path: "", secret: [], isInput: true });
    // A sentence about the effect of a change concerns one resource, so the settings of the provider omit it.
    for (const spec of Object.values(properties))
        spec.description = (spec.description ?? "").replace(/ A change .*$/, "");
    return properties;
}

/**
 * @typedef {{ file: string, types: Map<string, TypeSpec>, path: string, secret: readonly string[], isInput: boolean }} Place
 *
 * @param {readonly Property[]} properties
 * @param {Place} place
 * @returns {Record<string, PropertySpec>}
 */
function specs(properties, place) {
    return Object.fromEntries(
        properties.map((property) => {
            const path = place.path === "" ? property.name : `${place.path}.${property.name}`;
            const spec = typeSpec(property, { ...place, path });
            const secret = place.secret.includes(path) ? { secret: true } : {};
            return [property.name, { ...spec, ...(property.doc && { description: property.doc }), ...secret }];
        }),
    );
}

/**
 * @param {Pick<Property, "name" | "type">} property
 * @param {Place} place
 * @returns {PropertySpec}
 */
function typeSpec({ name, type }, place) {
    if (type.endsWith("[]")) return { type: "array", items: typeSpec({ name, type: type.slice(0, -2) }, place) };
    if (type.startsWith("(")) return typeSpec({ name, type: type.slice(1, -1) }, place);
    if (type.startsWith('"')) return place.isInput ? enumSpec(name, type, place) : { type: "string" };
    if (type === "number") return { type: INTEGERS.includes(name) ? "integer" : "number" };
    if (["string", "boolean"].includes(type)) return { type };
    return objectSpec(type, place);
}

/**
 * @param {string} name
 * @param {string} type `"a" | "b"`
 * @param {Place} place
 */
function enumSpec(name, type, { types }) {
    const values = type.split(" | ").map((value) => ({ value: /** @type {string} */ (JSON.parse(value)) }));
    return reference(types, name.charAt(0).toUpperCase() + name.slice(1), { type: "string", enum: values });
}

/**
 * @param {string} name of an interface
 * @param {Place} place
 */
function objectSpec(name, place) {
    const { file, doc, properties } = declaration(place.file, name);
    const { types } = place;
    /** @type {TypeSpec} */
    const spec = { type: "object", ...(doc && { description: doc }), properties: {} };
    const found = reference(types, name.replace(/Args$/, ""), spec);
    spec.properties = specs(properties, { ...place, file });
    spec.required = required(properties);
    return found;
}

/**
 * @param {Map<string, TypeSpec>} types
 * @param {string} name
 * @param {TypeSpec} spec
 */
function reference(types, name, spec) {
    const token = `${PACKAGE}:index:${name}`;
    types.set(token, spec);
    return { $ref: `#/types/${token}` };
}

/** @param {readonly Property[]} properties */
function required(properties) {
    return properties
        .filter(({ isOptional, type }) => !isOptional && !type.includes("undefined"))
        .map(({ name }) => name);
}
