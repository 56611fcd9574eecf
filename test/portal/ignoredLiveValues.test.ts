// Checks a replacement while `ignoreChanges` passes live values of the old application. The next application would stay
// without these parts, so the old one must not be deleted.
import { withExistingApplication } from "../support/hooks/existingApplication";
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { ignoring } from "../support/hooks/ignoring";

jest.setTimeout(60_000);
let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

/** Deploys a portal, drifts it and refreshes it. Returns a program for another application that ignores the drift. */
async function drifted(names: readonly string[], drift: (appId: string) => Promise<unknown>) {
    const stack = await world.deployed();
    await drift(stack.state?.id ?? "");
    await stack.refresh();
    const program = world.portal({ applicationId: existing });
    const ignored = { ...ignoring(program, stack.state?.inputs ?? {}, names), __given: { ignored: names } };
    world.tenant.clearLog();
    return { stack, program, ignored };
}

const withoutAddress = (appId: string) => world.tenant.patchApplication(appId, { spa: { redirectUris: [] } });

const ROWS: readonly [name: string, text: string, drift: (appId: string) => Promise<unknown>][] = [
    ["portalUrl", 'portalUrl ("not registered")', withoutAddress],
    ["certificate", "certificate", (appId) => world.tenant.patchApplication(appId, { keyCredentials: [] })],
    [
        "servicePrincipal",
        'servicePrincipal ("disabled")',
        (appId) => world.tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, { accountEnabled: false }),
    ],
];

test.each(ROWS)("an ignored live value of %s leaves the living portal as it is", async (name, text, drift) => {
    const { stack, ignored } = await drifted([name], drift);
    const id = stack.state?.id ?? "";
    const { message, code } = await failureOf(stack.up(ignored));
    expect(code).toBe("ERR_APPLICATION_CONFLICT");
    expect(message).toContain(`replacing application ${id}: ignoreChanges passes its live values of ${text} to the`);
    expect(message).toContain(`remove them from ignoreChanges, or repair application ${id} and run pulumi refresh`);
    expect(world.tenant.writes()).toEqual([]);
    expect(world.portals()).toHaveLength(1);
});

test("the portal is replaced if the program no longer ignores the drift", async () => {
    const { stack, program } = await drifted(["portalUrl"], withoutAddress);
    expect(await stack.up(program)).toBe("replace");
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual(["https://portal.abc.com:4443"]);
});

test("an ignored value that a program can give is passed on", async () => {
    const { stack, ignored } = await drifted(["portalUrl"], () => Promise.resolve());
    expect(await stack.up(ignored)).toBe("replace");
});
