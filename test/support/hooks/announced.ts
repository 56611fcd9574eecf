// Compares the announcement of an adoption or of an update in a preview with the writes of the deployment.
import { HooksStack } from "./hooksStack";
import type { HooksProcess } from "./hooksProcess";
import type { HooksTenant } from "./hooksTenant";
import { leftIn, loggedPhrases } from "./loggedPhrases";
import { exactlyOf } from "./startingStates";
import { GRAPH_APP_ID } from "../tenant/portalByHand";

type Json = Record<string, unknown>;

/** Returns the inputs that the resource class adds to a program in a preview. */
export const inPreview = (facts: Json = {}): Json => ({
    __given: { preview: { place: "portals/dev//portal", ...facts } },
});

/**
 * Starts a new process of hooks and returns the lines that it prints. An older process could leave out lines, because a
 * process prints each line only once.
 */
export async function linesOf(
    world: HooksTenant,
    work: (hooks: HooksProcess) => Promise<unknown>,
    resource: "restorePortalApp" | "portalCertificate" = "restorePortalApp",
): Promise<string[]> {
    const hooks = world.startHooks({}, resource);
    await work(hooks);
    await hooks.end();
    return hooks.output.split("\n").filter((line) => line !== "");
}

/**
 * Checks that the deployment announces the adoption with the same line as the preview, and that the tenant's request
 * log contains exactly the announced writes.
 */
export async function expectAnnounced(world: HooksTenant, existing: string, program: Json): Promise<void> {
    const before = await exactlyOf(world.tenant, existing);
    const path = `/applications(appId='${existing}')/owners`;
    const owners = (await world.tenant.graph<{ value: unknown[] }>("GET", path)).value.length;
    const { id: graphId } = await world.tenant.servicePrincipal(GRAPH_APP_ID);
    world.tenant.clearLog();
    const isAdoption = (line: string) => line.startsWith('adopts "');
    const check = (hooks: HooksProcess) => hooks.call("check", {}, { ...program, ...inPreview() });
    const said = (await linesOf(world, check)).filter(isAdoption);
    expect(world.tenant.writes()).toEqual([]);
    const done = await linesOf(world, (hooks) => new HooksStack(hooks).up(program));
    expect(done.filter(isAdoption)).toEqual(said);
    const [sentence = "", ...more] = said;
    expect(more).toEqual([]);
    const after = await exactlyOf(world.tenant, existing);
    const written = loggedPhrases(before, after, world.tenant.writes());
    const start = `adopts "${before.application.displayName}" (${existing}): `;
    const phrases = [...written, leftIn(before, after, { owners, graphId })];
    expect(sentence.slice(0, start.length)).toBe(start);
    expect(sentence.slice(start.length).split("; ").sort()).toEqual(phrases.sort());
}

/**
 * Checks what `expectAnnounced` checks, for a change of an application that the stack already manages. An update
 * announces only what its inputs do not show (see announceUpdate.ts), because the engine itself names the inputs that
 * differ.
 */
export async function expectLaterAnnounced(world: HooksTenant, stack: HooksStack, program: Json): Promise<void> {
    const appId = stack.state?.id ?? "";
    const start = `application ${appId}: `;
    const ofUpdate = (lines: readonly string[]) => lines.filter((line) => line.startsWith(start));
    const before = await exactlyOf(world.tenant, appId);
    world.tenant.clearLog();
    const preview = await linesOf(world, async (hooks) => {
        const previewing = new HooksStack(hooks, stack.state);
        await previewing.refresh();
        await previewing.preview({ ...program, ...inPreview() });
    });
    expect(world.tenant.writes()).toEqual([]);
    const done = await linesOf(world, async (hooks) => {
        const deploying = new HooksStack(hooks, stack.state);
        await deploying.up(program);
        stack.state = deploying.state;
    });
    expect(ofUpdate(done)).toEqual(ofUpdate(preview));
    const written = loggedPhrases(before, await exactlyOf(world.tenant, appId), world.tenant.writes());
    const phrases = ofUpdate(preview).flatMap((line) => line.slice(start.length).split("; "));
    expect(phrases.sort()).toEqual(written.sort());
}
