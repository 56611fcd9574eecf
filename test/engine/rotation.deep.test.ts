// Changes certificates on the real engine: over years, with replicas that lag, and under policies of the tenant.
import { DAY_MS, portalWith, RotatingPortal } from "../support/engine/rotatingPortal";
import { openPfx, refusalOf } from "../support/signIn/signIn";
import { existingApplication, namedInputs, onePortal } from "../support/tenant/portals";

jest.setTimeout(600_000);

let world: RotatingPortal;
beforeEach(async () => {
    world = await RotatingPortal.start();
});
afterEach(() => world.close());

test("for three years, each renewal is in time, sign-in always works, at most two certificates are ours, and those of others stay", async () => {
    world.workspace.declare(portalWith("Restore Portal"));
    await world.workspace.upOk();
    const foreign = await world.addForeign();
    const id = await world.appId();
    let current = await world.generated();
    const renewals: number[] = [];
    for (let day = 0; day <= 3 * 365;) {
        // A pipeline runs every two weeks near a renewal. Between renewals, time advances in longer steps.
        const ahead = (Date.parse(current.certificate.notAfter) - Date.now()) / DAY_MS - world.passed;
        const step = Math.min(100, Math.max(14, Math.floor(ahead) - 45));
        day += step;
        const now = world.letPass(step);
        const refusal = async () => refusalOf(world.tenant, id, openPfx(current.pfx, current.pfxPassword), now);
        // Before this `up`, VB365 still signs in with the certificate of the last `up`.
        expect({ day, refusal: await refusal() }).toEqual({ day, refusal: undefined });
        const { thumbprint, notAfter } = current.certificate;
        const daysLeft = (Date.parse(notAfter) - now.getTime()) / DAY_MS;
        await world.workspace.upOk();
        current = await world.generated();
        const isRenewed = current.certificate.thumbprint !== thumbprint;
        expect({ day, isRenewed }).toEqual({ day, isRenewed: daysLeft <= 30 });
        if (isRenewed) renewals.push(day);
        const there = await world.registered(id);
        expect(there).toContain(foreign);
        expect(there.length - 1).toBeLessThanOrEqual(2);
        expect(there.length - 1).toBeGreaterThanOrEqual(1);
        expect(await refusal()).toBeUndefined();
    }
    expect(renewals).toHaveLength(3);
});

describe("an overlap", () => {
    const overlap = { certificateOverlapDays: 10 };

    test("can contain two rotations; the preview names each end, and up removes exactly that certificate", async () => {
        const first = await world.rotateTo("first", overlap);
        const foreign = await world.addForeign();
        const second = await world.rotateTo("second", overlap);
        world.letPass(5);
        const third = await world.rotateTo("third", overlap);
        expect((await world.registered()).sort()).toEqual([first, second, third, foreign].sort());
        await world.workspace.previewUnchanged();
        world.letPass(6);
        const preview = await world.workspace.preview("--expect-no-changes");
        expect(preview.code).toBe(7);
        expect(namedInputs(preview.output)).toEqual(["retiredCertificates"]);
        expect(preview.output).toContain(first);
        expect(preview.output).not.toContain(`- [0]: "${second}"`);
        await world.workspace.upOk();
        expect((await world.registered()).sort()).toEqual([second, third, foreign].sort());
        world.letPass(5);
        await world.workspace.upOk();
        expect((await world.registered()).sort()).toEqual([third, foreign].sort());
        await world.workspace.previewUnchanged();
    });

    test("continues if somebody removes the replaced certificate by hand", async () => {
        const old = await world.rotateTo("old", overlap);
        const current = await world.rotateTo("new", overlap);
        await world.keepOnly((thumbprint) => thumbprint !== old);
        await world.workspace.previewUnchanged();
        world.letPass(11);
        await world.workspace.previewUnchanged();
        expect(await world.registered()).toEqual([current]);
    });

    test("a current certificate that somebody removes by hand comes back", async () => {
        const old = await world.rotateTo("old", overlap);
        const current = await world.rotateTo("new", overlap);
        await world.keepOnly((thumbprint) => thumbprint !== current);
        const { output, code } = await world.workspace.preview("--expect-no-changes");
        expect(code).toBe(7);
        expect(namedInputs(output)).toEqual(["certificate"]);
        await world.workspace.upOk();
        expect((await world.registered()).sort()).toEqual([old, current].sort());
    });
});

test("a certificate that somebody registered by hand is used, is not added twice, and stays after destroy", async () => {
    const id = await existingApplication(world.tenant);
    world.workspace.declare({ certificates: { certificate: { source: { generate: { name: "by hand" } } } } });
    await world.workspace.upOk();
    const { certificate } = await world.clientCertificate();
    const key = { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.raw.toString("base64") };
    await world.tenant.graph("PATCH", `/applications(appId='${id}')`, { keyCredentials: [key] });
    const program = onePortal({ applicationId: id });
    world.workspace.declare({
        ...program,
        certificates: { certificate: { source: { generate: { name: "by hand" } } } },
    });
    await world.workspace.upOk();
    expect(await world.registered()).toHaveLength(1);
    await world.workspace.destroyOk();
    expect((await world.tenant.application(id)).keyCredentials).toHaveLength(1);
});

