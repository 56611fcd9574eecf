// Checks that a destroy does not silently remove a portal's objects if others use them.
import { linesOf } from "../support/hooks/announced";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { addRedirectUris, servicePrincipalByHand } from "../support/hooks/ownership";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

describe("destroying a registered application that others use too:", () => {
    const THEIRS = "https://theirs.contoso.com/signin";
    async function sharedPortal() {
        const stack = await world.deployed();
        const appId = stack.state?.id ?? "";
        await addRedirectUris(world.tenant, appId, THEIRS);
        await world.tenant.graph("POST", `/applications(appId='${appId}')/addPassword`, {
            passwordCredential: { displayName: "CI" },
        });
        return { stack, appId };
    }
    const destroyed = async (stack: HooksStack, setting: string) => {
        stack.hooks = world.startHooks({ RESTORE_PORTAL_DELETE_OTHERS: setting });
        try {
            await stack.up(undefined);
        } finally {
            await stack.hooks.end();
        }
    };

    test.each(["", "0a0a0a0a-97bd-4804-ba69-bf1ed293e017"])(
        "it is refused before anything is written, with their entries and the setting (set to %p)",
        async (setting) => {
            const { stack, appId } = await sharedPortal();
            world.tenant.clearLog();
            const { message } = await failureOf(destroyed(stack, setting));
            expect(message).toContain(
                `deleting application ${appId} ("Restore Portal"): it has entries of others: redirect URI ${THEIRS}, client secret "CI"; nothing was written; `,
            );
            expect(message).toContain(`set RESTORE_PORTAL_DELETE_OTHERS=${appId} in the environment`);
            expect(world.tenant.writes()).toEqual([]);
        },
    );

    test("with the setting it is deleted", async () => {
        const { stack, appId } = await sharedPortal();
        await destroyed(stack, `0a0a0a0a-97bd-4804-ba69-bf1ed293e017, ${appId}`);
        expect(world.portals()).toEqual([]);
    });

    test("without entries of others nothing is asked, also after a rotation", async () => {
        const stack = await world.deployed();
        await stack.up(world.portal({ certificate: world.certificates[1] }));
        await destroyed(stack, "");
        expect(world.portals()).toEqual([]);
    });
});

// announcedRelease.deep.test.ts tests all states.
test("releasing an adopted application says once what it removes and what it leaves", async () => {
    const THEIRS = "https://theirs.contoso.com/signin";
    await addRedirectUris(world.tenant, existing, THEIRS);
    await world.tenant.patchApplication(existing, { serviceManagementReference: "CMDB-1" });
    await servicePrincipalByHand(world.tenant, existing);
    const program = { serviceManagementReference: "CMDB-2", servicePrincipal: "assignment required" };
    const { state } = await world.deployed({ applicationId: existing, ...program });
    const [{ thumbprint, notAfter } = { thumbprint: "", notAfter: "" }] = state?.outputs["certificates"] as {
        thumbprint: string;
        notAfter: string;
    }[];
    const lines = await linesOf(world, (hooks) => new HooksStack(hooks, state).up(undefined));
    expect(lines).toEqual([
        [
            `releases "Existing application" (${existing}): changes serviceManagementReference from "CMDB-2" to "CMDB-1"`,
            `removes Application ID URI api://${existing}`,
            "removes scope access_as_user",
            "removes permissions User.Read and access_as_user",
            "removes redirect URI https://portal.abc.com:4443",
            `removes certificate ${thumbprint}, valid until ${notAfter.slice(0, 10)}, which VB365 may still use`,
            "lets all users sign in",
            "revokes User.Read and access_as_user for all users of the tenant",
            "removes its tag from the application and service principal",
            "leaves 1 redirect URI alone",
        ].join("; "),
    ]);
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual([THEIRS]);
    expect(await linesOf(world, (hooks) => new HooksStack(hooks, state).up(undefined))).toEqual([]);
});

test("an address that was there before the adoption, and that is repaired later, stays after the release", async () => {
    const PORTAL = "https://portal.abc.com:4443";
    await world.tenant.patchApplication(existing, { spa: { redirectUris: [PORTAL] } });
    const stack = await world.deployed({ applicationId: existing });
    await world.tenant.patchApplication(existing, { spa: { redirectUris: [] } });
    await stack.up(world.portal({ applicationId: existing }));
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual([PORTAL]);
    await stack.up(undefined);
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual([PORTAL]);
});
