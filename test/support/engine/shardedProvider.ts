// Makes a service provider with customers in several stacks, as docs/pipelines.md describes: the program is
// stacks/serviceProvider/, Pulumi.yaml contains the settings that all stacks share, and a file lists the customers.
import { stacksOf } from "../../../cli/pipelines/job";
import { shardOf } from "../../../provider/shards";
import { startWithCustomers } from "../consent/customers";
import type { TestTenant } from "../tenant/testTenant";
import { writeStackProgram } from "./stackProgram";
import { expectSuccess, Workspace, type CommandResult, type PulumiOptions, type StackState } from "./workspace";

const PORTALS = "production";

interface Customer {
    readonly name: string;
    readonly tenantId: string;
}

export class ShardedProvider {
    readonly workspace: Workspace;
    readonly customers: readonly Customer[];
    applicationId = "";
    private readonly project: string;

    private constructor(
        readonly home: TestTenant,
        public shards: number,
        env: Record<string, string>,
    ) {
        this.workspace = new Workspace({ env: { ...home.env, ...env }, stack: PORTALS });
        writeStackProgram(this.workspace, "serviceProvider");
        this.project = this.workspace.read("Pulumi.yaml");
        const tenants = home.emulator.tenantIds.slice(1);
        this.customers = tenants.map((tenantId, index) => ({ name: `company-${index + 1}`, tenantId }));
    }

    /**
     * Deploys the stack with the portal, and creates the stacks of the customers. `env`: the variables that select the
     * backend.
     */
    static async start(customers: number, shards: number, env: Record<string, string> = {}): Promise<ShardedProvider> {
        const provider = new ShardedProvider(await startWithCustomers(customers), shards, env);
        provider.configure();
        await provider.workspace.init();
        await provider.workspace.upOk();
        const ids = JSON.parse(await provider.workspace.output("applicationIds")) as Record<string, string>;
        provider.applicationId = ids["Worldwide"] ?? "";
        provider.configure();
        for (const stack of provider.stacks) await provider.createStack(stack);
        return provider;
    }

    /** The stacks of the customers. */
    get stacks(): string[] {
        return stacksOf(PORTALS, this.shards).slice(1);
    }

    /** Returns the name of the stack that deploys this customer. */
    stackOf({ name }: Customer): string {
        return `${PORTALS}-${shardOf(name, this.shards)}`;
    }

    customersOf(stack: string): Customer[] {
        return this.customers.filter((customer) => this.stackOf(customer) === stack);
    }

    /** Writes the settings, and the file that lists the customers. */
    configure(customers = this.customers): void {
        const setting = (type: string, value: unknown) => ({ type, default: value });
        const config = {
            shards: setting("integer", this.shards),
            portals: setting("object", { Worldwide: { portalUrl: "https://portal.abc.com:4443" } }),
            applicationIds: setting("object", { Worldwide: this.applicationId }),
            customersFile: setting("string", "customers.json"),
        };
        this.workspace.write("customers.json", JSON.stringify(customers));
        this.workspace.write("Pulumi.yaml", `${this.project}config: ${JSON.stringify(config)}\n`);
    }

    async createStack(stack: string): Promise<void> {
        expectSuccess(await this.on(stack, ["stack", "init", stack]));
    }

    /** Runs the Pulumi CLI on one of the stacks. */
    on(stack: string, args: readonly string[], options: PulumiOptions = {}): Promise<CommandResult> {
        return this.workspace.pulumi(args, { timeoutMs: 900_000, ...options, env: { PULUMI_STACK: stack } });
    }

    /** Returns the names of the customers in the state of a stack. */
    async inState(stack: string): Promise<string[]> {
        const { stdout } = expectSuccess(await this.on(stack, ["stack", "export"]));
        const { deployment } = JSON.parse(stdout) as StackState;
        const consents = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":PortalTenantConsent"));
        return consents.map(({ urn }) => urn.replace(/^.*::customer-/, ""));
    }

    /**
     * Returns, for each customer in order, what the customer's tenant has for the portal: the number of service
     * principals, and the scopes of the grants.
     */
    consents(): { readonly servicePrincipals: number; readonly grants: string[] }[] {
        const states = new Map(this.home.emulator.control.snapshot().map((state) => [state.tenantId, state]));
        return this.customers.map(({ tenantId }) => {
            const { servicePrincipals = [], grants = [] } = states.get(tenantId) ?? {};
            const own = servicePrincipals.filter(({ appId }) => appId === this.applicationId);
            const scopes = grants.filter(({ clientId }) => own.some(({ id }) => id === clientId));
            return { servicePrincipals: own.length, grants: scopes.map(({ scope }) => scope.trim()).sort() };
        });
    }

    async close(): Promise<void> {
        this.workspace.endOrphans();
        this.workspace.remove();
        await this.home.close();
    }
}

/** The result of `consents` for a customer whose users can sign in. */
export const CONSENTED = { servicePrincipals: 1, grants: ["User.Read", "access_as_user"] };