test("with 30 s of replication lag a client that signs in ten times a second during a rotation is never refused", async () => {
    world.workspace.declare(portalWith("old"));
    await world.workspace.upOk();
    const id = await world.appId();
    let certificate = await world.clientCertificate();
    world.tenant.emulator.control.setLag(30_000);
    // The test waits until the application itself is on every replica.
    await new Promise((done) => setTimeout(done, 31_000));
    world.workspace.env = { ...world.workspace.env, RESTORE_PORTAL_WAIT_SECONDS: "120" };
    const answers: (string | undefined)[] = [];
    const asking = setInterval(
        () => void refusalOf(world.tenant, id, certificate).then((answer) => answers.push(answer)),
        100,
    );
    try {
        world.workspace.declare(portalWith("new"));
        await world.workspace.upOk();
        const during = answers.length;
        certificate = await world.clientCertificate();
        await new Promise((done) => setTimeout(done, 3_000));
        expect(during).toBeGreaterThan(200);
        expect(answers.length - during).toBeGreaterThan(15);
    } finally {
        clearInterval(asking);
    }
    await new Promise((done) => setTimeout(done, 500));
    expect(answers.filter(Boolean)).toEqual([]);
    expect(await world.registered()).toHaveLength(2);
});

describe("registerCertificate: false", () => {
    const verified = { registerCertificate: false };

    test("refuses an adoption whose certificate is not registered, and names three ways to register it", async () => {
        world.workspace.declare({ certificates: { certificate: { source: { generate: { name: "Portal" } } } } });
        await world.workspace.upOk();
        const id = await existingApplication(world.tenant);
        const certificates = { certificate: { source: { generate: { name: "Portal" } } } };
        world.workspace.declare({ ...onePortal({ applicationId: id, ...verified }), certificates });
        world.tenant.clearLog();
        const { code, output } = await world.workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(
            /is not registered on application .*leave registerCertificate out.*, or upload .*, or run: az ad app/,
        );
        expect(world.tenant.writes()).toEqual([]);
    });

    test("fails up if the certificate is missing later, but repairs everything else", async () => {
        await world.rotateTo("Portal");
        world.workspace.declare(portalWith("Portal", verified));
        await world.workspace.upOk();
        await world.keepOnly(() => false);
        await world.tenant.graph("PATCH", `/applications(appId='${await world.appId()}')`, {
            spa: { redirectUris: [] },
        });
        const { code, output } = await world.workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(/verifying the certificate: certificate \w{40} is not registered/);
        expect((await world.tenant.application(await world.appId())).spa.redirectUris).toHaveLength(1);
        expect(await world.registered()).toEqual([]);
    });
});

describe("a tenant's policy on the lifetime of certificates", () => {
    const limitTo = (days: number) =>
        world.tenant.graph("PATCH", "/policies/defaultAppManagementPolicy", {
            isEnabled: true,
            applicationRestrictions: {
                keyCredentials: [
                    {
                        restrictionType: "asymmetricKeyLifetime",
                        state: "enabled",
                        maxLifetime: `P${days}D`,
                        restrictForAppsCreatedAfterDateTime: null,
                    },
                ],
            },
        });

    test("is explained if Entra refuses a certificate because of it, even if the caller may not read it", async () => {
        await limitTo(90);
        world.workspace.declare(portalWith("Portal"));
        const { code, output } = await world.workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(
            /CredentialInvalidLifetimeAsPerAppPolicy.*ask an administrator for the limit of .*set source\.generate\.validDays to/,
        );
    });

    test("is reported in advance to a caller who may read it, and a shorter validDays passes", async () => {
        await limitTo(90);
        const roles = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All", "Policy.Read.All"];
        world.workspace.env = world.tenant.envOf(world.tenant.emulator.addIdentity({ roles }));
        world.workspace.declare(portalWith("Portal"));
        const preview = await world.workspace.preview();
        expect(preview.output).toMatch(/policy allows at most 90 days; set source\.generate\.validDays to 90 or less/);
        const { output } = await world.workspace.up();
        expect(output).toMatch(/policy allows 90 days: set source\.generate\.validDays to 90 or less/);
        const generate = { name: "Portal", validDays: 90 };
        world.workspace.declare({ ...portalWith("Portal"), certificates: { certificate: { source: { generate } } } });
        expect((await world.workspace.up()).code).not.toBe(0);
        // A changed `validDays` applies to the next certificate. If `name` changes, the provider issues that
        // certificate immediately.
        const next = { name: "Portal 2", validDays: 90 };
        world.workspace.declare({
            ...portalWith("Portal"),
            certificates: { certificate: { source: { generate: next } } },
        });
        await world.workspace.upOk();
        expect(await world.registered()).toHaveLength(1);
    });
});

test("with an overlap of 0 days, the same up removes the old certificate, but only after a read shows the new one", async () => {
    const none = { certificateOverlapDays: 0 };
    const old = await world.rotateTo("old", none);
    const foreign = await world.addForeign();
    world.tenant.clearLog();
    const current = await world.rotateTo("new", none);
    const patches = world.tenant.writes().filter(({ method }) => method === "PATCH");
    const sizes = patches.map(({ body }) => (body as { keyCredentials: unknown[] }).keyCredentials.length);
    expect(sizes).toEqual([3, 2]);
    expect((await world.registered()).sort()).toEqual([foreign, current].sort());
    expect(await world.registered()).not.toContain(old);
    await world.workspace.previewUnchanged();
});
