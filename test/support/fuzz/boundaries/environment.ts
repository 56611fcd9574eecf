// Fuzzes environment variables: for credentials and their files, for a proxy, and for certificate authorities.
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clientCertificate } from "../../../../provider/entra/clientCertificate";
import { environmentOf, type Environment } from "../../../../provider/entra/credentialVariables";
import { credentialsPresent, readCredentials, type CredentialKind } from "../../../../provider/entra/credentials";
import { azurePipeline, tokenOfFile, tokenOfVariable } from "../../../../provider/entra/federatedTokens";
import { networkAdvice } from "../../../../provider/entra/networkAdvice";
import { proxyEnvironment } from "../../../../provider/entra/proxyVariables";
import { PortalError } from "../../../../provider/portalError";
import type { Random } from "../../../walk/random";
import type { Boundary } from "../boundary";
import { STEERING_TEXTS } from "../mutations";

type Variables = Record<string, string>;

const SECRET = "planted~Secret.Value-9876543210";
const GUID = "22222222-2222-4222-8222-222222222222";
const folder = mkdtempSync(join(tmpdir(), "fuzz-environment-"));
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const IDS: Variables = { AZURE_TENANT_ID: GUID, AZURE_CLIENT_ID: GUID };
const FILE = join(folder, "credential");

/** The settings before a mutation. Each entry sets some of the variables that the provider reads. */
const HONEST: readonly Variables[] = [
    { ...IDS, AZURE_CLIENT_SECRET: SECRET },
    { ...IDS, AZURE_CLIENT_CERTIFICATE_PATH: FILE, AZURE_CLIENT_CERTIFICATE_PASSWORD: SECRET },
    { ...IDS, ARM_CLIENT_CERTIFICATE: Buffer.from(keyPem).toString("base64"), ARM_CLIENT_CERTIFICATE_PASSWORD: SECRET },
    { ...IDS, AZURE_FEDERATED_TOKEN_FILE: FILE },
    { ...IDS, ARM_OIDC_TOKEN: SECRET, ARM_USE_OIDC: "true" },
    {
        ...IDS,
        ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: GUID,
        SYSTEM_ACCESSTOKEN: SECRET,
        SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/contoso/oidc",
    },
    { HTTPS_PROXY: `http://svc:${SECRET}@proxy.contoso.com:8080`, NO_PROXY: "portal.contoso.com" },
    { NODE_EXTRA_CA_CERTS: FILE },
];

const CODES = ["SELF_SIGNED_CERT_IN_CHAIN", "ENOTFOUND", "CERT_HAS_EXPIRED", "UND_ERR_ABORTED"];

interface EnvironmentMutation {
    readonly variables: Variables;
    /** The content, in base64, of the file that a variable names. */
    readonly file: string;
    readonly code: string;
    readonly prefix?: string;
}

export const boundary: Boundary<EnvironmentMutation> = {
    secrets: [SECRET],
    budgetMs: 0,
    mutate: (random) => {
        const honest = { ...random.of(HONEST), ...(random.chance(0.2) ? random.of(HONEST) : {}) };
        const damaged = Object.entries(honest).map(([name, value]) => [
            name,
            random.chance(0.5) ? damage(random, value) : value,
        ]);
        return {
            variables: Object.fromEntries(damaged.filter(() => random.chance(0.95))) as Variables,
            file: Buffer.from(damage(random, random.of([keyPem, SECRET, "\u0030\u0082\u0001"]))).toString("base64"),
            code: random.of(CODES),
            ...(random.chance(0.1) ? { prefix: "CHINA" } : {}),
        };
    },
    run: ({ variables, file, code, prefix }) => {
        writeFileSync(FILE, Buffer.from(file, "base64"));
        const environment = environmentOf(prefix, variables);
        if (credentialsPresent(prefix, variables)) PROOFS[readCredentials(environment).kind]?.(environment);
        proxyEnvironment(variables);
        const failure = Object.assign(new Error("Proxy response (407) !== 200 when HTTP Tunneling"), { code });
        const known = networkAdvice(failure, "https://login.microsoftonline.com", variables);
        if (known) throw new PortalError("ERR_ENVIRONMENT", known.advice);
    },
};

const PROOFS: Readonly<Partial<Record<CredentialKind, (environment: Environment) => unknown>>> = {
    certificate: clientCertificate,
    workloadIdentity: tokenOfFile,
    oidcToken: tokenOfVariable,
    azurePipelines: azurePipeline,
};

const DAMAGES: readonly ((random: Random, value: string) => string)[] = [
    (random, value) => value + random.of(["\n", "\r", "\r\n", " ", "\t", "\\n"]),
    (random, value) => random.of(["\uFEFF", " ", "\u00ef\u00bb\u00bf", "\u200b"]) + value,
    (random, value) => random.of([`"${value}"`, `'${value}'`, `\u201c${value}\u201d`]),
    (random) => random.of(["", "null", "undefined", "$(X)", "${X}", "%X%", "$env:X", "***", "<secret>", "true", "0"]),
    (random, value) => value + random.of(STEERING_TEXTS),
    (random, value) => value.slice(0, random.number(value.length + 1)),
    (_random, value) => value.replaceAll("\n", "\\n"),
    (_random, value) => Buffer.from(value, "utf16le").toString("latin1"),
    (_random, value) => Buffer.from(value).toString("base64"),
    (_random, value) => value.repeat(200),
    (random, value) => random.of([`http://${value}`, `${value}/../..`, `/${value}`, `%zz@${value}`, `[${value}`]),
];

function damage(random: Random, value: string): string {
    return random.chance(0.9) ? random.of(DAMAGES)(random, value) : value;
}
