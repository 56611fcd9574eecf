// Checks that `check` and `diff` accept values that a preview does not know yet: each input alone, each pair of inputs,
// and all of them.
import { portalCertificate, portalServer, portalTenantConsent, restorePortalApp } from "../../provider/host";
import { UNKNOWN } from "../../provider/inputs/rawInputs";
import { certificateInput } from "../support/hooks/operations";
import { pairsOf, placesOf, withUnknown } from "../support/hooks/unknowns";

type Json = Record<string, unknown>;
interface Hooks {
    check(olds: Json, news: Json): Promise<{ inputs: Json; failures: { property: string; reason: string }[] }>;
    diff(id: string, olds: Json, news: Json): Promise<{ replaces?: string[] }>;
}

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const TENANT_ID = "7c0fbc0c-97bd-4804-ba69-bf1ed293e017";
const portalUrl = "https://portal.abc.com:4443";

interface Situation {
    readonly hooks: Hooks;
    readonly program: Json;
    readonly state?: Json;
}

const common = {
    identity: "p/s//n",
    region: "Worldwide",
    tenantId: TENANT_ID,
    credentials: "TEST",
    registerCertificate: true,
    certificateOverlapDays: 30,
    portalUrl,
    restApiPort: 4443,
    additionalPortalUrls: ["https://a.abc.com:4443", "https://b.abc.com:4443"],
    signInAudience: "AzureADMyOrg",
    adminConsent: true,
    owners: [APP_ID, TENANT_ID],
    serviceManagementReference: "CMDB-1",
    restoreDeleted: false,
    servicePrincipal: "enabled",
};
const consent = {
    identity: "p/s//n",
    applicationId: APP_ID,
    tenantId: TENANT_ID,
    region: "Worldwide",
    credentials: "TEST",
};
const SITUATIONS: Readonly<Record<string, () => Promise<Situation>>> = {
    "a portal to register": async () => ({
        hooks: restorePortalApp as unknown as Hooks,
        program: { ...common, displayName: "Portal", certificate: await certificateInput("c") },
    }),
    "an adopted portal": async () => ({
        hooks: restorePortalApp as unknown as Hooks,
        program: {
            ...common,
            applicationId: APP_ID,
            leaveAlone: ["portalUrl"],
            certificate: await certificateInput("c"),
        },
    }),
    "a generated certificate": () =>
        Promise.resolve({
            hooks: portalCertificate,
            program: {
                source: { generate: { name: "Portal", keySize: 2048, validDays: 365, renewBeforeDays: 30 } },
                pfxEncryption: "AES256-SHA256",
                exportPfx: true,
            },
        }),
    "a certificate from a store": () =>
        Promise.resolve({
            hooks: portalCertificate,
            program: { source: { store: { subject: "CN=a", location: "/nowhere" } }, exportPfx: true },
        }),
    "a managed consent": () =>
        Promise.resolve({
            hooks: portalTenantConsent,
            program: { ...consent, mode: "manage", portalUrl, servicePrincipal: "assignment required" },
        }),
    "a verified consent": () =>
        Promise.resolve({
            hooks: portalTenantConsent,
            program: { ...consent, mode: "verify", servicePrincipal: "present" },
        }),
    "a portal server": () =>
        Promise.resolve({
            hooks: portalServer,
            program: {
                portalUrl,
                serverUrl: "https://vb365.abc.com:4443",
                applicationId: APP_ID,
                authority: "https://login.microsoftonline.com/organizations",
                tlsThumbprint: "AB".repeat(20),
                tlsExpiryDays: 30,
                required: false,
            },
        }),
};

beforeAll(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));

/**
 * Returns whether `check` accepts a certificate from a store while the value at `path` is unknown. If `check` read the
 * store, it would refuse the certificate, because the store of this machine does not contain it.
 */
const isReadable = (path: readonly string[]) => path[1] === "store" || path.length === 1;

/** `olds`: the inputs before an update. If `olds` is empty, this is a first preview. */
async function expectToPass({ hooks, program }: Situation, olds: Json, paths: readonly (readonly string[])[]) {
    const news = withUnknown(program, ...paths);
    const { inputs, failures } = await hooks.check(olds, news);
    expect({ paths, failures }).toEqual({ paths, failures: [] });
    if (Object.keys(olds).length === 0) return;
    const state = {
        ...olds,
        desired: olds,
        managed: { created: "displayName" in olds, owned: [], tenant: TENANT_ID },
        certificates: [],
    };
    const { replaces = [] } = await hooks.diff(APP_ID, { applicationId: APP_ID, ...state }, inputs);
    expect({ paths, replaces }).toEqual({ paths, replaces: [] });
}

describe.each(Object.entries(SITUATIONS))("%s", (name, situationOf) => {
    const isStore = name.endsWith("store");
    let situation: Situation;
    let places: string[][];
    let olds: Json;
    beforeAll(async () => {
        situation = await situationOf();
        places = placesOf(situation.program);
        if (isStore) places = places.filter((path) => path[0] === "source" && isReadable(path));
        ({ inputs: olds } = await situation.hooks.check({}, situation.program));
    });

    test.each(["a first preview", "an update"])("each value may be unknown in %s", async (when) => {
        for (const path of places) await expectToPass(situation, when === "an update" ? olds : {}, [path]);
    });

    test.each(["a first preview", "an update"])("each pair may be unknown in %s", async (when) => {
        const tops = places.filter(({ length }) => length === 1 || isStore);
        for (const pair of pairsOf(tops)) await expectToPass(situation, when === "an update" ? olds : {}, pair);
    });

    test.each(["a first preview", "an update"])("all values may be unknown in %s", (when) =>
        expectToPass(
            situation,
            when === "an update" ? olds : {},
            Object.keys(situation.program)
                .filter((key) => key !== "identity")
                .map((key) => [key]),
        ),
    );
});

test("both names of an application may be unknown, as in arguments that are one Output", async () => {
    const { hooks, program } = await (SITUATIONS["an adopted portal"] as () => Promise<Situation>)();
    await expectToPass({ hooks, program: { ...program, displayName: "x" } }, {}, [["applicationId"], ["displayName"]]);
});

test("a preview does not decide whether a portal is registered while both names are unknown", async () => {
    const { hooks, program } = await (SITUATIONS["an adopted portal"] as () => Promise<Situation>)();
    const news = withUnknown(
        { ...program, signInAudience: undefined, displayName: "x" },
        ["applicationId"],
        ["displayName"],
    );
    const { inputs } = await hooks.check({}, news);
    expect(inputs["signInAudience"]).toBe(inputs["applicationId"]);
});

test("what an unknown mode fills in is unknown too", async () => {
    const { hooks } = await (SITUATIONS["a managed consent"] as () => Promise<Situation>)();
    const { inputs } = await hooks.check({}, withUnknown({ ...consent, mode: "manage" }, ["mode"]));
    expect(inputs["servicePrincipal"]).toBe(inputs["mode"]);
});

const TYPED = {
    adminConsent: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    restApiPort: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    owners: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    certificate: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

test.each(Object.entries(TYPED))("%s may be unknown by the engine's placeholder for its type", async (name, value) => {
    const { inputs, failures } = await restorePortalApp.check(
        {},
        { ...common, displayName: "P", certificate: UNKNOWN, [name]: value },
    );
    expect([failures, inputs[name]]).toEqual([[], UNKNOWN]);
});
