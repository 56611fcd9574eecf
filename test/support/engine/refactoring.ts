// Refactors a program on the real engine, and judges the result. Each starting program is deployed once. Before each
// refactoring, the test restores the copies of the state files and of the tenants' directories.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { acceptedWrites } from "../hooks/ownership";
import { existingApplication } from "../tenant/portals";
import type { Application, TestTenant } from "../tenant/testTenant";
import { expectSuccess, Workspace, type CommandResult } from "./workspace";

type Json = Record<string, unknown>;

export type Kind = "registered" | "adopted" | "consent";

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { PortalTenantConsent, RestorePortalApp } = require("pulumi-restore-portal");
const facts = JSON.parse(require("node:fs").readFileSync(__dirname + "/facts.json", "utf8"));
class Box extends pulumi.ComponentResource {
    constructor(type, name, options) {
        super("contoso:portals:" + type, name, {}, options);
    }
}
const classes = { PortalTenantConsent, RestorePortalApp };
/** Declares the resource of the kind that is tested. */
const make = (name, options, change) => new classes[facts.type](name, { ...facts.args, ...change }, options);
/** Declares a portal that adopts an application. */
const adopt = (name, applicationId) =>
    new RestorePortalApp(name, { portalUrl: facts.args.portalUrl, certificate: facts.args.certificate, applicationId });
