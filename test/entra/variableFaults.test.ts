// Checks that the message names an environment variable whose value a shell, a file or a pipeline has damaged. No
// service may receive such a value.
import { generateKeyPairSync } from "node:crypto";

import { publishedCloud } from "../../provider/entra/clouds";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { credentialsPresent, readCredentials } from "../../provider/entra/credentials";
import { tokenRequester } from "../../provider/entra/tokens";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const SECRET = "abc8Q~this.is-a_secret~of.entra";
const IDS = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT };

async function refusalOf(env: NodeJS.ProcessEnv, name?: string): Promise<Error> {
    const request = await tokenRequester(environmentOf(name, env), publishedCloud("Worldwide"), TENANT);
    return request().then(
        () => new Error("a token"),
        (error: unknown) => error as Error,
    );
}

describe("a client secret that", () => {
    const rows: [name: string, value: string, fault: RegExp][] = [
        ["ends with a line feed", `${SECRET}\n`, /AZURE_CLIENT_SECRET ends with a line break/],
        ["ends with a carriage return", `${SECRET}\r`, /AZURE_CLIENT_SECRET ends with a line break/],
        ["ends with both", `${SECRET}\r\n`, /AZURE_CLIENT_SECRET ends with a line break/],
        ["ends with a backslash and an n", `${SECRET}\\n`, /AZURE_CLIENT_SECRET contains a line break/],
        ["has two lines", `${SECRET}\n${SECRET}`, /AZURE_CLIENT_SECRET contains a line break/],
        ["has quotes around it", `"${SECRET}"`, /AZURE_CLIENT_SECRET begins or ends with a quotation mark/],
        ["has single quotes around it", `'${SECRET}'`, /AZURE_CLIENT_SECRET begins or ends with a quotation mark/],
        ["has typographic quotes around it", `\u201c${SECRET}\u201d`, /SECRET begins or ends with a quotation mark/],
        ["begins with a BOM", `\uFEFF${SECRET}`, /AZURE_CLIENT_SECRET begins with a byte order mark/],
        ["begins with a misread BOM", `\u00ef\u00bb\u00bf${SECRET}`, /begins with a byte order mark/],
        ["is null", "null", /AZURE_CLIENT_SECRET is the text that a program writes for a missing value/],
        ["is undefined", "undefined", /is the text that a program writes/],
        ["is None", "None", /is the text that a program writes/],
        ["is a variable of Azure Pipelines", "$(AZURE_CLIENT_SECRET)", /AZURE_CLIENT_SECRET has the name of another/],
        ["is a variable of a shell", "${SECRET}", /has the name of another variable/],
        ["is a variable without braces", "$AZURE_CLIENT_SECRET", /has the name of another variable/],
        ["is a variable of Windows", "%AZURE_CLIENT_SECRET%", /has the name of another variable/],
        ["is a variable of PowerShell", "$env:SECRET", /has the name of another variable/],
        ["is an expression of GitHub", "${{ secrets.SECRET }}", /has the name of another variable/],
        ["is a template", "{{ secret }}", /has the name of another variable/],
        ["is a placeholder", "<client secret>", /is a placeholder/],
        ["is a mask", "***", /is a placeholder/],
        ["begins with a space", ` ${SECRET}`, /begins or ends with a space or a tab/],
        ["contains an invisible space", `abc\u200b${SECRET}`, /character that is invisible or not ASCII/],
    ];
    test.each(rows)("%s is named, and never shown", async (_name, value, fault) => {
        const error = await refusalOf({ ...IDS, AZURE_CLIENT_SECRET: value });
        expect(error).toMatchObject({ code: "ERR_CREDENTIALS" });
        expect(error.message).toMatch(fault);
        expect(error.message).not.toContain(SECRET);
    });
});

