// Fuzzes inputs of the four resources with mistakes that a program may contain, in a first preview and in an update.
import { OPERATION_DEADLINE_MS } from "../../../../provider/entra/retry";
import { portalCertificate, portalServer, portalTenantConsent, restorePortalApp } from "../../../../provider/host";
import { UNKNOWN } from "../../../../provider/inputs/rawInputs";
import type { Random } from "../../../walk/random";
import type { Boundary } from "../boundary";
import { mutateJson, mutateText } from "../mutations";

type Json = Record<string, unknown>;

interface InputMutation {
    readonly resource: keyof typeof RESOURCES;
    readonly news: Json;
    readonly isUpdate: boolean;
}

interface Checked {
    readonly inputs: Json;
    readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

interface Resource {
    check(olds: Json, news: Json): Promise<Checked>;
    diff(id: string, olds: Json, news: Json): Promise<unknown>;
}

const SECRET = "planted~Secret.Value-9876543210";
const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const TENANT_ID = "7c0fbc0c-97bd-4804-ba69-bf1ed293e017";
const PORTAL_URL = "https://portal.abc.com:4443";
const PEM = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
/** Marks `portalUrl` as secret, as the resource class does if the program gives a secret. */
const SECRET_URL = { __given: { secret: ["portalUrl"], ignored: [], extra: [] } };

const PORTAL: Json = {
    identity: "p/s//n",
    region: "Worldwide",
    tenantId: TENANT_ID,
    applicationId: APP_ID,
    certificate: { certificatePem: PEM, id: "c", name: "Portal" },
    certificateOverlapDays: 30,
    portalUrl: PORTAL_URL,
    restApiPort: 4443,
    additionalPortalUrls: ["https://other.abc.com:4443"],
    signInAudience: "AzureADMyOrg",
    adminConsent: true,
    owners: [APP_ID, TENANT_ID],
    servicePrincipal: "enabled",
};

const RESOURCES = {
    restorePortalApp: { hooks: restorePortalApp, programs: [PORTAL] },
    portalCertificate: {
        hooks: portalCertificate,
        programs: [
            { source: { generate: { name: "Portal", keySize: 2048, validDays: 365, renewBeforeDays: 30 } } },
            { source: { pfx: { file: "/nowhere/portal.pfx", password: SECRET } }, exportPfx: true },
            { source: { pfx: { base64: Buffer.from(SECRET).toString("base64"), password: SECRET } } },
            { source: { store: { subject: "CN=portal.abc.com", location: "/nowhere" } } },
        ],
    },
    portalTenantConsent: {
        hooks: portalTenantConsent,
        programs: [
            { identity: "p/s//n", applicationId: APP_ID, tenantId: TENANT_ID, mode: "manage", portalUrl: PORTAL_URL },
            { identity: "p/s//n", applicationId: APP_ID, tenantId: TENANT_ID, mode: "verify", region: "China" },
        ],
    },
    portalServer: {
        hooks: portalServer,
        programs: [
            {
                portalUrl: PORTAL_URL,
                serverUrl: `https://user:${SECRET}@vb.abc.com:4443`,
                applicationId: APP_ID,
                tlsThumbprint: "AB".repeat(20),
                tlsExpiryDays: 30,
                required: false,
            },
        ],
    },
} satisfies Record<string, { hooks: Resource; programs: Json[] }>;

const NAMES = Object.keys(RESOURCES) as (keyof typeof RESOURCES)[];

export const boundary: Boundary<InputMutation> = {
    secrets: [SECRET],
    // If a consent's tenant changed, the hooks look up the new tenant. No host answers here, so they wait and retry.
    budgetMs: OPERATION_DEADLINE_MS,
    mutate: (random) => {
        const resource = random.of(NAMES);
        const program: Json = random.of<Json>(RESOURCES[resource].programs);
        return { resource, news: mutated(random, program), isUpdate: random.chance(0.5) };
    },
    run: async ({ resource, news, isUpdate }) => {
        const { hooks, programs } = RESOURCES[resource];
        const [honest = {}] = programs as Json[];
        const olds = isUpdate ? (await hooks.check({}, honest)).inputs : {};
        const { inputs, failures } = await hooks.check(olds, news);
        // Prints what the engine prints, so that the fuzz judges it: the reason, and the value of the property.
        for (const { property, reason } of failures) {
            console.log(property === "" ? reason : `${property} ${text(news[property])} ${reason}`);
        }
        const state = { ...olds, managed: {}, desired: olds, certificates: [] };
        if (isUpdate && failures.length === 0) await hooks.diff(APP_ID, state, inputs);
    },
    isExpected: ({ name }) => name.startsWith("ERR_"),
};

function mutated(random: Random, program: Json): Json {
    const start = random.chance(0.2) ? { ...program, ...secretUrl(program) } : program;
    let news: unknown = start;
    for (let left = 1 + random.number(3); left > 0; left--) news = mutateOnce(random, news);
    return typeof news === "object" && news !== null && !Array.isArray(news) ? (news as Json) : start;
}

function secretUrl(program: Json): Json {
    return "portalUrl" in program ? { portalUrl: `http://${SECRET}.abc.com`, ...SECRET_URL } : {};
}

function mutateOnce(random: Random, value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const { __given, ...inputs } = value as Json;
    const names = Object.keys(inputs).filter((name) => name !== "identity");
    const given = __given === undefined ? {} : { __given };
    if (names.length === 0) return value;
    const name = random.of(names);
    switch (random.number(4)) {
        case 0:
            return { ...inputs, [name]: UNKNOWN, ...given };
        case 1:
            // Texts that contain the secret are not cut here. A URL that is cut before its "@" no longer shows that it
            // contains a password, so the provider could not mask the password.
            return typeof inputs[name] === "string" && !inputs[name].includes(SECRET)
                ? { ...inputs, [name]: mutateText(random, inputs[name]), ...given }
                : value;
        case 2:
            return { ...inputs, [`${name.slice(0, -1)}x`]: inputs[name], ...given };
        default:
            return { ...inputs, [name]: mutateJson(random, inputs[name]), ...given };
    }
}

/** Shows a value as the engine prints it. If the value is an object, the engine prints the whole object. */
function text(value: unknown): string {
    return value === undefined ? "{<nil>}" : JSON.stringify(value);
}
