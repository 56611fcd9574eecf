// Checks the differences between a PortalCertificate and the program.
import { certificatePart } from "../../../cli/report/attached";
import type { PreviewedResource } from "../../../cli/report/preview";
import { urnOf } from "../../support/report/previews";

const FILE = { pfx: { file: "portal.pfx" } };
const GENERATE = { generate: { name: "Restore Portal", keySize: 4096, validDays: 365, renewBeforeDays: 30 } };
const THUMBPRINT = "A".repeat(40);

function differences(live: object, declared: object) {
    const certificate = {
        urn: urnOf("dev", "PortalCertificate", "certificate"),
        type: "",
        live: { inputs: { status: "current", ...live }, outputs: {} },
        declared: { status: "current", ...declared },
        operation: "update",
    } as PreviewedResource;
    return certificatePart(certificate).differences;
}

describe("a certificate", () => {
    const imported = { source: FILE, thumbprint: THUMBPRINT };

    test("that the program imports and will now generate differs only in its source", () => {
        const found = differences(imported, { source: GENERATE });
        expect(found.map(({ property, cause }) => [property, cause])).toEqual([["source", "program"]]);
    });

    test("of whose file somebody made another one differs in its thumbprint", () => {
        const found = differences(imported, { source: FILE, thumbprint: "B".repeat(40) });
        expect(found.map(({ property, cause }) => [property, cause])).toEqual([["thumbprint", "drift"]]);
    });

    test("that the program will now import differs in its source and its thumbprint", () => {
        const found = differences({ source: GENERATE }, imported);
        expect(found.map(({ property }) => property).sort()).toEqual(["source", "thumbprint"]);
    });

    test("has texts of its source that a person can read", () => {
        const [source] = differences(imported, { source: GENERATE });
        expect(source).toMatchObject({
            liveText: '{"pfx":{"file":"portal.pfx"}}',
            declaredText: expect.stringContaining('{"generate":{"name":"Restore Portal"') as string,
            up: expect.stringContaining('sets it to {"generate":') as string,
        });
    });
});
