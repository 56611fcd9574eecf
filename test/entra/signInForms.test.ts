// Checks that the deploying identity signs in with certificates and tokens in forms that tools and pipelines write.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { X509Certificate } from "node:crypto";

import { issueCertificate, type IssuedCertificate } from "../../provider/certificate/issue";
import { writePfx } from "../../provider/certificate/pfx/writePfx";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import { assertionOf, PipelineService, type PipelineClient } from "../support/network/pipelineService";

jest.setTimeout(120_000);

const PASSWORD = "kVX-q!9 word";

let world: HooksTenant;
let issued: IssuedCertificate;
let client: PipelineClient;
let folder: string;
let pem: string;
let pfx: Buffer;
/** The variables of the identity, without a secret, certificate or token. */
let ids: Record<string, string>;

beforeAll(async () => {
    world = await HooksTenant.start();
    issued = await issueCertificate({ name: "Deployer", keySize: 2048, validDays: 30, now: new Date() });
    const { certificatePem, privateKey } = issued;
    const { clientId, tenantId } = world.tenant.emulator.identity("deployer");
    const key = new X509Certificate(certificatePem).raw.toString("base64");
    const keyCredentials = [{ type: "AsymmetricX509Cert", usage: "Verify", key }];
    await world.tenant.patchApplication(clientId, { keyCredentials });
    world.keep();
    const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const tokenUrl = `${world.tenant.emulator.url}/${tenantId}/oauth2/v2.0/token`;
    client = { clientId, tokenUrl, certificatePem, keyPem };
    pem = keyPem + certificatePem;
    pfx = writePfx({
        certificatePem,
        privateKey,
        friendlyName: "Deployer",
        password: PASSWORD,
        encryption: "AES256-SHA256",
    });
    folder = mkdtempSync(join(tmpdir(), "sign-in-"));
    // An empty variable counts as unset.
    ids = { ...world.tenant.env, AZURE_CLIENT_SECRET: "" };
});
afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
});

async function signIn(env: Record<string, string>): Promise<HooksStack> {
    const hooks = new HooksProcess({ ...ids, ...env });
    const stack = new HooksStack(hooks);
    try {
        // `check` signs in, so the preview shows whether the credentials work.
        await stack.preview(world.portal());
        return stack;
    } finally {
        await hooks.kill();
    }
}

function file(name: string, content: string | Buffer): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
}

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("signs in with", () => {
    const rows: [name: string, env: () => Record<string, string>][] = [
        [
            "a PFX file",
            () => ({
                AZURE_CLIENT_CERTIFICATE_PATH: file("sp.pfx", pfx),
                AZURE_CLIENT_CERTIFICATE_PASSWORD: PASSWORD,
            }),
        ],
        [
            "a PFX as base64 in a variable",
            () => ({ ARM_CLIENT_CERTIFICATE: pfx.toString("base64"), ARM_CLIENT_CERTIFICATE_PASSWORD: PASSWORD }),
        ],
        [
            "PEM whose line breaks are written as backslash and n",
            () => ({ ARM_CLIENT_CERTIFICATE: pem.replaceAll("\n", "\\n") }),
        ],
        ["a PEM file in UTF-16", () => ({ ARM_CLIENT_CERTIFICATE_PATH: file("sp.pem", utf16(pem)) })],
        [
            "a token file that has a BOM and a line break",
            () => ({ ARM_OIDC_TOKEN_FILE_PATH: file("token", `\uFEFF${assertionOf(client)}\n`) }),
        ],
    ];
    test.each(rows)("%s", async (_name, env) => {
        await signIn(env());
    });
});

describe("in Azure Pipelines, with the service connection in", () => {
    test.each(["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"])(
        "%s, each sign-in gets a new token",
        async (name) => {
            const service = await PipelineService.start(client);
            const connection = "33333333-3333-4333-8333-333333333333";
            await signIn({
                ARM_USE_OIDC: "true",
                SYSTEM_OIDCREQUESTURI: `${service.url}/oidc`,
                SYSTEM_ACCESSTOKEN: "access-token",
                [name]: connection,
            });
            await service.close();
            expect([...new Set(service.requests)]).toEqual([
                expect.stringMatching(
                    new RegExp(
                        `^POST /oidc\\?api-version=[\\d.]+&serviceConnectionId=${connection} Bearer access-token$`,
                    ),
                ),
            ]);
        },
    );
});

test("in a GitHub workflow", async () => {
    const service = await PipelineService.start(client);
    await signIn({
        ARM_USE_OIDC: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: `${service.url}/token?v=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    });
    await service.close();
    expect(service.requests).toEqual(["GET /token?v=1&audience=api%3A%2F%2FAzureADTokenExchange Bearer request-token"]);
});

describe("refuses, and names the variable and the file,", () => {
    const rows: [name: string, env: () => Record<string, string>, message: RegExp][] = [
        [
            "a PFX with another password",
            () => ({
                AZURE_CLIENT_CERTIFICATE_PATH: file("other.pfx", pfx),
                AZURE_CLIENT_CERTIFICATE_PASSWORD: "wrong",
            }),
            /AZURE_CLIENT_CERTIFICATE_PATH \(\/.*other\.pfx\) cannot be opened with the password in AZURE_CLIENT_CERTIFICATE_PASSWORD/,
        ],
        [
            "a certificate without its key",
            () => ({ AZURE_CLIENT_CERTIFICATE_PATH: file("public.pem", issued.certificatePem) }),
            /contains a certificate without its private key/,
        ],
        [
            "JSON around a PFX, without the name of an input of PortalCertificate",
            () => ({ ARM_CLIENT_CERTIFICATE: Buffer.from('{"value":""}').toString("base64") }),
            /ARM_CLIENT_CERTIFICATE is not a usable PFX or PEM: (?!.*source\.pfx).*/,
        ],
    ];
    test.each(rows)("%s", async (_name, env, message) => {
        const { message: said } = await failureOf(signIn(env()));
        expect(said).toMatch(message);
        expect(said).not.toMatch(/cannot be reached/);
    });
});
