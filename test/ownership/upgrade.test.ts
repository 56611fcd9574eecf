// Deploys a stack again that release 0.1.0 deployed. The provider must write nothing before the next real change, and
// must recognize all of its own entries.
import { ServiceProvider } from "../support/consent/customers";
import { CliOnState, type StateEntry } from "../support/cli/cliOnState";
import { golden, loadObjects, type Golden } from "../support/hooks/golden";
import { HooksStack } from "../support/hooks/hooksStack";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { exactlyOf, type Exactly } from "../support/hooks/startingStates";
import { acceptedWrites } from "../support/hooks/ownership";

jest.setTimeout(180_000);

type Json = Record<string, unknown>;
const MOVED = { portalUrl: "https://moved.abc.com:4443" };
const HOLDER_TAG = /^restore-portal(-consent)?:[0-9a-f]{16}:/;

/**
 * Gives the program the identity that the resource has in the current release. This identity contains no organization.
 * State keeps the identity of 0.1.0.
 */
function withNewIdentity(left: Golden): Golden {
    const [, project, stack, resource] = String(left.program["identity"]).split("/");
    return { ...left, program: { ...left.program, identity: [project, stack, "", resource].join("/") } };
}

describe("a portal of 0.1.0,", () => {
    let world: HooksTenant;
    let left: Golden;
    let stack: HooksStack;
    let before: Exactly | undefined;
    const appId = () => left.state.id;
    const codes = (tags: readonly string[], prefix: string) =>
        tags.filter((tag) => tag.startsWith(`${prefix}:`) && HOLDER_TAG.test(tag)).join();

    beforeAll(async () => (world = await HooksTenant.start()));
    afterAll(() => world.close());

    async function start(name: string): Promise<void> {
        world.reset();
        left = withNewIdentity(golden(world.tenant, name));
        before = undefined;
        if (left.before) {
            loadObjects(world.tenant, left.before);
            // The owner changed the audience. The program does not set the audience, so the owner's value stays.
            if (name === "drifted") {
                await world.tenant.patchApplication(appId(), { signInAudience: "AzureADMultipleOrgs" });
            }
            before = await exactlyOf(world.tenant, appId());
            world.reset();
        }
        loadObjects(world.tenant, left.home);
        stack = new HooksStack(world.hooks, left.state);
        world.tenant.clearLog();
    }

    describe.each(["registered", "adopted", "drifted"])("%s:", (name) => {
        beforeEach(() => start(name));

        test("refresh and preview name the same changes as 0.1.0, and nothing is written", async () => {
            for (let times = 1; times <= 2; times++) {
                await stack.refresh();
                const preview = await stack.preview(left.program);
                expect(preview.named.sort()).toEqual([...(left.named ?? [])].sort());
            }
            const unrefreshed = new HooksStack(world.hooks, left.state);
            expect((await unrefreshed.preview(left.program)).named.sort()).toEqual([...(left.named ?? [])].sort());
            expect(world.tenant.writes()).toEqual([]);
        });

        test("a change writes today's tags, and the next preview shows no change", async () => {
            const program = { ...left.program, ...MOVED };
            expect(await stack.up(program)).toBe("update");
            const { tags } = await world.tenant.application(appId());
            const holder = String((left.state.outputs["managed"] as Json)["hash"]);
            expect(tags.filter((tag) => tag.startsWith(`restore-portal-stack:${holder}:`))).toHaveLength(1);
            expect(codes(tags, "restore-portal")).not.toMatch(/[:,](g|p)/);
            expect(tags.filter((tag) => tag.startsWith("restore-portal-stack:organization/"))).toEqual([]);
            await world.expectCalm(stack, program);
        });

        test("destroy restores the first contents, with and without an earlier change", async () => {
            for (const change of [{}, MOVED]) {
                await start(name);
                if (change === MOVED) await stack.up({ ...left.program, ...change });
                await stack.up(undefined);
                if (before) expect(await exactlyOf(world.tenant, appId())).toEqual(before);
                else {
                    const { status } = await world.tenant.tryGraph("GET", `/applications(appId='${appId()}')`);
                    expect(status).toBe(404);
                }
            }
        });

        test("doctor reads its state", async () => {
            const cli = new CliOnState(world.tenant.env);
            cli.declare([{ type: "RestorePortalApp", name: "portal", outputs: left.state.outputs }]);
            const { stdout } = await cli.run("doctor", "--json");
            cli.remove();
            const { portals } = JSON.parse(stdout) as { portals: { checks: { name: string; status: string }[] }[] };
            const failed = portals[0]?.checks.filter(({ status }) => status === "failed").map(({ name: row }) => row);
            expect(failed?.sort()).toEqual([...(left.named ?? [])].sort());
            expect(acceptedWrites(world.tenant)).toEqual([]);
        });
    });

    test("adopted: an entry that Entra refused and the owner added later stays", async () => {
        await start("adopted");
        const [uri, { outputs }] = ["https://third.abc.com:4443", left.state];
        const { managed } = outputs as { managed: { added: string[]; portalUrls: string[] } };
        const { added, portalUrls } = managed;
        const planned = { ...managed, added: [...added, `redirectUris/${uri}`], portalUrls: [...portalUrls, uri] };
        const { spa } = await world.tenant.application(appId());
        await world.tenant.patchApplication(appId(), { spa: { redirectUris: [...spa.redirectUris, uri] } });
        stack = new HooksStack(world.hooks, { ...left.state, outputs: { ...outputs, managed: planned } });
        await stack.up(undefined);
        expect((await world.tenant.application(appId())).spa.redirectUris).toContain(uri);
    });

    test("adopted: an audience that the owner chose later stays", async () => {
        await start("adopted");
        const audience = "AzureADandPersonalMicrosoftAccount";
        const { api } = await world.tenant.application(appId());
        const accepted = { api: { ...api, requestedAccessTokenVersion: 2 } };
        await world.tenant.patchApplication(appId(), { signInAudience: audience, ...accepted });
        await stack.refresh();
        await stack.up(undefined);
        expect((await world.tenant.application(appId())).signInAudience).toBe(audience);
    });

    test("handover reads its state", async () => {
        await start("registered");
        const certificate = left.state.outputs["certificate"] as Json;
        const entries: StateEntry[] = [
            { type: "RestorePortalApp", name: "portal", outputs: left.state.outputs },
            {
                type: "PortalCertificate",
                name: "certificate",
                outputs: { certificate, pfx: "QUJD", pfxPassword: "not a password" },
            },
        ];
        const cli = new CliOnState();
        cli.declare(entries);
        const { code, output } = await cli.run("handover", "--out", "out");
        cli.remove();
        expect([code, output]).toEqual([0, expect.stringContaining(String(left.program["portalUrl"]))]);
    });
});

