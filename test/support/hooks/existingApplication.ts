// Sets up a test file. Each test begins with an application that no portal registered and that a portal can adopt.
import { existingApplication } from "../tenant/portals";
import { HooksTenant } from "./hooksTenant";

/** `begin` gets the tenant and the Application ID before the first test. Each test begins with the same contents. */
export function withExistingApplication(begin: (world: HooksTenant, appId: string) => void): void {
    let world: HooksTenant | undefined;
    beforeAll(async () => {
        world = await HooksTenant.start();
        const appId = await existingApplication(world.tenant);
        world.keep();
        begin(world, appId);
    });
    beforeEach(() => world?.reset());
    afterAll(() => world?.close());
}
