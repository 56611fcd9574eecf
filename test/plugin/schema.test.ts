// Compares the schema of the plugin with the types and tables of the provider.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { CONSENT_INPUTS } from "../../provider/consent/rules/inputs";
import { PORTAL_INPUTS } from "../../provider/portal/rules/inputs";
import { nativeType, SHAPES } from "../../provider/shapes";
import { valueAt } from "../../provider/inputs/givenInputs";
import { PLUGIN_FOLDER } from "../support/engine/faces";

interface Spec {
    readonly type?: string;
    readonly $ref?: string;
    readonly items?: Spec;
    readonly description?: string;
    readonly secret?: boolean;
}
interface ResourceSpec {
    readonly inputProperties: Readonly<Record<string, Spec>>;
    readonly properties: Readonly<Record<string, Spec>>;
    readonly requiredInputs: readonly string[];
    readonly aliases: readonly { readonly type: string }[];
}
interface TypeSpec {
    readonly type: string;
    readonly properties?: Readonly<Record<string, Spec>>;
}

const schema = JSON.parse(readFileSync(join(PLUGIN_FOLDER, "schema.json"), "utf8")) as {
    readonly types: Readonly<Record<string, TypeSpec>>;
    readonly resources: Readonly<Record<string, ResourceSpec>>;
    readonly provider: { readonly inputProperties: Readonly<Record<string, Spec>> };
};
const resource = (name: string) => schema.resources[`restore-portal:index:${name}`] as ResourceSpec;
const typeOf = ({ $ref }: Spec) => schema.types[$ref?.replace("#/types/", "") ?? ""];

test.each(SHAPES)("$type has every argument and output, each with a description", (shape) => {
    const spec = schema.resources[nativeType(shape)] as ResourceSpec;
    expect(Object.keys(spec.inputProperties).sort()).toEqual([...shape.inputs].sort());
    const undocumented = Object.entries({ ...spec.inputProperties, ...spec.properties }).filter(
        ([, { description = "" }]) => description === "",
    );
    expect(undocumented).toEqual([]);
    expect(spec.aliases).toEqual([{ type: `pulumi-nodejs:dynamic/${shape.type}` }]);
});

test.each([
    ["RestorePortalApp", PORTAL_INPUTS],
    ["PortalTenantConsent", CONSENT_INPUTS],
] as const)("the arguments of %s have the types that check requires", (name, table) => {
    const names = {
        string: "string",
        boolean: "boolean",
        number: "number",
        object: "object",
        strings: "array",
    } as const;
    for (const [input, spec] of Object.entries(resource(name).inputProperties)) {
        const required = (table as Readonly<Record<string, keyof typeof names | "filled">>)[input];
        const type = (spec.type ?? typeOf(spec)?.type ?? "").replace("integer", "number");
        expect([input, type]).toEqual([input, names[required as keyof typeof names]]);
    }
});

test("every reference leads to a type, and every secret of the tables is secret", () => {
    const specs = [...Object.values(schema.resources), ...Object.values(schema.types)]
        .flatMap((one) => Object.values({ ...("inputProperties" in one && one.inputProperties), ...one.properties }))
        .map((spec) => spec.items ?? spec);
    const refs = specs.filter(({ $ref }) => $ref !== undefined);
    expect(refs.length).toBeGreaterThan(5);
    expect(refs.filter((spec) => typeOf(spec) === undefined)).toEqual([]);
    const { source, ...certificate } = resource("PortalCertificate").inputProperties;
    const pfx = typeOf(typeOf(source ?? {})?.properties?.["pfx"] ?? {})?.properties ?? {};
    expect(
        Object.keys(pfx)
            .filter((name) => pfx[name]?.secret === true)
            .sort(),
    ).toEqual(["base64", "password"]);
    expect(Object.values(certificate).some(({ secret }) => secret)).toBe(false);
    const { properties } = resource("PortalCertificate");
    expect([properties["pfx"]?.secret, properties["pfxPassword"]?.secret]).toEqual([true, true]);
    expect(valueAt(schema.provider.inputProperties as Record<string, unknown>, "region.$ref")).toBe(
        "#/types/restore-portal:index:Region",
    );
});
