// Starts an emulator of Entra with one or more tenants, and returns its address, credentials and controls. `close`
// stops the emulator, saves the tenants if the option `folder` is set, and removes the temporary files.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { userActor } from "./auditLog/actor";
import { recorded } from "./auditLog/recording";
import { newCertificateAuthority } from "./certificateAuthority";
import { Control } from "./control";
import type { Region } from "./signIn/discovery";
import { load, save, type SavedState } from "./persistence";
import { startPortalServer, type PortalServer } from "./portalServer";
import type { LoggedRequest } from "./requestLog";
import {
    addIdentity,
    addServicePrincipal,
    ADMIN_ROLES,
    DEPLOYER_ROLES,
    newTenant,
    openToCustomers,
    type Identity,
} from "./seed";
import { closeServer, listen } from "./server";
import type { Tenant } from "./tenant";
import { exportTenant, importTenant } from "./tenantState";
import { addUser, type NewUser } from "./users";
import type { TenantUser } from "./graphTypes";
import { World } from "./world";

export type { Fault } from "./faults";
export type { PortalServer } from "./portalServer";
export type { LoggedItem, LoggedRequest } from "./requestLog";
export type { Identity } from "./seed";
export type { AuditRecord } from "./auditLog/record";
export type { UserSession } from "./signIn/userSession";
export type { TenantUser } from "./graphTypes";

export interface EmulatorOptions {
    /** The folder in which the emulator keeps its tenants between runs. Default: the tenants are only in memory. */
    readonly folder?: string;
    readonly region?: Region;
    /** The port on loopback. Default: a free port that the system assigns. */
    readonly port?: number;
    readonly tenants?: number;
    /**
     * If true, the deploying identity is multi-tenant, and requires the permissions that PortalTenantConsent needs in
     * other tenants.
     */
    readonly isServiceProvider?: boolean;
    readonly lagMs?: number;
    readonly latencyMs?: number;
}

export interface Emulator {
    readonly url: string;
    /**
     * The path of a temporary file for `NODE_EXTRA_CA_CERTS`. It contains the certificate of the emulator's authority,
     * and the content of the file that this process's own `NODE_EXTRA_CA_CERTS` names.
     */
    readonly caFile: string;
    readonly caPem: string;
    /** The id of the first tenant. */
    readonly tenantId: string;
    readonly tenantIds: readonly string[];
    /** The environment variables for a deployment into the first tenant, by an identity with the least permissions. */
    readonly env: Readonly<Record<string, string>>;
    readonly control: Control;
    identity(name: "deployer" | "admin", tenantId?: string): Identity;
    /** Adds an application with a client secret and these Graph application permissions. */
    addIdentity(options: {
        readonly tenantId?: string;
        readonly roles: readonly string[];
        readonly displayName?: string;
    }): Identity;
    /** Starts a VB365 portal server on its own port. Restore Portal is not set up on it yet. */
    startPortalServer(port?: number): Promise<PortalServer>;
    /** Grants Graph application permissions to another tenant's application, as an administrator's consent does. */
    consentTo(options: {
        readonly tenantId: string;
        readonly clientId: string;
        readonly roles: readonly string[];
    }): void;
    /** Returns the users of a tenant. Each tenant starts with a few users, and one of them is an administrator. */
    users(tenantId?: string): readonly TenantUser[];
    addUser(options: NewUser & { readonly tenantId?: string }): TenantUser;
    requests(): readonly LoggedRequest[];
    close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
    const world = new World(options.region ?? "Worldwide");
    const saved = options.folder === undefined ? undefined : load(options.folder);
    const identities = new Map(Object.entries(saved?.identities ?? {}));
    if (saved) for (const state of saved.tenants) world.tenants.set(state.tenantId, importTenant(state, world.now));
    else seed(world, identities, options.tenants ?? 1);
    world.replication.set(options.lagMs ?? 0);
    world.latencyMs = options.latencyMs ?? 0;
    const authority = newCertificateAuthority(new Date());
    const server = await listen(world, authority.issue(new Date()), options.port ?? 0);
    const portalServers: PortalServer[] = [];
    const temporary = mkdtempSync(join(tmpdir(), "emulator-"));
    const caFile = join(temporary, "ca.pem");
    writeFileSync(caFile, authority.caPem + authoritiesOfMachine());
    const tenantIds = [...world.tenants.keys()];
    const tenantId = tenantIds[0] ?? "";
    const identity = (name: string, tenant = tenantId) => known(identities, `${tenant}/${name}`);
    if (options.isServiceProvider === true) openToCustomers(tenantOf(world, tenantId), identity("deployer"));
    return {
        url: world.url,
        caFile,
        caPem: authority.caPem,
        tenantId,
        tenantIds,
        env: environment(world.url, caFile, identity("deployer")),
        control: new Control(world),
        identity,
        addIdentity: ({ tenantId: id = tenantId, roles, displayName = "Another identity" }) =>
            byAdministrator(world, id, (tenant) => addIdentity(tenant, displayName, roles)),
        consentTo: ({ tenantId: id, clientId, roles }) => {
            byAdministrator(world, id, (tenant) => addServicePrincipal(tenant, clientId, roles));
        },
        startPortalServer: async (port = 0) => {
            const started = await startPortalServer(authority, world.url, port);
            portalServers.push(started);
            return started;
        },
        users: (id = tenantId) => [...tenantOf(world, id).users.values()],
        addUser: ({ tenantId: id = tenantId, ...user }) =>
            byAdministrator(world, id, (tenant) => addUser(tenant, user)),
        requests: () => world.log.list(),
        close: async () => {
            await Promise.all([closeServer(server), ...portalServers.map((one) => one.close())]);
            if (options.folder !== undefined) save(options.folder, stateOf(world, identities));
            rmSync(temporary, { recursive: true, force: true });
        },
    };
}

