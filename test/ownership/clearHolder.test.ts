// Checks that `recover --clear-holder` removes the tags of a stack that no longer exists, and hands the entries of that
// stack over to our resource. Nothing else may change.
import { ServiceProvider } from "../support/consent/customers";
import { CliOnState, type StateEntry } from "../support/cli/cliOnState";
import type { CommandResult } from "../support/engine/workspace";
import type { HooksStack } from "../support/hooks/hooksStack";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { acceptedWrites, addBeforeEachRequest, addTags, applicationPath, refuse } from "../support/hooks/ownership";
import { exactlyOf, type Exactly } from "../support/hooks/startingStates";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(180_000);

type Json = Record<string, unknown>;
const GONE_URL = "https://gone.abc.com:4443";

const holderOf = (stack: HooksStack) => String((stack.state?.outputs["managed"] as Json)["holder"]);

async function runOn(env: Record<string, string>, entries: StateEntry[], args: string[]): Promise<CommandResult> {
    const cli = new CliOnState(env);
    cli.declare(entries);
    const result = await cli.run("recover", ...args);
    cli.remove();
    return result;
}

describe("the holder of an application", () => {
    let world: HooksTenant;
    let appId: string;
    let before: Exactly;
    let gone: HooksStack;
    let ours: HooksStack;
    let deployed: HooksStack["state"];

    beforeAll(async () => {
        world = await HooksTenant.start();
        appId = await existingApplication(world.tenant, { tags: ["team:backup"] });
        before = await exactlyOf(world.tenant, appId);
        gone = await world.deployed(program({ identity: "portals/gone//gateway", ...goneArgs }));
        ours = await world.deployed(program());
        deployed = ours.state;
        world.keep();
    });
    beforeEach(() => {
        world.reset();
        ours.state = deployed;
        world.tenant.clearLog();
    });
    afterAll(() => world.close());

    const goneArgs = { additionalPortalUrls: [GONE_URL], signInAudience: "AzureADMultipleOrgs" };
    const program = (more: Json = {}) => world.portal({ applicationId: appId, ...more });
    const tags = async () => (await world.tenant.application(appId)).tags;

    function run(...args: string[]): Promise<CommandResult> {
        const outputs = ours.state?.outputs ?? {};
        return runOn(world.tenant.env, [{ type: "RestorePortalApp", name: "portal", outputs }], args);
    }
    const clear = () => run("--clear-holder", holderOf(gone));

    test("is named with its stack and its entries, and one PATCH per object removes its tags", async () => {
        const { code, stdout } = await clear();
        expect(code).toBe(0);
        for (const text of ["portals/gone", "gateway", appId, `redirectUris/${GONE_URL}`, 'portal "portal"']) {
            expect(stdout).toContain(text);
        }
        expect(stdout).toMatch(
            /removes a certificate only after certificateOverlapDays have passed or the certificate/,
        );
        expect((await tags()).filter((tag) => tag.includes(holderOf(gone)))).toEqual([]);
        expect((await tags()).filter((tag) => tag.includes(holderOf(ours)))).not.toEqual([]);
        expect(await tags()).toContain("team:backup");
        expect((await world.tenant.servicePrincipal(appId)).tags.join()).not.toContain(holderOf(gone));
        expect(world.tenant.writes().map(({ method }) => method)).toEqual(["PATCH", "PATCH"]);
        expect((await clear()).code).toBe(1);
    });

    test("hands its entries to us: our next change removes its address, and our destroy restores the rest", async () => {
        await clear();
        const changed = program({ certificateOverlapDays: 3 });
        await ours.up(changed);
        expect((await world.tenant.application(appId)).spa.redirectUris).not.toContain(GONE_URL);
        await world.expectCalm(ours, changed);
        await ours.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });

    test("hands its entries to us: a destroy without an earlier change restores everything", async () => {
        await clear();
        await ours.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });

    test("hands over a value that we changed later: our destroy restores the first value", async () => {
        await ours.up(program({ signInAudience: "AzureADMyOrg" }));
        await clear();
        await ours.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });

    test("keeps our entries, even if somebody removed our tags", async () => {
        const others = (await tags()).filter((tag) => !tag.includes(holderOf(ours)));
        await ours.up(program({ additionalPortalUrls: ["https://second.abc.com:4443"] }));
        await world.tenant.patchApplication(appId, { tags: others });
        await clear();
        await ours.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });

    test("is cleared, and tags that others add at the same moment stay", async () => {
        const added = addBeforeEachRequest(world, ["added:1", "added:2", "added:3"], (tag) =>
            addTags(world.tenant, appId, tag),
        );
        expect((await clear()).code).toBe(0);
        expect(added).not.toEqual([]);
        expect(await tags()).toEqual(expect.arrayContaining(["team:backup", ...added]));
    });

    test("stays if Entra refuses the write, with the reason, and the next run clears it", async () => {
        refuse(world, { method: "PATCH", path: "/applications" });
        const refused = await clear();
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Authorization_RequestDenied")]);
        expect((await tags()).join()).toContain(holderOf(gone));
        world.control.clearFaults();
        expect((await clear()).code).toBe(0);
        await ours.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });

    describe("nothing is written for", () => {
        const living = () => [holderOf(ours)];
        const rows: [string, () => string[], number, RegExp][] = [
            ["an unknown holder", () => ["0123456789abcdef"], 1, /has no tags on the objects of portal "portal"/],
            [
                "a resource of this stack",
                living,
                1,
                /it belongs to portal "portal" of this stack; to remove its tags, remove that resource from the program/,
            ],
            ["a malformed holder", () => ["gateway"], 2, /must be the 16 hexadecimal digits/],
            [
                "an unknown portal",
                () => [holderOf(gone), "--portal", "other"],
                2,
                /no portal or PortalTenantConsent "other"; it has portal/,
            ],
            ["options for pulumi up", () => [holderOf(gone), "--", "--yes"], 2, /does not run pulumi up/],
        ];
        test.each(rows)("%s", async (_name, args, exit, message) => {
            const { code, stderr } = await run("--clear-holder", ...args());
            expect([code, stderr]).toEqual([exit, expect.stringMatching(message)]);
            expect(world.tenant.writes()).toEqual([]);
        });

        test("a resource of this stack that waits for its deletion", async () => {
            const entries: StateEntry[] = [ours, gone].map((stack, index) => ({
                type: "RestorePortalApp",
                name: "portal",
                outputs: stack.state?.outputs ?? {},
                ...(index === 1 ? { delete: true } : {}),
            }));
            const { code, stderr } = await runOn(world.tenant.env, entries, ["--clear-holder", holderOf(gone)]);
            expect([code, world.tenant.writes()]).toEqual([1, []]);
            expect(stderr).toContain("still has to delete it; run pulumi up, which deletes it and its tags");
            expect(stderr).not.toContain("remove that resource from the program");
        });

        test("--portal without --clear-holder", async () => {
            expect((await run("--portal", "portal")).code).toBe(2);
        });
    });

    test("is cleared from a registered application, so that our destroy deletes it", async () => {
        const registered = await world.deployed();
        const id = registered.state?.id ?? "";
        await world.stack().up(program({ applicationId: id, identity: "portals/gone//gateway" }));
        ours.state = registered.state;
        const { tags: held } = await world.tenant.application(id);
        const holder = held.flatMap((tag) => /^restore-portal-stack:(\w+):portals\/gone/.exec(tag)?.[1] ?? [])[0] ?? "";
        expect((await run("--clear-holder", holder)).code).toBe(0);
        await ours.up(undefined);
        expect((await world.tenant.tryGraph("GET", applicationPath(id))).status).toBe(404);
    });
});

