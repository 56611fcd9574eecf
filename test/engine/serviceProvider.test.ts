// Deploys the program in stacks/serviceProvider/. The service provider has a portal in each of three regions, and fifty
// customers. Five of the customers have different problems.
import { randomUUID } from "node:crypto";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";

import { nameBySignIn } from "../support/signIn/msalSignIn";
import { openPfx } from "../support/signIn/signIn";
import { TestTenant, type Application } from "../support/tenant/testTenant";
import { installForTemplate } from "../support/engine/sdk";
import { writeStackProgram } from "../support/engine/stackProgram";
import { expectSuccess, Workspace, type CommandResult } from "../support/engine/workspace";

jest.setTimeout(600_000);

const CONSENT_ROLES = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];
const REGIONS = ["Worldwide", "China", "USGovernment"] as const;
type Region = (typeof REGIONS)[number];
/** The number of customers without a problem in each region. */
const WORKING = 15;

interface Customer {
    readonly name: string;
    readonly tenantId: string;
    readonly region?: Region;
    readonly credentials?: string;
    readonly applicationId?: string;
}

const homes = {} as Record<Region, TestTenant>;
let workspace: Workspace;
let working: Customer[];
let broken: (Customer & { readonly reason: RegExp })[];

const portalUrl = (region: Region) => `https://${region.toLowerCase()}.abc.com:4443`;

/**
 * Starts the service provider's tenant in a region. The working customers of that region have consented to the service
 * provider's multi-tenant identity.
 */
async function startRegion(region: Region): Promise<TestTenant> {
    const home = await TestTenant.start({ region, tenants: 1 + WORKING + (region === "Worldwide" ? 5 : 0) });
    const { clientId } = home.emulator.identity("deployer");
    await home.patchApplication(clientId, { signInAudience: "AzureADMultipleOrgs" });
    for (const tenantId of home.emulator.tenantIds.slice(1, 1 + WORKING)) {
        home.emulator.consentTo({ tenantId, clientId, roles: CONSENT_ROLES });
    }
    return home;
}

function environment(): Record<string, string> {
    const own = Object.fromEntries(
        REGIONS.flatMap((region) =>
            Object.entries(homes[region].env).map(([name, value]) => [`${region.toUpperCase()}_${name}`, value]),
        ),
    );
    const caFile = join(workspace.folder, "ca.pem");
    workspace.write("ca.pem", REGIONS.map((region) => homes[region].emulator.caPem).join("\n"));
    return { ...own, NODE_EXTRA_CA_CERTS: caFile };
}

/** Makes one customer for each kind of problem. Four of their tenants exist, all in the region Worldwide. */
async function customersInTrouble(): Promise<typeof broken> {
    const { emulator } = homes.Worldwide;
    const { clientId } = emulator.identity("deployer");
    const [elsewhere = "", poor = "", unasked = "", single = ""] = emulator.tenantIds.slice(1 + WORKING);
    emulator.consentTo({ tenantId: poor, clientId, roles: ["Application.Read.All"] });
    emulator.consentTo({ tenantId: single, clientId, roles: CONSENT_ROLES });
    const { appId: applicationId } = await homes.Worldwide.graph<Application>("POST", "/applications", {
        displayName: "Single",
        signInAudience: "AzureADMyOrg",
    });
    const unknown = randomUUID();
    return [
        { name: "unknown", tenantId: unknown, reason: new RegExp(`${unknown}: .* does not know this tenant; correct`) },
        {
            name: "elsewhere",
            tenantId: elsewhere,
            region: "USGovernment",
            credentials: "WORLDWIDE",
            reason: /not in the cloud of region "USGovernment", so region must be "Worldwide"/,
        },
        {
            name: "poor",
            tenantId: poor,
            reason: new RegExp(
                `tenant ${poor}: .* lacks .* Application.ReadWrite.All .*in that tenant, .*Grant admin consent`,
            ),
        },
        {
            name: "unasked",
            tenantId: unasked,
            reason: new RegExp(`tenant ${unasked} .*AADSTS700016.*adminconsent\\?client_id=${clientId}`),
        },
        {
            name: "single",
            tenantId: single,
            applicationId,
            reason: /it is single-tenant .*set signInAudience of its RestorePortalApp to "AzureADMultipleOrgs"/,
        },
    ];
}

function declare(customers: readonly Customer[]): void {
    const portals = Object.fromEntries(
        REGIONS.map((region) => [region, { portalUrl: portalUrl(region), credentials: region.toUpperCase() }]),
    );
    // The program must not know which customers the test breaks, so their reasons are removed.
    const listed = customers.map((customer) => ({ ...customer, reason: undefined }));
    const config = { "portals:portals": portals, "portals:customers": listed };
    workspace.write("Pulumi.dev.yaml", JSON.stringify({ config }));
}

