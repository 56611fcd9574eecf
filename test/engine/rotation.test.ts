// Certificates change on the real engine: in time, with overlap, and never with a gap.
import { issueCertificates } from "../support/tenant/certificates";
import { existingApplication, namedInputs, onePortal } from "../support/tenant/portals";
import { openPfx, refusalOf, type ClientCertificate } from "../support/signIn/signIn";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace, type ProgramSpec } from "../support/engine/workspace";

jest.setTimeout(600_000);

const DAY_MS = 24 * 60 * 60 * 1000;
let tenant: TestTenant;
let workspace: Workspace;
beforeEach(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterEach(async () => {
    workspace.remove();
    await tenant.close();
});

/** A portal whose certificate has that name: another name asks for another certificate. */
function portal(name: string, args: Record<string, unknown> = {}): ProgramSpec {
    const program = onePortal({ displayName: "Restore Portal", ...args });
    return { ...program, certificates: { certificate: { source: { generate: { name } } } } };
}

async function rotateTo(name: string, args: Record<string, unknown> = {}): Promise<string> {
    workspace.declare(portal(name, args));
    await workspace.upOk();
    return currentThumbprint();
}

async function currentThumbprint(): Promise<string> {
    return (await generated()).certificate.thumbprint;
}

async function appId(): Promise<string> {
    return (await workspace.outputsOf("portal"))["applicationId"] as string;
}

interface Generated {
    readonly certificate: { readonly thumbprint: string; readonly notAfter: string };
    readonly pfx: string;
    readonly pfxPassword: string;
}

/** What PortalCertificate put out, in the clear. */
async function generated(): Promise<Generated> {
    return (await workspace.outputsOf("certificate", "--show-secrets")) as unknown as Generated;
}

async function registered(id?: string): Promise<string[]> {
    const { keyCredentials } = await tenant.application(id ?? (await appId()));
    return keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier);
}

async function clientCertificate(): Promise<ClientCertificate> {
    const { pfx, pfxPassword } = await generated();
    return openPfx(pfx, pfxPassword);
}

/** Years pass for the tenant and for the deployments alike. */
function letPass(days: number): Date {
    tenant.emulator.control.advanceClock(days * DAY_MS);
    passed += days;
    const now = new Date(Date.now() + passed * DAY_MS);
    workspace.env = { ...workspace.env, RESTORE_PORTAL_TEST_TIME: now.toISOString() };
    return now;
}
let passed = 0;
beforeEach(() => (passed = 0));

async function addForeign(): Promise<string> {
    const [key] = await issueCertificates(1);
    const { id, keyCredentials } = await tenant.application(await appId());
    const entry = { type: "AsymmetricX509Cert", usage: "Verify", displayName: "Somebody else's", key };
    await tenant.graph("PATCH", `/applications/${id}`, { keyCredentials: [...keyCredentials, entry] });
    return (await registered()).at(-1)!;
}

test("three years: each renewal in its window, never a gap, never more than two of ours, and foreign ones stay", async () => {
    workspace.declare(portal("Restore Portal"));
    await workspace.upOk();
    const foreign = await addForeign();
    const id = await appId();
    let current = await generated();
    const renewals: number[] = [];
    for (let day = 0; day <= 3 * 365;) {
        // A pipeline that looks every two weeks where it matters; in between nothing happens.
        const ahead = (Date.parse(current.certificate.notAfter) - Date.now()) / DAY_MS - passed;
        const step = Math.min(100, Math.max(14, Math.floor(ahead) - 45));
        day += step;
        const now = letPass(step);
        const refusal = async () => refusalOf(tenant, id, openPfx(current.pfx, current.pfxPassword), now);
        // The client goes on with what it was handed last, up to this moment.
        expect({ day, refusal: await refusal() }).toEqual({ day, refusal: undefined });
        const { thumbprint, notAfter } = current.certificate;
        const daysLeft = (Date.parse(notAfter) - now.getTime()) / DAY_MS;
        await workspace.upOk();
        current = await generated();
        const isRenewed = current.certificate.thumbprint !== thumbprint;
        expect({ day, isRenewed }).toEqual({ day, isRenewed: daysLeft <= 30 });
        if (isRenewed) renewals.push(day);
        const there = await registered(id);
        expect(there).toContain(foreign);
        expect(there.length - 1).toBeLessThanOrEqual(2);
        expect(there.length - 1).toBeGreaterThanOrEqual(1);
        expect(await refusal()).toBeUndefined();
    }
    expect(renewals).toHaveLength(3);
});