/**
 * Returns the authorities in the current file of `NODE_EXTRA_CA_CERTS`, such as the authority of a company's proxy.
 * Node.js reads only one such file, so the emulator's file must contain these authorities too.
 */
function authoritiesOfMachine(): string {
    const file = process.env["NODE_EXTRA_CA_CERTS"];
    try {
        return file === undefined ? "" : `\n${readFileSync(file, "utf8")}`;
    } catch {
        // Node.js itself has already warned that it cannot read the file.
        return "";
    }
}

function seed(world: World, identities: Map<string, Identity>, count: number): void {
    for (let number = 1; number <= count; number++) {
        const name = number === 1 ? "contoso" : `contoso${number}`;
        const tenant = newTenant(randomUUID(), [`${name}.com`, `${name}.onmicrosoft.com`], world.now);
        world.tenants.set(tenant.tenantId, tenant);
        identities.set(`${tenant.tenantId}/deployer`, addIdentity(tenant, "Deployment pipeline", DEPLOYER_ROLES));
        identities.set(`${tenant.tenantId}/admin`, addIdentity(tenant, "Administrator", ADMIN_ROLES));
    }
}

function tenantOf(world: World, id: string): Tenant {
    const tenant = world.tenants.get(id);
    if (!tenant) throw new Error(`the emulator has no tenant ${id}`);
    return tenant;
}

/** Names the tenant's administrator as the actor of a test's set-up, because each audit log entry needs an actor. */
function byAdministrator<T>(world: World, id: string, work: (tenant: Tenant) => T): T {
    const tenant = tenantOf(world, id);
    const administrator = [...tenant.users.values()].find(({ isAdministrator }) => isAdministrator);
    if (!administrator) return work(tenant);
    return recorded({ tenant, tenants: world.tenants }, userActor(administrator, null, undefined), () => work(tenant));
}

function known(identities: ReadonlyMap<string, Identity>, key: string): Identity {
    const found = identities.get(key);
    if (!found) throw new Error(`the emulator has no identity ${key}`);
    return found;
}

function environment(
    url: string,
    caFile: string,
    { tenantId, clientId, clientSecret }: Identity,
): Record<string, string> {
    return {
        ARM_METADATA_HOSTNAME: new URL(url).host,
        AZURE_TENANT_ID: tenantId,
        AZURE_CLIENT_ID: clientId,
        AZURE_CLIENT_SECRET: clientSecret,
        NODE_EXTRA_CA_CERTS: caFile,
    };
}

function stateOf(world: World, identities: ReadonlyMap<string, Identity>): SavedState {
    return {
        tenants: [...world.tenants.values()].map((tenant) => exportTenant(tenant)),
        identities: Object.fromEntries(identities),
    };
}
