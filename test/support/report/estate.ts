// Deploys portals and customers in several stacks of one project to the embedded tenant, on the real engine.
import { startWithCustomers } from "../consent/customers";
import { Workspace } from "../engine/workspace";
import type { TestTenant } from "../tenant/testTenant";

const PROGRAM = `
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { PortalCertificate, PortalTenantConsent, RestorePortalApp } = require("pulumi-restore-portal");
const spec = JSON.parse(fs.readFileSync(__dirname + "/program.json", "utf8"))[pulumi.getStack()];
const ids = {};
for (const [name, { certificate, ...args }] of Object.entries(spec.portals)) {
    const issued = certificate.generate && new PortalCertificate("certificate-" + name, { source: certificate });
    const portal = new RestorePortalApp(name, { ...args, certificate: issued ? issued.certificate : certificate });
    ids[name] = portal.applicationId;
}
for (const { name, portal, ...args } of spec.customers) {
    new PortalTenantConsent(name, { applicationId: ids[portal] ?? portal, ...args });
}
`;

export interface CustomerSpec {
    readonly name: string;
    /** The resource name of the portal, or its Application ID. */
    readonly portal: string;
    readonly tenantId: string;
}

export interface EstateStack {
    readonly portals: Readonly<Record<string, Record<string, unknown>>>;
    readonly customers: readonly CustomerSpec[];
}

/** The arguments of a portal for customers. */
export function portalArgs(more: Record<string, unknown> = {}): Record<string, unknown> {
    return {
        displayName: "Restore Portal",
        portalUrl: "https://portal.abc.com:4443",
        signInAudience: "AzureADMultipleOrgs",
        certificate: { generate: { name: "Restore Portal" } },
        ...more,
    };
}

export class Estate {
    private readonly spec: Record<string, EstateStack> = {};

    private constructor(
        readonly home: TestTenant,
        readonly workspace: Workspace,
    ) {}

    /** Each customer's tenant has consented to the deploying identity. */
    static async start(customers: number): Promise<Estate> {
        const home = await startWithCustomers(customers);
        const workspace = new Workspace({ env: home.env });
        workspace.write("index.js", PROGRAM);
        return new Estate(home, workspace);
    }

    get customers(): readonly string[] {
        return this.home.emulator.tenantIds.slice(1);
    }

    declare(stack: string, spec: EstateStack): void {
        this.spec[stack] = spec;
        this.workspace.write("program.json", JSON.stringify(this.spec));
    }

    /** The workspace on another stack. */
    at(stack: string): { readonly PULUMI_STACK: string } {
        return { PULUMI_STACK: stack };
    }

    async deploy(stack: string): Promise<void> {
        const env = this.at(stack);
        for (const args of [
            ["stack", "init", stack],
            ["up", "--yes", "--skip-preview"],
        ]) {
            const { code, output } = await this.workspace.pulumi(args, { env });
            if (code !== 0) throw new Error(`${args.join(" ")}: exit code ${code}\n${output}`);
        }
    }

    /** Returns the Application ID of a portal. */
    async applicationId(stack: string, portal: string): Promise<string> {
        const { stdout } = await this.workspace.pulumi(["stack", "export"], { env: this.at(stack) });
        const { deployment } = JSON.parse(stdout) as {
            deployment: { resources: { urn: string; outputs?: { applicationId?: string } }[] };
        };
        const found = deployment.resources.find(({ urn }) => urn.endsWith(`RestorePortalApp::${portal}`));
        return found?.outputs?.applicationId ?? "";
    }

    async close(): Promise<void> {
        this.workspace.remove();
        await this.home.close();
    }
}
