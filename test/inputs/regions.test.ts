// Checks the list of regions, how the provider recognizes the region of a cloud, and the refusal of other names.
import { regionOf } from "../../provider/entra/discovery";
import { publishedCloud } from "../../provider/entra/clouds";
import { regionFailures } from "../../provider/inputs/inputRules";
import { UNKNOWN } from "../../provider/inputs/rawInputs";
import { REGION_NAMES, REGIONS, type Region } from "../../provider/inputs/regions";
import { isSameAuthority } from "../../provider/server/authority";

test("the names are those of VB365", () => {
    expect(REGION_NAMES).toEqual(["Worldwide", "China", "USGovernment", "USDefence"]);
});

test.each(REGION_NAMES)("discovery recognizes %s by its own Graph host", (region) => {
    const others = REGION_NAMES.filter((other) => REGIONS[other].graphHost === REGIONS[region].graphHost);
    expect(others).toEqual([region]);
    expect(regionOf({ msgraph_host: REGIONS[region].graphHost }, { isCustom: false })).toBe(region);
});

test.each(REGION_NAMES)("all names of the sign-in host of %s mean the same authority", (region) => {
    const { loginUrl } = publishedCloud(region);
    for (const alias of REGIONS[region].loginAliases) expect(isSameAuthority(loginUrl, `https://${alias}/`)).toBe(true);
});

describe("a custom cloud stands for", () => {
    const rows: [region: Region, document: Parameters<typeof regionOf>[0]][] = [
        ["Worldwide", { cloud_instance_name: "microsoftonline.com" }],
        ["Worldwide", { cloud_instance_name: "microsoftonline.com", tenant_region_sub_scope: "GCC" }],
        ["Worldwide", {}],
        ["China", { cloud_instance_name: "partner.microsoftonline.cn", tenant_region_sub_scope: null }],
        ["USGovernment", { cloud_instance_name: "microsoftonline.us", tenant_region_sub_scope: "DODCON" }],
        ["USGovernment", { cloud_instance_name: "microsoftonline.us" }],
        ["USDefence", { cloud_instance_name: "microsoftonline.us", tenant_region_sub_scope: "DOD" }],
    ];
    test.each(rows)("%s if its document is %j", (region, document) => {
        expect(regionOf({ ...document, msgraph_host: "localhost:8443" }, { isCustom: true })).toBe(region);
    });
});

test("a published cloud without a region in VB365 gives no region", () => {
    expect(regionOf({ msgraph_host: "graph.contoso.com" }, { isCustom: false })).toBeUndefined();
});

describe("the input region", () => {
    const rows: [region: unknown, reasons: RegExp[]][] = [
        ["Worldwide", []],
        ["USDefence", []],
        [undefined, []],
        [UNKNOWN, []],
        ["worldwide", [/^must be one of "Worldwide", "China", "USGovernment", "USDefence", got "worldwide"$/]],
        ["Germany", [/^must not be "Germany": Microsoft closed .* in October 2021 .*; use "Worldwide"$/]],
    ];
    test.each(rows)("%s has the failures %p", (region, reasons) => {
        const failures = regionFailures({ region });
        expect(failures).toHaveLength(reasons.length);
        reasons.forEach((reason, index) => {
            expect(failures[index]).toEqual({ property: "region", reason: expect.stringMatching(reason) as string });
        });
    });
});

test.each(["__proto__", "constructor", "toString"])("%s is refused with the names of the regions", (region) => {
    const reason = `must be one of "Worldwide", "China", "USGovernment", "USDefence", got "${region}"`;
    expect(regionFailures({ region })).toEqual([{ property: "region", reason }]);
});
