// A refresh of a portal that nobody changed reports no change.
import { onePortal } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";

jest.setTimeout(120_000);

test("a refresh reports no change if nobody changed anything", async () => {
    const tenant = await TestTenant.start();
    const workspace = await new Workspace({ env: tenant.env }).init();
    try {
        workspace.declare(onePortal({ displayName: "Restore Portal" }));
        await workspace.upOk();
        expectSuccess(await workspace.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]));
        const { output } = expectSuccess(
            await workspace.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]),
        );
        expect(output).not.toMatch(/updated/);
    } finally {
        workspace.remove();
        await tenant.close();
    }
});