describe("a consent of 0.1.0", () => {
    let provider: ServiceProvider;
    beforeAll(async () => (provider = await ServiceProvider.start()));
    beforeEach(() => provider.reset());
    afterAll(() => provider.close());

    describe.each(["consent", "consentOfOwnServicePrincipal"])("%s:", (name) => {
        let left: Golden;
        let stack: HooksStack;
        const appId = () => String(left.program["applicationId"]);
        const now = async () => {
            const { servicePrincipal } = await provider.stateOf(provider.customer(), appId());
            return { servicePrincipal, grants: servicePrincipal ? await provider.customer().grants(appId()) : [] };
        };
        const start = (customer: Golden["customer"]) => {
            provider.reset();
            loadObjects(provider.home, left.home, customer);
            stack = new HooksStack(provider.hooks, left.state);
            provider.home.clearLog();
        };
        beforeEach(() => {
            left = withNewIdentity(golden(provider.home, name));
            start(left.customer);
        });

        test("refresh and preview name nothing, and nothing is written", async () => {
            await provider.expectCalm(stack, left.program);
            await provider.expectCalm(stack, left.program);
        });

        test("a change works, and the next preview shows no change", async () => {
            const program = { ...left.program, servicePrincipal: "assignment required" };
            expect(await stack.up(program)).toBe("update");
            await provider.expectCalm(stack, program);
        });

        test("release restores it, with and without an earlier change", async () => {
            start(left.before);
            const before = await now();
            for (const change of [undefined, { servicePrincipal: "assignment required" }]) {
                start(left.customer);
                if (change) await stack.up({ ...left.program, ...change });
                await stack.up(undefined);
                expect(await now()).toEqual(before);
            }
        });
    });
});
