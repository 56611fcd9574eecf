// Starts a service provider and its customers in one emulator, and a process that runs the hooks of
// PortalTenantConsent.
import { HooksProcess } from "../hooks/hooksProcess";
import { HooksStack } from "../hooks/hooksStack";
import { TestTenant, type Application, type Grant } from "../tenant/testTenant";

type Json = Record<string, unknown>;

export const GRAPH = "00000003-0000-0000-c000-000000000000";
export const CONSENT_ROLES = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
export const IDENTITY = "organization/portals/dev/customer";
const SCOPE = {
    id: "11111111-2222-4333-8444-555555555555",
    value: "access_as_user",
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "Use the portal",
    adminConsentDescription: "Use the portal",
};

/**
 * Starts a service provider's tenant. Every customer's tenant has consented to the service provider's deploying
 * identity.
 */
export async function startWithCustomers(customers: number): Promise<TestTenant> {
    const home = await TestTenant.start({ tenants: 1 + customers, isServiceProvider: true });
    const { clientId } = home.emulator.identity("deployer");
    for (const tenantId of home.emulator.tenantIds.slice(1)) {
        home.emulator.consentTo({ tenantId, clientId, roles: CONSENT_ROLES });
    }
    return home;
}

export interface CustomerState {
    readonly servicePrincipal: Json | undefined;
    /** The scopes of each grant, such as `User.Read of Graph` and `access_as_user of itself`. */
    readonly grants: string[];
}

export class ServiceProvider {
    hooks: HooksProcess;
    app!: Application;
    private untouched: ReturnType<TestTenant["emulator"]["control"]["snapshot"]> = [];

    private constructor(readonly home: TestTenant) {
        this.hooks = this.startHooks();
    }

    /** The service provider's deploying identity is multi-tenant, and every customer has consented to it. */
    static async start(customers = 1): Promise<ServiceProvider> {
        const provider = new ServiceProvider(await TestTenant.start({ tenants: customers + 1 }));
        await provider.register();
        provider.untouched = provider.control.snapshot();
        return provider;
    }

    get control() {
        return this.home.emulator.control;
    }

    get deployer() {
        return this.home.emulator.identity("deployer");
    }

    customer(number = 1): TestTenant {
        return this.home.neighbour(this.home.emulator.tenantIds[number] ?? "");
    }

    private async register(): Promise<void> {
        const multi = "AzureADMultipleOrgs";
        this.app = await this.home.graph<Application>("POST", "/applications", {
            displayName: "Portal",
            signInAudience: multi,
            tags: ["restore-portal:0123456789abcdef:i,s"],
            api: { oauth2PermissionScopes: [SCOPE] },
            spa: { redirectUris: ["https://portal.abc.com:4443"] },
        });
        const required = { [GRAPH]: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", [this.app.appId]: SCOPE.id };
        await this.home.patchApplication(this.app.appId, {
            identifierUris: [`api://${this.app.appId}`],
            requiredResourceAccess: Object.entries(required).map(([resourceAppId, id]) => ({
                resourceAppId,
                resourceAccess: [{ id, type: "Scope" }],
            })),
        });
        await this.home.patchApplication(this.deployer.clientId, { signInAudience: multi });
        for (const tenantId of this.home.emulator.tenantIds.slice(1)) {
            this.home.emulator.consentTo({ tenantId, clientId: this.deployer.clientId, roles: CONSENT_ROLES });
        }
    }

    startHooks(env: Record<string, string> = {}): HooksProcess {
        const onSleep = (ms: number) => this.control.advanceClock(ms);
        const all = { RESTORE_PORTAL_WAIT_SECONDS: "60", ...this.home.env, ...env };
        return new HooksProcess(all, { onSleep, resource: "portalTenantConsent" });
    }

    stack(hooks = this.hooks): HooksStack {
        return new HooksStack(hooks);
    }

    /** Returns the inputs of PortalTenantConsent, by default for the first customer. */
    args(more: Json = {}): Json {
        const tenantId = this.customer().tenantId;
        return { identity: IDENTITY, applicationId: this.app.appId, tenantId, ...more };
    }

    async deployed(more: Json = {}): Promise<HooksStack> {
        const stack = this.stack();
        await stack.up(this.args(more));
        return stack;
    }

    async stateOf(customer = this.customer(), appId = this.app.appId): Promise<CustomerState> {
        const { status, body } = await customer.tryGraph("GET", `/servicePrincipals(appId='${appId}')`);
        if (status === 404) return { servicePrincipal: undefined, grants: [] };
        const servicePrincipal = body as Json & { id: string };
        const { id: graphId } = await customer.servicePrincipal(GRAPH);
        const named = (grant: Grant) => {
            const of = { [graphId]: "Graph", [servicePrincipal.id]: "itself" }[grant.resourceId] ?? grant.resourceId;
            return `${grant.scope} of ${of}`;
        };
        return { servicePrincipal, grants: (await customer.grants(appId)).map(named).sort() };
    }

    /** Runs a refresh and a preview. Checks that the preview shows no change, and that neither writes. */
    async expectCalm(stack: HooksStack, args: Json): Promise<void> {
        this.home.clearLog();
        await stack.refresh();
        expect(await stack.preview(args)).toMatchObject({ hook: "none", named: [] });
        expect(this.home.writes()).toEqual([]);
    }

    reset(): void {
        this.control.reset();
        this.control.restore(this.untouched);
    }

    async close(): Promise<void> {
        await this.hooks.end();
        await this.home.close();
    }
}

export const GRANTED = ["User.Read of Graph", "access_as_user of itself"];
