// Deploys a working portal, starts its portal server, and runs `doctor` on a stack state that contains both.
import type { PortalServer } from "../../../emulator";
import { generateState } from "../../../provider/certificate/makeState";
import type { CertificateInputs, CertificateState } from "../../../provider/certificate/inputs";
import { HooksProcess } from "../hooks/hooksProcess";
import { HooksStack } from "../hooks/hooksStack";
import { IDENTITY } from "../hooks/operations";
import { TestTenant } from "../tenant/testTenant";
import { CliOnState, secret } from "./cliOnState";

export const PORTAL = "https://portal.abc.com:4443";
export const SOURCE = { name: "Restore Portal", keySize: 2048, validDays: 365, renewBeforeDays: 30 };

export interface Check {
    readonly name: string;
    readonly status: "ok" | "warning" | "failed" | "unknown";
    readonly message: string;
    readonly aadsts?: number;
    readonly remedy?: string;
}

export interface Outcome {
    readonly code: number;
    readonly checks: Check[];
    /** Returns the names of the checks with this status. */
    readonly of: (status: Check["status"]) => string[];
}

export class DiagnosedPortal {
    serverState: Record<string, unknown>;
    private readonly healthy: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

    private constructor(
        readonly tenant: TestTenant,
        readonly hooks: HooksProcess,
        readonly cli: CliOnState,
        readonly server: PortalServer,
        readonly portal: Record<string, unknown>,
        readonly certificate: CertificateState,
        readonly appId: string,
    ) {
        const desired = {
            portalUrl: PORTAL,
            serverUrl: server.url,
            applicationId: appId,
            authority: tenant.emulator.url,
            tlsExpiryDays: 30,
            required: false,
            serverStatus: "readable",
            isEnabled: true,
            tlsCertificate: "valid",
        };
        this.serverState = { ...desired, desired };
        this.healthy = tenant.emulator.control.snapshot();
    }

    static async start(): Promise<DiagnosedPortal> {
        const tenant = await TestTenant.start();
        const cli = new CliOnState({ ...tenant.env });
        const inputs = { source: { generate: SOURCE }, pfxEncryption: "AES256-SHA256", status: "current" };
        const certificate = await generateState("certificate-1", inputs as CertificateInputs, SOURCE, new Date());
        const hooks = new HooksProcess(tenant.env);
        const stack = new HooksStack(hooks);
        await stack.up({
            identity: IDENTITY,
            displayName: "Restore Portal",
            portalUrl: PORTAL,
            certificate: certificate.certificate,
            signInAudience: "AzureADMultipleOrgs",
        });
        const { id = "", outputs = {} } = stack.state ?? {};
        const server = await tenant.emulator.startPortalServer();
        return new DiagnosedPortal(tenant, hooks, cli, server, outputs, certificate, id);
    }

    /** Restores the healthy tenant and portal server, and declares the portal, its certificate and `serverState`. */
    reset(): void {
        const { tenant, server, appId } = this;
        tenant.emulator.control.reset();
        tenant.emulator.control.restore(this.healthy);
        server.configure({
            applicationId: appId,
            restorePortalUri: PORTAL,
            isEnabled: true,
            msalAuthorityUri: tenant.emulator.url,
        });
        server.answerWith(undefined);
        server.setVersions(["v6", "v7", "v8"]);
        this.declare({});
    }

    declare({ app = this.portal, withPfx = true, withServer = true }): void {
        const { pfx, pfxPassword, ...publicPart } = this.certificate;
        const secrets = withPfx ? { pfx: secret(pfx), pfxPassword: secret(pfxPassword) } : {};
        this.cli.declare([
            { type: "PortalCertificate", name: "certificate", outputs: { ...publicPart, ...secrets } },
            { type: "RestorePortalApp", name: "portal", outputs: app },
            ...(withServer ? [{ type: "PortalServer" as const, name: "server", outputs: this.serverState }] : []),
        ]);
    }

    async diagnose(): Promise<Outcome> {
        const { code, stdout, stderr } = await this.cli.run("doctor", "--json");
        if (![0, 7, 8].includes(code)) throw new Error(stderr);
        const report = JSON.parse(stdout) as { healthy: boolean; portals: { checks: Check[] }[] };
        expect(report.healthy).toBe(code === 0);
        const checks = report.portals[0]?.checks ?? [];
        return { code, checks, of: (status) => checks.filter((one) => one.status === status).map(({ name }) => name) };
    }

    async close(): Promise<void> {
        this.cli.remove();
        await this.hooks.end();
        await this.tenant.close();
    }
}
