// Deploys a portal on the real engine, and changes its certificate over simulated days.
import { openPfx, type ClientCertificate } from "../signIn/signIn";
import { issueCertificates } from "../tenant/certificates";
import { onePortal } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";
import { Workspace, type ProgramSpec } from "./workspace";

export const DAY_MS = 24 * 60 * 60 * 1000;

interface Generated {
    readonly certificate: { readonly thumbprint: string; readonly notAfter: string };
    readonly pfx: string;
    readonly pfxPassword: string;
}

/** Returns a program whose certificate has this name. If the name changes, the provider issues another certificate. */
export function portalWith(name: string, args: Record<string, unknown> = {}): ProgramSpec {
    const program = onePortal({ displayName: "Restore Portal", ...args });
    return { ...program, certificates: { certificate: { source: { generate: { name } } } } };
}

export class RotatingPortal {
    /** Days since the start, on the clocks of the tenant and of the deployments. */
    passed = 0;

    private constructor(
        readonly tenant: TestTenant,
        readonly workspace: Workspace,
    ) {}

    static async start(): Promise<RotatingPortal> {
        const tenant = await TestTenant.start();
        return new RotatingPortal(tenant, await new Workspace({ env: tenant.env }).init());
    }

    async close(): Promise<void> {
        this.workspace.remove();
        await this.tenant.close();
    }

    async rotateTo(name: string, args: Record<string, unknown> = {}): Promise<string> {
        this.workspace.declare(portalWith(name, args));
        await this.workspace.upOk();
        return (await this.generated()).certificate.thumbprint;
    }

    async appId(): Promise<string> {
        return (await this.workspace.outputsOf("portal"))["applicationId"] as string;
    }

    /** Returns the outputs of PortalCertificate in plain text. */
    async generated(): Promise<Generated> {
        return (await this.workspace.outputsOf("certificate", "--show-secrets")) as unknown as Generated;
    }

    async clientCertificate(): Promise<ClientCertificate> {
        const { pfx, pfxPassword } = await this.generated();
        return openPfx(pfx, pfxPassword);
    }

    /** Returns the thumbprints on the application. */
    async registered(id?: string): Promise<string[]> {
        const { keyCredentials } = await this.tenant.application(id ?? (await this.appId()));
        return keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);
    }

    letPass(days: number): Date {
        this.tenant.emulator.control.advanceClock(days * DAY_MS);
        this.passed += days;
        const now = new Date(Date.now() + this.passed * DAY_MS);
        this.workspace.env = { ...this.workspace.env, RESTORE_PORTAL_TEST_TIME: now.toISOString() };
        return now;
    }

    async addForeign(): Promise<string> {
        const [key] = await issueCertificates(1);
        const { id, keyCredentials } = await this.tenant.application(await this.appId());
        const entry = { type: "AsymmetricX509Cert", usage: "Verify", displayName: "Somebody else's", key };
        await this.tenant.graph("PATCH", `/applications/${id}`, { keyCredentials: [...keyCredentials, entry] });
        const known = keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);
        return (await this.registered()).find((thumbprint) => !known.includes(thumbprint))!;
    }

    async keepOnly(isKept: (thumbprint: string) => boolean): Promise<void> {
        const { id, keyCredentials } = await this.tenant.application(await this.appId());
        const kept = keyCredentials.filter(({ customKeyIdentifier }) => isKept(customKeyIdentifier));
        await this.tenant.graph("PATCH", `/applications/${id}`, { keyCredentials: kept });
    }
}
