// Exports an application in each starting state to a project, and deploys the project on the engine. The first `up`
// must write only a tag.
import { rmSync } from "node:fs";

import { ExportedProject } from "../support/cli/exportedProject";
import { installForTemplate } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { asSets, PORTAL_URL } from "../support/tenant/portals";

jest.setTimeout(300_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

let project: ExportedProject;
let workspace: Workspace;
beforeEach(() => {
    project = new ExportedProject(world.tenant);
    workspace = new Workspace({ env: world.tenant.env, stack: "production" });
    installForTemplate(project.folder);
});
afterEach(() => {
    workspace.remove();
    rmSync(project.folder, { recursive: true });
});

test.each(STARTING_STATES.map((state) => [state.name, state] as const))(
    "an application %s",
    async (_name, { seed }) => {
        const pulumi = async (...args: string[]) =>
            expectSuccess(await workspace.pulumi([...args, "-C", project.folder]));
        await seed(world, existing);
        const before = await exactlyOf(world.tenant, existing);
        const exported = await project.export(existing);
        // If the application has no web address, `export` fails, and the user must give one.
        if (exported.code !== 0) expectSuccess(await project.export(existing, "--portal-url", PORTAL_URL));
        await pulumi("stack", "init", "production");
        world.tenant.clearLog();
        await pulumi("up", "--yes", "--skip-preview");
        expect(world.tenant.writes().map(({ method, body }) => [method, Object.keys(body as object)])).toEqual([
            ["PATCH", ["tags"]],
        ]);
        await pulumi("preview", "--expect-no-changes");
        await pulumi("destroy", "--yes", "--skip-preview");
        expect(await exactlyOf(world.tenant, existing)).toEqual(asSets(before));
    },
);
