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
if (spec.fails) throw new Error(new pulumi.Config().require("token") + " " + process.env.AZURE_CLIENT_SECRET);
const secret = (args, names = []) =>
    Object.fromEntries(Object.entries(args).map(([key, value]) => [key, names.includes(key) ? pulumi.secret(value) : value]));
for (const [name, { certificate, secrets, ...args }] of Object.entries(spec.portals)) {
    const issued = certificate.generate && new PortalCertificate("certificate-" + name, { source: certificate });
    const inputs = { ...secret(args, secrets), certificate: issued ? issued.certificate : certificate };
    const portal = new RestorePortalApp(name, inputs);
    ids[name] = portal.applicationId;
    if (issued && spec.says) pulumi.all([issued.pfx, issued.pfxPassword]).apply((all) => console.error(all.join(" ")));
}
for (const { name, portal, secrets, ...args } of spec.customers) {
    new PortalTenantConsent(name, { applicationId: ids[portal] ?? portal, ...secret(args, secrets) });
}
`;

export interface CustomerSpec {
    readonly name: string;
    /** The resource name of the portal, or its Application ID. */
    readonly portal: string;
    readonly tenantId: string;
    /** The names of the inputs that the program marks as secret. The arguments of a portal may have `secrets` too. */
    readonly secrets?: readonly string[];
    readonly portalUrl?: string;
}

export interface EstateStack {
    /** `true`: the program prints the PFX file and its password. */
    readonly says?: boolean;
    /**
     * `true`: the program fails with an error that contains two secrets: `token` of the stack's configuration, and the
     * client secret.
     */
    readonly fails?: boolean;
    readonly portals: Readonly<Record<string, Record<string, unknown>>>;
    readonly customers: readonly CustomerSpec[];
}

/** Returns the arguments of a multi-tenant portal, to which customers can consent. */
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

    /**
     * Starts the tenants of a service provider and its customers. Each customer's tenant has consented to the deploying
     * identity.
     */
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

    /** Returns the variable that selects this stack of the workspace. */
    at(stack: string): { readonly PULUMI_STACK: string } {
        return { PULUMI_STACK: stack };
    }

    async deploy(stack: string): Promise<void> {
        await this.pulumi(stack, "stack", "init", stack);
        await this.up(stack);
    }

    async up(stack: string): Promise<void> {
        await this.pulumi(stack, "up", "--yes", "--skip-preview");
    }

    /** Runs a Pulumi command on a stack, and returns its standard output. */
    async pulumi(stack: string, ...args: string[]): Promise<string> {
        const { code, output, stdout } = await this.workspace.pulumi(args, { env: this.at(stack) });
        if (code !== 0) throw new Error(`${args.join(" ")}: exit code ${code}\n${output}`);
        return stdout;
    }

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
