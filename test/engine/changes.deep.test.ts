// Changes each input separately, and checks that the change causes only the documented update, replacement or refusal,
// or nothing if the meaning stays the same.
import { ChangingPortal, UPDATES, writesOf } from "../support/engine/changingPortal";
import { everythingOf, existingApplication, onePortal } from "../support/tenant/portals";

jest.setTimeout(600_000);

const world = new ChangingPortal();
beforeAll(() => world.start());
afterAll(() => world.close());

describe("a changed input", () => {
    test("has a case for each input", () => {
        // test/ownership/leaveAlone.test.ts tests `leaveAlone`.
        const others = ["owners", "certificate", "tenantId", "applicationId", "region", "leaveAlone"];
        expect([...UPDATES.map(({ input }) => input), ...others]).toHaveLength(18);
    });

    test.each(UPDATES)("$input: updates the application, and writes nothing else", async ({ args: change, writes }) => {
        const before = await world.appId();
        await world.apply(change, /~ 1 updated/);
        expect(writesOf(world.tenant)).toEqual(writes);
        expect(await world.appId()).toBe(before);
    });

    test("owners: are added, and never removed", async () => {
        await world.apply({ owners: [world.owner] }, /~ 1 updated/);
        expect(writesOf(world.tenant)).toEqual(["POST applications/owners/$ref"]);
        await world.apply({ owners: undefined }, /~ 1 updated/);
        expect(writesOf(world.tenant)).toEqual([]);
        const { value } = await world.tenant.graph<{ value: { id: string }[] }>(
            "GET",
            `/applications(appId='${await world.appId()}')/owners`,
        );
        expect(value.map(({ id }) => id)).toContain(world.owner);
    });

    test("certificate: the new one is added, and the replaced one stays until its overlap ends", async () => {
        await world.apply({ registerCertificate: true }, /~ 1 updated/);
        const [old] = (await world.tenant.application(await world.appId())).keyCredentials;
        const program = onePortal(world.args);
        program.certificates!["certificate"] = { source: { generate: { name: "Another name" } } };
        world.workspace.declare(program);
        world.tenant.clearLog();
        expect((await world.workspace.upOk()).output).toMatch(/~ 2 updated/);
        expect(writesOf(world.tenant)).toEqual(["PATCH applications: keyCredentials,tags"]);
        const { keyCredentials } = await world.tenant.application(await world.appId());
        expect(keyCredentials).toHaveLength(2);
        expect(keyCredentials).toContainEqual(old);
        const outputs = (await world.workspace.outputsOf("portal"))["certificates"] as {
            thumbprint: string;
            ours: boolean;
            retiresOn?: string;
        }[];
        expect(outputs.map(({ ours, retiresOn }) => [ours, retiresOn !== undefined]).sort()).toEqual([
            [true, false],
            [true, true],
        ]);
        world.workspace.declare(onePortal(world.args));
        await world.workspace.upOk();
    });

    test("tenantId: another spelling of the same tenant is not a change", async () => {
        world.workspace.declare(onePortal({ ...world.args, tenantId: "contoso.com" }));
        await world.workspace.previewUnchanged();
        world.workspace.declare(onePortal({ ...world.args, tenantId: world.tenant.emulator.tenantId.toUpperCase() }));
        await world.workspace.previewUnchanged();
    });

    test("tenantId: another tenant replaces the resource, and the old application is deleted with its own credentials", async () => {
        const old = await world.appId();
        await world.apply({ credentials: "SECOND", tenantId: world.tenant.emulator.tenantIds[1] }, /\+-? ?1 replaced/);
        expect((await world.tenant.tryGraph("GET", `/applications(appId='${old}')`)).status).toBe(404);
        expect((await world.workspace.outputsOf("portal"))["tenantId"]).toBe(world.tenant.emulator.tenantIds[1]);
        await world.apply({ credentials: undefined, tenantId: world.tenant.emulator.tenantId }, /1 replaced/);
    });

    test("region: a change with the same application is refused before any write", async () => {
        const id = await existingApplication(world.tenant);
        await world.apply({ applicationId: id, displayName: undefined }, /1 replaced/);
        world.tenant.clearLog();
        world.workspace.declare(onePortal({ ...world.args, region: "China" }));
        const { code, output } = await world.workspace.up();
        expect(output).toMatch(/region.*must not change from "Worldwide" to "China" with the same application/);
        expect([code === 0, world.tenant.writes()]).toEqual([false, []]);
    });

    test("region: a change with another application in that region replaces the resource", async () => {
        const id = await existingApplication(world.china);
        const old = await world.appId();
        const tenantId = world.china.emulator.tenantId;
        await world.apply({ region: "China", credentials: "CHINA", tenantId, applicationId: id }, /1 replaced/);
        expect((await world.workspace.outputsOf("portal"))["applicationId"]).toBe(id);
        expect((await world.tenant.application(old)).identifierUris).toEqual([]);
        await world.apply(
            { region: undefined, credentials: undefined, tenantId: world.tenant.emulator.tenantId, applicationId: old },
            /1 replaced/,
        );
    });

    test("applicationId: a change replaces the resource; the first application is released, not deleted", async () => {
        const [first, second] = [await world.appId(), await existingApplication(world.tenant)];
        await world.apply({ applicationId: second }, /1 replaced/);
        expect((await world.tenant.application(first)).identifierUris).toEqual([]);
        expect((await world.tenant.application(second)).identifierUris).toEqual([`api://${second}`]);
    });

    test("from displayName to the applicationId of the same application: gives up ownership, and deletes nothing", async () => {
        await world.apply({ applicationId: undefined, displayName: "Restore Portal" }, /1 replaced/);
        const id = await world.appId();
        await world.apply({ displayName: undefined, applicationId: id }, /~ 1 updated/);
        expect(await world.appId()).toBe(id);
        await world.workspace.previewUnchanged();
        const before = await everythingOf(world.tenant, id);
        await world.workspace.destroyOk();
        expect((await world.tenant.application(id)).appId).toBe(id);
        expect((await world.tenant.application(id)).identifierUris).toEqual([]);
        expect(before.application?.displayName).toBe("Restore Portal");
        expect(await world.tenant.tryGraph("GET", `/applications(appId='${id}')`)).toMatchObject({ status: 200 });
    });
});
