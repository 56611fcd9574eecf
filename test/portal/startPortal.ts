// Starts the test portal as its administrator has set it up.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { issueServerCertificate } from "../../emulator/certificateAuthority";
import type { ClientCertificate } from "../support/signIn";
import type { Tenant } from "../support/tenant";
import type { ServiceConfiguration } from "./service";

export interface DeployedPortal {
    readonly applicationId: string;
    readonly authority: string;
    readonly apiScope: string;
    readonly certificate: ClientCertificate;
}

export interface Portal {
    /** On loopback. */
    readonly port: number;
    /** Of its TLS certificate's issuer. */
    readonly caPem: string;
    stop(): Promise<void>;
}

export async function startPortal(tenant: Tenant, deployed: DeployedPortal): Promise<Portal> {
    const { certificate, key } = deployed.certificate;
    const tls = issueServerCertificate(new Date());
    const configuration: ServiceConfiguration = {
        clientId: deployed.applicationId,
        authority: deployed.authority,
        scope: deployed.apiScope,
        graphUrl: `${tenant.emulator.url}/v1.0`,
        certificate: {
            thumbprintSha256: createHash("sha256").update(certificate.raw).digest("hex"),
            privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
        },
        tls: { key: tls.keyPem, cert: tls.certificatePem + tls.caPem },
    };
    const folder = mkdtempSync(join(tmpdir(), "test-portal-"));
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, tenant.emulator.caPem);
    const child = spawn(process.execPath, ["--no-warnings", join(__dirname, "service.ts"), __dirname], {
        // Node reads the file when it starts, and no later.
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
        caPem: tls.caPem,
        stop: async () => {
            child.kill();
            if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