beforeAll(async () => {
    const started = await Promise.all(REGIONS.map(startRegion));
    for (const [index, home] of started.entries()) homes[REGIONS[index] ?? "Worldwide"] = home;
    workspace = new Workspace();
    workspace.env = environment();
    writeStackProgram(workspace, "serviceProvider");
    await workspace.init();
    working = REGIONS.flatMap((region) =>
        homes[region].emulator.tenantIds
            .slice(1, 1 + WORKING)
            .map((tenantId, index) => ({ name: `${region.toLowerCase()}-${index + 1}`, tenantId, region })),
    );
    broken = await customersInTrouble();
    declare([...working, ...broken]);
});
afterAll(async () => {
    workspace.remove();
    await Promise.all(REGIONS.map((region) => homes[region].close()));
});

/** Returns the part of the output that concerns one customer. */
function saidOf({ output }: CommandResult, name: string): string {
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    const row = new RegExp(`PortalTenantConsent \\(customer-${name}\\):\n((?:    .*\n)*)`).exec(diagnostics);
    return row?.[1] ?? "";
}

let first: CommandResult;

test("one up consents for forty-five customers, and names cause and remedy for the other five", async () => {
    first = await workspace.up("--continue-on-error");
    expect(first.code).not.toBe(0);
    for (const { name, reason } of broken) expect(saidOf(first, name)).toMatch(reason);
    const failed = [...first.output.matchAll(/PortalTenantConsent \(customer-([\w-]+)\):/g)].map((match) => match[1]);
    expect([...new Set(failed)].sort()).toEqual(broken.map(({ name }) => name).sort());
    const { deployment } = await workspace.exportState();
    const consents = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":PortalTenantConsent"));
    const granted = consents.filter(({ outputs }) => outputs["consent"] === "granted");
    expect(granted.map(({ outputs }) => outputs["tenantId"]).sort()).toEqual(
        working.map(({ tenantId }) => tenantId).sort(),
    );
});

test("a user of each of the forty-five signs in with Microsoft's library", async () => {
    const names: string[] = [];
    for (const region of REGIONS) {
        const home = homes[region];
        const { pfx, pfxPassword } = await workspace.outputsOf(`certificate-${region}`, "--show-secrets");
        const certificate = openPfx(String(pfx), String(pfxPassword));
        const { applicationId } = await workspace.outputsOf(`portal-${region}`);
        for (const { tenantId, name } of working.filter((customer) => customer.region === region)) {
            const user = home.emulator.addUser({ tenantId, displayName: `User of ${name} ${randomUUID()}` });
            home.emulator.control.signInAs(user);
            const portal = {
                appId: String(applicationId),
                authority: `${home.emulator.url}/${tenantId}`,
                portalUrl: portalUrl(region),
                certificate,
            };
            expect(await nameBySignIn(home, portal)).toBe(user.displayName);
            names.push(name);
        }
    }
    expect(names).toHaveLength(3 * WORKING);
});

test("the next up writes nothing for the forty-five, and names the five again", async () => {
    for (const region of REGIONS) homes[region].clearLog();
    const second = await workspace.up("--continue-on-error");
    expect(second.code).not.toBe(0);
    for (const { name, reason } of broken) expect(saidOf(second, name)).toMatch(reason);
    for (const region of REGIONS) expect(homes[region].writes()).toEqual([]);
    const requests = homes.China.graphRequests().filter(({ tenantId }) => tenantId !== homes.China.tenantId);
    expect(requests).toHaveLength(WORKING);
});

test("a customer whose problem is solved gets consent, and a removed customer is released", async () => {
    const { emulator } = homes.Worldwide;
    const [, , unasked = ""] = emulator.tenantIds.slice(1 + WORKING);
    const { clientId } = emulator.identity("deployer");
    emulator.consentTo({ tenantId: unasked, clientId, roles: CONSENT_ROLES });
    const [leaving, ...staying] = working;
    declare([...staying, { name: "unasked", tenantId: unasked }]);
    expect((await workspace.up("--continue-on-error")).code).toBe(0);
    const { applicationId } = await workspace.outputsOf("portal-Worldwide");
    const left = homes.Worldwide.neighbour(leaving?.tenantId ?? "");
    const path = `/servicePrincipals(appId='${String(applicationId)}')`;
    expect((await left.tryGraph("GET", path)).status).toBe(404);
    expect(await homes.Worldwide.neighbour(unasked).grants(String(applicationId))).toHaveLength(2);
});

test("the program works in its own project, and the CLI can set its configuration", async () => {
    const root = resolve(__dirname, "../..");
    const folder = join(workspace.folder, "program");
    cpSync(join(root, "stacks/serviceProvider"), folder, { recursive: true });
    installForTemplate(folder);
    const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", folder]));
    await pulumi("stack", "init", "dev");
    await pulumi("config", "set", "--path", "portals.Worldwide.portalUrl", "https://portal.abc.com:4443");
    await pulumi("config", "set", "--path", "portals.Worldwide.credentials", "WORLDWIDE");
    await pulumi("config", "set", "--path", "customers[0].name", "contoso");
    await pulumi("config", "set", "--path", "customers[0].tenantId", working[0]?.tenantId ?? "");
    const { stdout } = await pulumi("preview");
    expect(stdout).toMatch(/PortalTenantConsent +customer-contoso +create/);
});