test("a preview names a renewal by one input, and warns from 60 days before the end on", async () => {
    workspace.declare(portal("Restore Portal"));
    await workspace.upOk();
    letPass(310);
    const early = await workspace.preview("--expect-no-changes");
    expect(early.code).toBe(0);
    expect(early.output).toMatch(
        /certificate "Restore Portal" ends on \d{4}-\d\d-\d\d; the first pulumi up from \d{4}-\d\d-\d\d on renews it/,
    );
    letPass(30);
    const before = await registered();
    const due = await workspace.preview("--expect-no-changes");
    expect(due.code).toBe(7);
    expect(due.output).toMatch(/~ status\s*: "due for renewal: ends \d{4}-\d\d-\d\d" => "current"/);
    expect(await registered()).toEqual(before);
    await workspace.upOk();
    expect(await registered()).toHaveLength(2);
    await workspace.previewUnchanged();
});

describe("an overlap", () => {
    const overlap = { certificateOverlapDays: 10 };

    test("holds two rotations; the preview says when each is over, and up removes exactly that one", async () => {
        const first = await rotateTo("first", overlap);
        const foreign = await addForeign();
        const second = await rotateTo("second", overlap);
        letPass(5);
        const third = await rotateTo("third", overlap);
        expect((await registered()).sort()).toEqual([first, second, third, foreign].sort());
        await workspace.previewUnchanged();
        letPass(6);
        const preview = await workspace.preview("--expect-no-changes");
        expect(preview.code).toBe(7);
        expect(namedInputs(preview.output)).toEqual(["retiredCertificates"]);
        expect(preview.output).toContain(first);
        expect(preview.output).not.toContain(`- [0]: "${second}"`);
        await workspace.upOk();
        expect((await registered()).sort()).toEqual([second, third, foreign].sort());
        letPass(5);
        await workspace.upOk();
        expect((await registered()).sort()).toEqual([third, foreign].sort());
        await workspace.previewUnchanged();
    });

    test("of no days removes the old one in the same up, but only after the new one is seen", async () => {
        const none = { certificateOverlapDays: 0 };
        const old = await rotateTo("old", none);
        const foreign = await addForeign();
        tenant.clearLog();
        const current = await rotateTo("new", none);
        const patches = tenant.writes().filter(({ method }) => method === "PATCH");
        const sizes = patches.map(({ body }) => (body as { keyCredentials: unknown[] }).keyCredentials.length);
        expect(sizes).toEqual([3, 2]);
        expect(await registered()).toEqual([foreign, current]);
        expect(await registered()).not.toContain(old);
        await workspace.previewUnchanged();
    });

    test("is not disturbed when somebody removes the replaced one by hand", async () => {
        const old = await rotateTo("old", overlap);
        const current = await rotateTo("new", overlap);
        await keepOnly((thumbprint) => thumbprint !== old);
        await workspace.previewUnchanged();
        letPass(11);
        await workspace.previewUnchanged();
        expect(await registered()).toEqual([current]);
    });

    test("a current one removed by hand comes back", async () => {
        const old = await rotateTo("old", overlap);
        const current = await rotateTo("new", overlap);
        await keepOnly((thumbprint) => thumbprint !== current);
        const { output, code } = await workspace.preview("--expect-no-changes");
        expect(code).toBe(7);
        expect(namedInputs(output)).toEqual(["certificate"]);
        await workspace.upOk();
        expect((await registered()).sort()).toEqual([old, current].sort());
    });
});

async function keepOnly(isKept: (thumbprint: string) => boolean): Promise<void> {
    const { id, keyCredentials } = await tenant.application(await appId());
    const kept = keyCredentials.filter(({ customKeyIdentifier }) => isKept(customKeyIdentifier));
    await tenant.graph("PATCH", `/applications/${id}`, { keyCredentials: kept });
}

test("a certificate that was registered by hand before is used, not doubled, and stays after destroy", async () => {
    const id = await existingApplication(tenant);
    workspace.declare({ certificates: { certificate: { source: { generate: { name: "by hand" } } } } });
    await workspace.upOk();
    const { certificate } = await clientCertificate();
    const key = { type: "AsymmetricX509Cert", usage: "Verify", key: certificate.raw.toString("base64") };
    await tenant.graph("PATCH", `/applications(appId='${id}')`, { keyCredentials: [key] });
    const program = onePortal({ applicationId: id });
    workspace.declare({ ...program, certificates: { certificate: { source: { generate: { name: "by hand" } } } } });
    await workspace.upOk();
    expect(await registered()).toHaveLength(1);
    await workspace.destroyOk();
    expect((await tenant.application(id)).keyCredentials).toHaveLength(1);
});

