// Checks that handover does not hand over values that Entra refused, and that doctor, even after a refresh, reports
// settings that somebody changed. Also checks that the recover command in the message of a refused destroy works.
import { CliOnState } from "../support/cli/cliOnState";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import { INVALID, patchServicePrincipal, refuse } from "../support/hooks/ownership";
import type { CommandResult } from "../support/engine/workspace";

jest.setTimeout(180_000);

const MOVED = "https://moved.abc.com:4443";

let world: HooksTenant;
let certificates: HooksProcess;
let certificate: HooksStack;
let portal: HooksStack;
let cli: CliOnState;
beforeAll(async () => {
    world = await HooksTenant.start();
    certificates = new HooksProcess({}, { resource: "portalCertificate" });
    world.keep();
});
beforeEach(async () => {
    world.reset();
    cli = new CliOnState(world.tenant.env);
    certificate = new HooksStack(certificates);
    portal = world.stack();
    await certificate.up({ source: { generate: { name: "Restore Portal" } } });
    await portal.up(program());
});
afterEach(() => cli.remove());
afterAll(async () => {
    await certificates.end();
    await world.close();
});

const program = (more = {}) => world.portal({ certificate: certificate.state?.outputs["certificate"], ...more });
const appId = () => portal.state?.id ?? "";
const refusePatches = () => refuse(world, { method: "PATCH", path: "/applications" }, INVALID);

function run(...args: string[]): Promise<CommandResult> {
    cli.declare([
        { type: "PortalCertificate", name: "certificate", outputs: certificate.state?.outputs ?? {} },
        { type: "RestorePortalApp", name: "portal", outputs: portal.state?.outputs ?? {} },
    ]);
    return cli.run(...args);
}

test("a certificate whose registration Entra refused is not handed over", async () => {
    await certificate.up({ source: { generate: { name: "Another" } } });
    refusePatches();
    await failureOf(portal.up(program()));
    expect((await run("handover", "--out", "out")).code).toBe(1);
});

test("a web address that Entra refused is not handed over", async () => {
    refusePatches();
    await failureOf(portal.up(program({ portalUrl: MOVED })));
    const { output } = await run("handover", "--out", "out", "--separate-rest-api");
    expect(output).not.toMatch(new RegExp(`Restore Portal web address +${MOVED}`));
});

describe("doctor reports a failure, also after a refresh, for", () => {
    const rows: [string, object, () => Promise<unknown>][] = [
        [
            "an audience that somebody restricted",
            { signInAudience: "AzureADMultipleOrgs" },
            () => world.tenant.patchApplication(appId(), { signInAudience: "AzureADMyOrg" }),
        ],
        [
            "assignment that somebody turned off",
            { servicePrincipal: "assignment required" },
            () => patchServicePrincipal(world.tenant, appId(), { appRoleAssignmentRequired: false }),
        ],
        [
            "a service management reference that somebody changed",
            { serviceManagementReference: "CMDB-1" },
            () => world.tenant.patchApplication(appId(), { serviceManagementReference: "CMDB-9" }),
        ],
        [
            "a name that somebody changed",
            {},
            () => world.tenant.patchApplication(appId(), { displayName: "Somebody's" }),
        ],
    ];
    test.each(rows)("%s", async (_name, more, change) => {
        await portal.up(program(more));
        expect((await run("doctor")).code).toBe(0);
        await change();
        await portal.refresh();
        expect((await run("doctor")).code).toBe(7);
    });
});

test("if a stack no longer exists, the message names it and the command that removes its tags from the application", async () => {
    const identity = "organization/portals/gone/gateway";
    await world.stack().up(program({ displayName: undefined, applicationId: appId(), identity }));
    const { message } = await failureOf(portal.up(undefined));
    expect(message).toContain("portals/gone");
    const [, command = ""] = /npx pulumi-restore-portal ([^\n;`"]+)/.exec(message) ?? [];
    expect(command).not.toBe("");
    expect((await run(...command.trim().split(/\s+/))).code).toBe(0);
    await portal.up(undefined);
    expect((await world.tenant.tryGraph("GET", `/applications(appId='${appId()}')`)).status).toBe(404);
});
