// Checks that `export` describes an application as it is: the first deployment of the exported configuration writes
// only a tag. engine/export.deep.test.ts checks this for every starting state.
import { rmSync } from "node:fs";

import { ExportedProject } from "../support/cli/exportedProject";
import { expectSuccess } from "../support/engine/workspace";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { asSets, PORTAL_URL } from "../support/tenant/portals";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

let project: ExportedProject;
beforeEach(() => (project = new ExportedProject(world.tenant)));
afterEach(() => rmSync(project.folder, { recursive: true }));

const rows: [name: string, expected: Record<string, unknown>][] = [
    [
        "bare",
        {
            portalUrl: PORTAL_URL,
            adminConsent: false,
            leaveAlone: [
                "portalUrl",
                "applicationIdUri",
                "accessAsUserScope",
                "requiredPermissions",
                "servicePrincipal",
            ],
        },
    ],
    ["made by the wizard", { portalUrl: PORTAL_URL, signInAudience: "AzureADMyOrg", adminConsent: true }],
    ["with assignment required", { servicePrincipal: "assignment required", adminConsent: false }],
    ["with a service management reference and owners", { serviceManagementReference: "CMDB-1" }],
];

test.each(rows)("an application %s: the first deployment writes only the tag", async (name, expected) => {
    await STARTING_STATES.find((state) => state.name === name)?.seed(world, existing);
    const before = await exactlyOf(world.tenant, existing);
    world.tenant.clearLog();
    expectSuccess(await project.export(existing, "--portal-url", PORTAL_URL));
    expect(world.tenant.writes()).toEqual([]);
    const { inputs } = project;
    expect(inputs).toMatchObject({ applicationId: existing, ...expected });
    const stack = world.stack();
    const program = { identity: "organization/portals/production/portal", ...inputs };
    await stack.up(program);
    expect(world.tenant.writes().map(({ body }) => Object.keys(body as object))).toEqual([["tags"]]);
    await world.expectCalm(stack, program);
    await stack.up(undefined);
    expect(await exactlyOf(world.tenant, existing)).toEqual(asSets(before));
});

test("the web address comes from the application, also from its host on the platform Web", async () => {
    const web = STARTING_STATES.find(({ name }) => name.includes("on the owner's platform Web"));
    await web?.seed(world, existing);
    expectSuccess(await project.export(existing));
    expect(project.inputs).toMatchObject({ portalUrl: PORTAL_URL });
});

test("without any web address, and without a terminal, it says what to give", async () => {
    const { code, stderr } = await project.export(existing);
    expect(code).toBe(2);
    expect(stderr).toMatch(/"Existing application" .* has no redirect URI .*; give the address with --portal-url/);
});

test("the URL of the backend is checked as init checks it, and no message shows its password", async () => {
    const { code, stderr } = await project.export(existing, "--backend", "postgres://me:planted@db/state");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^(?!.*planted)error: --backend must not contain a password or token/);
});

test("an application that does not exist is an error, and nothing is written", async () => {
    const unknown = "00000000-1111-4222-8333-444444444444";
    const { code, stderr } = await project.export(unknown, "--portal-url", PORTAL_URL);
    expect(code).toBe(1);
    expect(stderr).toContain(
        `configuring application ${unknown}: tenant ${world.tenant.tenantId} has no such application`,
    );
    expect(() => project.inputs).toThrow();
});