test("with 30 s of replication lag a client that asks ten times a second all through a rotation is never refused", async () => {
    workspace.declare(portal("old"));
    await workspace.upOk();
    const id = await appId();
    let certificate = await clientCertificate();
    tenant.emulator.control.setLag(30_000);
    // The application itself must be old enough to be seen.
    await new Promise((done) => setTimeout(done, 31_000));
    workspace.env = { ...workspace.env, RESTORE_PORTAL_WAIT_SECONDS: "120" };
    const answers: (string | undefined)[] = [];
    const asking = setInterval(
        () => void refusalOf(tenant, id, certificate).then((answer) => answers.push(answer)),
        100,
    );
    try {
        workspace.declare(portal("new"));
        await workspace.upOk();
        const during = answers.length;
        certificate = await clientCertificate();
        await new Promise((done) => setTimeout(done, 3_000));
        expect(during).toBeGreaterThan(200);
        expect(answers.length - during).toBeGreaterThan(15);
    } finally {
        clearInterval(asking);
    }
    await new Promise((done) => setTimeout(done, 500));
    expect(answers.filter(Boolean)).toEqual([]);
    expect(await registered()).toHaveLength(2);
});

describe("registerCertificate: false", () => {
    const verified = { registerCertificate: false };

    test("refuses an adoption whose certificate is not registered, with the three ways to do that", async () => {
        workspace.declare({ certificates: { certificate: { source: { generate: { name: "Portal" } } } } });
        await workspace.upOk();
        const id = await existingApplication(tenant);
        const certificates = { certificate: { source: { generate: { name: "Portal" } } } };
        workspace.declare({ ...onePortal({ applicationId: id, ...verified }), certificates });
        tenant.clearLog();
        const { code, output } = await workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(
            /is not registered on application .*leave registerCertificate out.*, or upload .*, or run: az ad app/,
        );
        expect(tenant.writes()).toEqual([]);
    });

    test("fails up when it is missing later, and heals the rest all the same", async () => {
        await rotateTo("Portal");
        workspace.declare(portal("Portal", verified));
        await workspace.upOk();
        await keepOnly(() => false);
        await tenant.graph("PATCH", `/applications(appId='${await appId()}')`, { spa: { redirectUris: [] } });
        const { code, output } = await workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(/verifying the certificate: certificate \w{40} is not registered/);
        expect((await tenant.application(await appId())).spa.redirectUris).toHaveLength(1);
        expect(await registered()).toEqual([]);
    });
});

describe("a tenant's policy on the life of certificates", () => {
    const limitTo = (days: number) =>
        tenant.graph("PATCH", "/policies/defaultAppManagementPolicy", {
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

    test("is explained where Entra refuses by it, though the caller may not read it", async () => {
        await limitTo(90);
        workspace.declare(portal("Portal"));
        const { code, output } = await workspace.up();
        expect(code).not.toBe(0);
        expect(output).toMatch(/CredentialInvalidLifetimeAsPerAppPolicy.*set validDays to the limit of .*may not read/);
    });

    test("is said beforehand to a caller who may read it, and validDays within it pass", async () => {
        await limitTo(90);
        const roles = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All", "Policy.Read.All"];
        workspace.env = tenant.envOf(tenant.emulator.addIdentity({ roles }));
        workspace.declare(portal("Portal"));
        const preview = await workspace.preview();
        expect(preview.output).toMatch(/policy allows 90 days; set validDays to 90 or less/);
        const { output } = await workspace.up();
        expect(output).toMatch(/policy allows 90 days: set validDays to 90 or less/);
        const generate = { name: "Portal", validDays: 90 };
        workspace.declare({ ...portal("Portal"), certificates: { certificate: { source: { generate } } } });
        expect((await workspace.up()).code).not.toBe(0);
        // A changed validity counts for the next certificate, so another one is asked for by another name.
        const next = { name: "Portal 2", validDays: 90 };
        workspace.declare({ ...portal("Portal"), certificates: { certificate: { source: { generate: next } } } });
        await workspace.upOk();
        expect(await registered()).toHaveLength(1);
    });
});
