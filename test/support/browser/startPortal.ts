// Starts the test portal with the settings of a deployed portal.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import ts from "typescript";

import { PORTAL_URL } from "../tenant/portals";
import { GRAPH_SCOPES, type ClientCertificate } from "../signIn/signIn";
import type { TestTenant } from "../tenant/testTenant";
import type { ServiceConfiguration } from "./service";

export interface DeployedPortal {
    readonly applicationId: string;
    readonly authority: string;
    readonly apiScope: string;
    readonly certificate: ClientCertificate;
}

export interface Portal {
    /** The port on loopback. */
    readonly port: number;
    /**
     * The TLS certificate. It is self-signed. A browser that trusts it still does not trust the emulator's certificate.
     */
    readonly certificatePem: string;
    stop(): Promise<void>;
}

export async function startPortal(tenant: TestTenant, deployed: DeployedPortal): Promise<Portal> {
    const { certificate, key } = deployed.certificate;
    const folder = mkdtempSync(join(tmpdir(), "test-portal-"));
    const tls = issueTlsCertificate(folder);
    const configuration: ServiceConfiguration = {
        clientId: deployed.applicationId,
        authority: deployed.authority,
        scope: deployed.apiScope,
        graphUrl: `${tenant.emulator.url}/v1.0`,
        graphScopes: GRAPH_SCOPES,
        certificate: {
            thumbprintSha256: createHash("sha256").update(certificate.raw).digest("hex"),
            privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
        },
        tls,
    };
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, tenant.emulator.caPem);
    const child = spawn(process.execPath, ["--eval", service()], {
        cwd: __dirname,
        // Node reads NODE_EXTRA_CA_CERTS only at its start, so the new process gets this variable.
        env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
        stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify(configuration));
    const [line] = (await Promise.race([
        once(child.stdout, "data"),
        once(child, "exit").then(([code]) => Promise.reject(new Error(`the portal's service ended: ${String(code)}`))),
    ])) as [Buffer];
    return {
        port: Number(line.toString()),
        certificatePem: tls.cert,
        stop: async () => {
            child.kill();
            if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

/** Returns the service as JavaScript, because not every Node can run TypeScript. */
function service(): string {
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const text = readFileSync(join(__dirname, "service.ts"), "utf8");
    return ts.transpileModule(text, { compilerOptions: options }).outputText;
}

function issueTlsCertificate(folder: string): ServiceConfiguration["tls"] {
    const [key, cert] = [join(folder, "tls.key"), join(folder, "tls.pem")];
    const { hostname } = new URL(PORTAL_URL);
    const name = ["-subj", `/CN=${hostname}`, "-addext", `subjectAltName=DNS:${hostname}`];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...name, "-keyout", key, "-out", cert];
    execFileSync("openssl", args, { stdio: "pipe" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
