// Checks which credentials the provider reads from the environment.
import { assertSameTenant, credentialsPresent, readCredentials } from "../../provider/entra/credentials";
import { environmentOf } from "../../provider/entra/credentialVariables";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const BOTH = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT };
const GITHUB = { ARM_USE_OIDC: "true", ACTIONS_ID_TOKEN_REQUEST_URL: "https://t" };
const read = (env: NodeJS.ProcessEnv, name?: string) => readCredentials(environmentOf(name, env));

describe("the kind is", () => {
    const rows: [string, NodeJS.ProcessEnv][] = [
        ["secret", { ...BOTH, AZURE_CLIENT_SECRET: "s" }],
        ["secret", { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: CLIENT, ARM_CLIENT_SECRET: "s" }],
        ["secret", { AZURE_TENANT_ID: TENANT, ARM_CLIENT_ID: CLIENT, ARM_CLIENT_SECRET: "s" }],
        ["certificate", { ...BOTH, AZURE_CLIENT_CERTIFICATE_PATH: "/c.pem" }],
        ["certificate", { ...BOTH, ARM_CLIENT_CERTIFICATE: "base64" }],
        ["workloadIdentity", { ...BOTH, AZURE_FEDERATED_TOKEN_FILE: "/token" }],
        ["workloadIdentity", { ...BOTH, ARM_OIDC_TOKEN_FILE_PATH: "/token" }],
        ["oidcToken", { ...BOTH, ARM_OIDC_TOKEN: "token" }],
        ["githubOidc", { ...BOTH, ...GITHUB }],
        ["githubOidc", { ...BOTH, ...GITHUB, AZURE_FEDERATED_TOKEN_FILE: "/token" }],
        ["workloadIdentity", { ...BOTH, ...GITHUB, ARM_OIDC_TOKEN_FILE_PATH: "/token" }],
        ["secret", { ...BOTH, ...GITHUB, AZURE_CLIENT_SECRET: "s", AZURE_FEDERATED_TOKEN_FILE: "/token" }],
        ["managedIdentity", { ARM_USE_MSI: "true", AZURE_TENANT_ID: TENANT }],
        ["azureCli", {}],
        ["azureCli", { AZURE_CLIENT_SECRET: "" }],
    ];
    test.each(rows)("%s for %j", (kind, env) => {
        expect(read(env).kind).toBe(kind);
    });
});

test("a name reads only the variables with its prefix", () => {
    const env = { ...BOTH, AZURE_CLIENT_SECRET: "s", CHINA_AZURE_TENANT_ID: CLIENT, CHINA_AZURE_CLIENT_ID: TENANT };
    expect(credentialsPresent("CHINA", env)).toBe(true);
    expect(read({ ...env, CHINA_AZURE_CLIENT_SECRET: "t" }, "CHINA")).toEqual({
        kind: "secret",
        tenantId: CLIENT,
        clientId: TENANT,
    });
    expect(credentialsPresent("GERMANY", env)).toBe(false);
});

describe("refuses", () => {
    const rows: [name: string, env: NodeJS.ProcessEnv, message: RegExp][] = [
        [
            "AZURE_ and ARM_ with different tenants",
            { ...BOTH, ARM_TENANT_ID: CLIENT, AZURE_CLIENT_SECRET: "hidden" },
            /AZURE_TENANT_ID and ARM_TENANT_ID differ .*set only one of them, or both to the same value/,
        ],
        [
            "AZURE_ and ARM_ with different clients",
            { ...BOTH, ARM_CLIENT_ID: TENANT, AZURE_CLIENT_SECRET: "hidden" },
            /AZURE_CLIENT_ID and ARM_CLIENT_ID differ/,
        ],
        [
            "a secret without client and tenant",
            { AZURE_CLIENT_SECRET: "hidden" },
            /AZURE_TENANT_ID \(or ARM_TENANT_ID\) and AZURE_CLIENT_ID \(or ARM_CLIENT_ID\) must be set/,
        ],
        [
            "a client without a secret, certificate or token",
            BOTH,
            /: AZURE_CLIENT_ID \(or ARM_CLIENT_ID\) is set without a secret, certificate or token; set AZURE_CLIENT_SECRET \(or ARM_CLIENT_SECRET\), or AZURE_CLIENT_CERTIFICATE_PATH \(or ARM_CLIENT_CERTIFICATE_PATH\), or AZURE_FEDERATED_TOKEN_FILE \(or ARM_OIDC_TOKEN_FILE_PATH\), or unset/,
        ],
    ];
    test.each(rows)("%s", (_name, env, message) => {
        expect(() => read(env)).toThrow(message);
        expect(() => read(env)).not.toThrow(/hidden/);
        expect(() => read(env)).toThrow(expect.objectContaining({ code: "ERR_CREDENTIALS" }) as Error);
    });
});

test.each([
    [
        "a secret without client and tenant",
        { CHINA_AZURE_CLIENT_SECRET: "hidden" },
        /: CHINA_AZURE_TENANT_ID \(or CHINA_ARM_TENANT_ID\) and CHINA_AZURE_CLIENT_ID \(or CHINA_ARM_CLIENT_ID\) must be set/,
    ],
    [
        "a client without a secret",
        { CHINA_ARM_CLIENT_ID: CLIENT },
        /: CHINA_AZURE_CLIENT_ID \(or CHINA_ARM_CLIENT_ID\) is set without .* \(or CHINA_ARM_OIDC_TOKEN_FILE_PATH\)$/,
    ],
])("for credentials with a name, each variable has the prefix: %s", (_name, env, message) => {
    expect(() => read(env, "CHINA")).toThrow(message);
});

test("credentials of another tenant than that of state are refused without a request", () => {
    const env = { ...BOTH, AZURE_CLIENT_SECRET: "s" };
    expect(() => assertSameTenant(CLIENT, undefined, env)).toThrow(`belong to tenant ${TENANT}`);
    expect(() => assertSameTenant(TENANT.toUpperCase(), undefined, env)).not.toThrow();
    expect(() => assertSameTenant(CLIENT, undefined, {})).not.toThrow();
});