describe("a damaged value is named in", () => {
    const rows: [name: string, env: NodeJS.ProcessEnv, fault: RegExp][] = [
        ["a tenant", { AZURE_TENANT_ID: `${TENANT}\n` }, /AZURE_TENANT_ID ends with a line break/],
        ["a tenant of azuread", { ARM_TENANT_ID: "$(TENANT)" }, /ARM_TENANT_ID has the name of another variable/],
        ["a client", { AZURE_CLIENT_ID: `"${CLIENT}"` }, /AZURE_CLIENT_ID begins or ends with a quotation mark/],
        ["a client that is a secret", { AZURE_CLIENT_ID: SECRET }, /AZURE_CLIENT_ID must be an Application/],
        ["a tenant that is a secret", { AZURE_TENANT_ID: SECRET }, /AZURE_TENANT_ID must be the tenant's GUID/],
        ["a token", { AZURE_CLIENT_SECRET: "", ARM_OIDC_TOKEN: "ey.a.b\n" }, /ARM_OIDC_TOKEN ends with a line break/],
        [
            "the path of a certificate",
            { AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: "%USERPROFILE%\\sp.pfx" },
            /AZURE_CLIENT_CERTIFICATE_PATH contains the name of a variable/,
        ],
        [
            "the path of a certificate below the home folder",
            { AZURE_CLIENT_SECRET: "", ARM_CLIENT_CERTIFICATE_PATH: "~/sp.pfx" },
            /ARM_CLIENT_CERTIFICATE_PATH begins with ~, which only a shell replaces/,
        ],
        [
            "a certificate",
            { AZURE_CLIENT_SECRET: "", ARM_CLIENT_CERTIFICATE: "$(certificate)" },
            /ARM_CLIENT_CERTIFICATE has the name of another variable/,
        ],
    ];
    test.each(rows)("%s", async (_name, env, fault) => {
        const error = await refusalOf({ ...IDS, AZURE_CLIENT_SECRET: SECRET, ...env });
        expect(error.message).toMatch(fault);
        expect(error.message).not.toContain(SECRET);
    });

    test("a set with a name", async () => {
        const set = { TENANT_ID: TENANT, CLIENT_ID: CLIENT, CLIENT_SECRET: "null" };
        const env = Object.fromEntries(Object.entries(set).map(([name, value]) => [`CHINA_AZURE_${name}`, value]));
        expect((await refusalOf(env, "CHINA")).message).toMatch(/CHINA_AZURE_CLIENT_SECRET is the text/);
    });
});

describe("PEM text is refused with what it contains:", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const block = (label: string) => `-----BEGIN ${label}-----\n${"A".repeat(64)}\n-----END ${label}-----\n`;
    test.each([
        [
            "a public key",
            publicKey.export({ type: "spki", format: "pem" }).toString(),
            /neither a certificate nor a pri/,
        ],
        ["a certificate request", block("CERTIFICATE REQUEST"), /is PEM text with neither a certificate nor a private/],
        ["a key that was cut", key.slice(0, 400), /a BEGIN line that has no matching END line; copy the whole text/],
        ["a key alone", key, /a private key, but no certificate/],
        [
            "a key of OpenSSH",
            block("OPENSSH PRIVATE KEY"),
            /the format of OpenSSH; a key must begin with BEGIN PRIVATE/,
        ],
        ["a damaged key", block("PRIVATE KEY"), /a damaged private key; export it again/],
    ])("%s", async (_name, pem, fault) => {
        const env = { ...IDS, AZURE_CLIENT_SECRET: "", ARM_CLIENT_CERTIFICATE: pem };
        const { message } = await refusalOf(env);
        expect(message).toMatch(fault);
        expect(message).not.toMatch(/without its private key/);
    });
});

// A pipeline may set variables that this identity does not use. So a damaged value is an error only if the identity
// needs its variable.
test("a damaged value that is not used is no fault", () => {
    const env = { ...IDS, AZURE_CLIENT_SECRET: SECRET, ARM_CLIENT_CERTIFICATE: "$(certificate)" };
    expect(readCredentials(environmentOf(undefined, env)).kind).toBe("secret");
});