describe("the holder of a service principal in a customer's tenant", () => {
    let provider: ServiceProvider;
    let gone: HooksStack;
    let ours: HooksStack;
    beforeAll(async () => (provider = await ServiceProvider.start()));
    beforeEach(async () => {
        provider.reset();
        gone = await provider.deployed({ identity: "consents/gone//customer" });
        ours = await provider.deployed();
        provider.home.clearLog();
    });
    afterAll(() => provider.close());

    const clear = (holder: string) =>
        runOn(
            provider.home.env,
            [{ type: "PortalTenantConsent", name: "customer", outputs: ours.state?.outputs ?? {} }],
            ["--clear-holder", holder],
        );

    test("is cleared, and our destroy then revokes the grants of that resource", async () => {
        const { code, stdout } = await clear(holderOf(gone));
        expect([code, stdout]).toEqual([0, expect.stringContaining('consent "customer"')]);
        // A consent has no certificates.
        expect(stdout).not.toContain("certificateOverlapDays");
        expect((await provider.stateOf()).servicePrincipal?.["tags"]).toEqual(
            expect.not.arrayContaining([expect.stringContaining(holderOf(gone))]),
        );
        expect(acceptedWrites(provider.home)).toHaveLength(1);
        await provider.expectCalm(ours, provider.args());
        await ours.up(undefined);
        expect(await provider.stateOf()).toEqual({ servicePrincipal: undefined, grants: [] });
    });

    test("is refused if it is the consent of this stack, or is unknown", async () => {
        for (const holder of [holderOf(ours), "0123456789abcdef"]) expect((await clear(holder)).code).toBe(1);
        expect(provider.home.writes()).toEqual([]);
    });
});
