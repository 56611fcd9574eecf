// Moves a portal to another tenant with `az login`. The Azure CLI has a session for the old tenant only. So a delete
// could sign in, and the create could not.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { HooksTenant } from "../support/hooks/hooksTenant";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import { DEPLOYING, SIGNED_OUT, SignedInUser } from "../support/tenant/signedInUser";

jest.setTimeout(60_000);
const folder = mkdtempSync(join(tmpdir(), "az-one-tenant-"));
let world: HooksTenant;
let user: SignedInUser;
let hooks: HooksProcess;
let second: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    user = new SignedInUser(world.tenant, DEPLOYING);
    second = world.tenant.emulator.tenantIds[1] ?? "";
    const real = (user.env["PATH"] ?? "").split(delimiter)[0] ?? "";
    const refusal = `ERROR: AADSTS50020: User account 'user@contoso.com' from identity provider 'https://sts.windows.net/' does not exist in tenant 'Other'. Please run: az login --tenant ${second}`;
    writeFileSync(
        join(folder, "az"),
        `#!/bin/sh\ncase "$*" in *${second}*) echo "${refusal}" >&2; exit 1;; esac\nexec "${real}/az" "$@"\n`,
    );
    chmodSync(join(folder, "az"), 0o755);
    hooks = world.startHooks({ ...SIGNED_OUT, PATH: [folder, process.env["PATH"]].join(delimiter) });
});
afterAll(async () => {
    await hooks.end();
    user.remove();
    rmSync(folder, { recursive: true });
    await world.close();
});

test("a tenant to which the user cannot sign in leaves the living portal as it is", async () => {
    const stack = world.stack(hooks);
    await stack.up(world.portal({ tenantId: world.tenant.tenantId }));
    world.tenant.clearLog();
    const outcome = await stack
        .up(world.portal({ tenantId: second }))
        .catch((error: unknown) => (error as Error).message);
    expect(outcome).toMatch(/sign/);
    expect({ outcome, left: world.portals().length }).toMatchObject({ left: 1 });
});