describe("credentials that are named but not set", () => {
    test.each([
        ["nothing of them", {}],
        ["only others", { ...IDS, AZURE_CLIENT_SECRET: SECRET }],
        ["only their tenant", { CHINA_AZURE_TENANT_ID: TENANT }],
    ])("are named by their variables and never replaced by az login: %s is set", async (_name, env) => {
        const { message } = await refusalOf(env, "CHINA");
        expect(message).toMatch(/set CHINA_AZURE_TENANT_ID, CHINA_AZURE_CLIENT_ID and CHINA_AZURE_CLIENT_SECRET/);
    });
});

describe("ARM_USE_OIDC", () => {
    const rows: [name: string, env: NodeJS.ProcessEnv, message: RegExp][] = [
        [
            "in a GitHub job that gets no token",
            { GITHUB_ACTIONS: "true" },
            /add `permissions: id-token: write` to the job/,
        ],
        [
            "in Azure Pipelines without a service connection",
            { SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/oidc" },
            /set ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID to its id, and SYSTEM_ACCESSTOKEN/,
        ],
        [
            "elsewhere",
            {},
            /set ARM_OIDC_TOKEN to the token that the pipeline issues, or ARM_OIDC_TOKEN_FILE_PATH to the path of a file with this token/,
        ],
    ];
    test.each(rows)("%s says what is missing", async (_name, env, message) => {
        expect((await refusalOf({ ...IDS, ARM_USE_OIDC: "true", ...env })).message).toMatch(message);
    });

    test.each(["ARM_USE_OIDC", "ARM_USE_MSI"])("and ARM_USE_MSI are never ignored: %s", async (name) => {
        const rows: [value: string, fault: RegExp][] = [
            ['"true"', /begins or ends with a quotation mark/],
            ["$(useFlag)", /has the name of another variable/],
            ["yes", /must be true or false/],
        ];
        for (const [value, fault] of rows) {
            expect(credentialsPresent(undefined, { [name]: value })).toBe(true);
            const { message } = await refusalOf({ AZURE_TENANT_ID: TENANT, [name]: value });
            expect(message).toMatch(new RegExp(`: ${name} ${fault.source}`));
        }
    });

    test.each(["false", "0", "FALSE", " ", "f\r\n"])("as %j does not count as credentials", (value) => {
        expect(credentialsPresent(undefined, { ARM_USE_OIDC: value, ARM_USE_MSI: value })).toBe(false);
    });
});

describe("Azure Pipelines", () => {
    const connection = { ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: CLIENT };
    const uri = { SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/oidc" };
    const rows: [name: string, env: NodeJS.ProcessEnv, message: RegExp][] = [
        ["without SYSTEM_ACCESSTOKEN", { ...connection, ...uri }, /SYSTEM_ACCESSTOKEN is not; map it in the step/],
        [
            "without SYSTEM_OIDCREQUESTURI",
            { ...connection, SYSTEM_ACCESSTOKEN: "t" },
            /SYSTEM_OIDCREQUESTURI is missing in this step; .* pass it on to this step/,
        ],
        [
            "with an access token that was not replaced",
            { ...connection, ...uri, SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" },
            /SYSTEM_ACCESSTOKEN has the name of another variable/,
        ],
    ];
    test.each(rows)("%s names what to map", async (_name, env, message) => {
        expect((await refusalOf({ ...IDS, ...env })).message).toMatch(message);
    });
});

test("a file that does not exist is named once, with its variable and its absolute path", async () => {
    const { message } = await refusalOf({ ...IDS, AZURE_FEDERATED_TOKEN_FILE: "no/such/token" });
    expect(message).toContain(`AZURE_FEDERATED_TOKEN_FILE names ${process.cwd()}/no/such/token, which does not exist`);
    expect(message).not.toMatch(/ENOENT/);
});