`;

export interface Facts {
    readonly type: "RestorePortalApp" | "PortalTenantConsent";
    readonly args: Json;
}

const CONSENT_ROLES = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

/** Makes the deploying identity multi-tenant, and consents to it in the second tenant. */
export async function prepareCustomer(tenant: TestTenant): Promise<void> {
    const { clientId } = tenant.emulator.identity("deployer");
    await tenant.patchApplication(clientId, { signInAudience: "AzureADMultipleOrgs" });
    const tenantId = tenant.emulator.tenantIds[1] ?? "";
    tenant.emulator.consentTo({ tenantId, clientId, roles: CONSENT_ROLES });
}

/**
 * Returns the type and the arguments of the tested resource. Makes the application that an adopted portal or a consent
 * needs.
 */
export async function factsOf(kind: Kind, tenant: TestTenant, certificatePem: string): Promise<Facts> {
    const portal = { portalUrl: "https://portal.abc.com:4443", certificate: { certificatePem } };
    if (kind === "registered") return { type: "RestorePortalApp", args: { displayName: "Restore Portal", ...portal } };
    const applicationId = await existingApplication(tenant, { signInAudience: "AzureADMultipleOrgs" });
    if (kind === "adopted") return { type: "RestorePortalApp", args: { applicationId, ...portal } };
    const { id } = await tenant.application(applicationId);
    const scope = {
        id: "11111111-2222-4333-8444-555555555555",
        value: "access_as_user",
        type: "Admin",
        isEnabled: true,
        adminConsentDisplayName: "Use the portal",
        adminConsentDescription: "Use the portal",
    };
    await tenant.graph("PATCH", `/applications/${id}`, { api: { oauth2PermissionScopes: [scope] } });
    const tenantId = tenant.emulator.tenantIds[1];
    return { type: "PortalTenantConsent", args: { applicationId, tenantId, portalUrl: portal.portalUrl } };
}

/** Writes a program that begins with the common first lines. */
export function declare(workspace: Workspace, facts: Facts, program: string): void {
    workspace.write("facts.json", JSON.stringify(facts));
    workspace.write("index.js", `${PROGRAM}${program}\n`);
}

/** A copy of the stack's state files and of the emulator's tenants. A test can restore both. */
export class Start {
    private readonly directories: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;
    private readonly copy: string;

    constructor(
        private readonly tenant: TestTenant,
        private readonly workspace: Workspace,
        name: string,
    ) {
        this.directories = tenant.emulator.control.snapshot();
        this.copy = join(workspace.folder, `start-${name}`);
        cpSync(workspace.stateFolder, this.copy, { recursive: true });
    }

    comeBack(): void {
        this.tenant.emulator.control.restore(this.directories);
        rmSync(this.workspace.stateFolder, { recursive: true, force: true });
        cpSync(this.copy, this.workspace.stateFolder, { recursive: true });
    }

    /** Makes a second workspace with the same stack name and the same settings. Its state is that of `empty`. */
    static cloneOf(workspace: Workspace, empty: Start): Workspace {
        const clone = new Workspace({ env: workspace.env, stack: workspace.stack });
        cpSync(empty.copy, clone.stateFolder, { recursive: true });
        const settings = `Pulumi.${workspace.stack}.yaml`;
        if (existsSync(join(workspace.folder, settings)))
            cpSync(join(workspace.folder, settings), join(clone.folder, settings));
        return clone;
    }
}

export type Ending = "lives" | "refused";

/** The parts of a resource in state by which a test judges the result. */
export interface Held {
    readonly urn: string;
    readonly type: string;
    readonly applicationId: string;
    readonly isRegistered: boolean;
    readonly tenantId: string;
}

/**
 * Returns the portals and consents in state. Reads the checkpoint files, because each command of the CLI takes a
 * second.
 */
export function heldBy(workspace: Workspace): Held[] {
    const folder = join(workspace.stateFolder, ".pulumi/stacks");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    return files.flatMap((name) => {
        const { checkpoint } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Checkpoint;
        const resources = checkpoint.latest?.resources ?? [];
        return resources.filter(({ type }) => /:(RestorePortalApp|PortalTenantConsent)$/.test(type)).map(heldAs);
    });
}

interface Checkpoint {
    readonly checkpoint: { readonly latest?: { readonly resources?: StateResource[] } | null };
}

interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly inputs: Json;
    readonly outputs: Json;
}

function heldAs({ urn, type, inputs, outputs }: StateResource): Held {
    return {
        urn,
        type,
        applicationId: String(outputs["applicationId"]),
        isRegistered: inputs["applicationId"] === undefined,
        tenantId: String(outputs["tenantId"]),
    };
}

/**
 * Judges a refactoring by its two allowed results. `refused`: `up` fails with a clear message before any write, and
 * nothing changes. `lives`: every object in state exists, no two resources have registered the same application, and
 * the next preview shows no change.
 */
export async function judge(
    tenant: TestTenant,
    workspaces: readonly Workspace[],
    refactor: () => Promise<CommandResult>,
): Promise<Ending> {
    const before = tenant.emulator.control.snapshot();
    tenant.clearLog();
    const { code, output } = await refactor();
    if (code !== 0) {
        expect(acceptedWrites(tenant)).toEqual([]);
        expect(tenant.emulator.control.snapshot()).toEqual(before);
        expect(output).toMatch(/applicationId|alias|deleteBeforeReplace/);
        expect(output).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
        return "refused";
    }
    await expectAlive(tenant, workspaces.flatMap(heldBy));
    for (const workspace of workspaces) expectSuccess(await workspace.preview("--expect-no-changes"));
    return "lives";
}

async function expectAlive(tenant: TestTenant, held: readonly Held[]): Promise<void> {
    expect(held.length).toBeGreaterThan(0);
    for (const { urn, type, applicationId, tenantId } of held) {
        const where = type.endsWith(":PortalTenantConsent") ? tenant.neighbour(tenantId) : tenant;
        const { status } = await where.tryGraph("GET", `/servicePrincipals(appId='${applicationId}')`);
        expect({ urn, status }).toEqual({ urn, status: 200 });
        expect({ urn, grants: (await where.grants(applicationId)).length }).toEqual({ urn, grants: 2 });
    }
    const living = (await tenant.applications()).map(({ appId }: Application) => appId);
    const portals = held.filter(({ type }) => type.endsWith(":RestorePortalApp"));
    for (const { urn, applicationId } of portals)
        expect({ urn, lives: living.includes(applicationId) }).toEqual({ urn, lives: true });
    // Resources may share an application, but at most one of them may have registered it.
    const registered = portals.filter(({ isRegistered }) => isRegistered).map(({ applicationId }) => applicationId);
    expect(new Set(registered).size).toBe(registered.length);
}
