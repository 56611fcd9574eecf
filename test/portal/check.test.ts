// Checks the reads that `check` sends to Entra before any write. Also checks that each message names the remedy that
// fits the state of the application.
import { createHash } from "node:crypto";

import { UNKNOWN } from "../../provider/inputs/rawInputs";
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { placesOf, withUnknown } from "../support/hooks/unknowns";

type Json = Record<string, unknown>;
interface Checked {
    readonly inputs: Json;
    readonly failures: { property: string; reason: string }[];
}

jest.setTimeout(300_000);
const NOBODY = "0a0a0a0a-97bd-4804-ba69-bf1ed293e017";
let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const check = (args: Json, olds: Json = {}) => world.hooks.call("check", olds, args) as Promise<Checked>;
async function reasons(args: Json, olds: Json = {}): Promise<string> {
    const { failures } = await check(args, olds);
    return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}
const objectIdOf = async (appId: string) => (await world.tenant.application(appId))["id"];

describe("an id that is not an Application ID is told as what it is:", () => {
    test("the object id of the application", async () => {
        expect(await reasons(world.portal({ applicationId: await objectIdOf(existing) }))).toMatch(
            new RegExp(
                `is the object id of the application "Existing application"; give its Application .*${existing}`,
            ),
        );
    });

    test("the object id of its enterprise application", async () => {
        const { id } = await world.tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId: existing });
        expect(await reasons(world.portal({ applicationId: id }))).toMatch(
            new RegExp(`is the object id of the enterprise application .*; give its Application .*${existing}`),
        );
    });

    test("the Application ID of an application of another tenant", async () => {
        const other = world.tenant.neighbour(world.tenant.emulator.tenantIds[1] ?? "");
        const { appId } = await other.graph<{ appId: string }>("POST", "/applications", {
            displayName: "Foreign",
            signInAudience: "AzureADMultipleOrgs",
        });
        await world.tenant.graph("POST", "/servicePrincipals", { appId });
        expect(await reasons(world.portal({ applicationId: appId }))).toMatch(/is registered in another tenant/);
    });

    test("an id that nothing has", async () => {
        expect(await reasons(world.portal({ applicationId: NOBODY }))).toMatch(/does not exist in tenant/);
    });
});

describe("an owner that does not exist is refused before anything is written:", () => {
    const refused = new RegExp(`owners\\[0\\]: no object of tenant .* has the id "${NOBODY}"`);

    test("for a new application", async () => {
        world.tenant.clearLog();
        expect(await reasons(world.portal({ owners: [NOBODY] }))).toMatch(refused);
        expect(world.tenant.writes()).toEqual([]);
    });

    test("for an adopted application", async () => {
        const { message } = await failureOf(
            world.stack().up(world.portal({ applicationId: existing, owners: [NOBODY] })),
        );
        expect(message).toMatch(refused);
        expect((await world.tenant.application(existing)).spa.redirectUris).toEqual([]);
    });

    test("when an update adds it", async () => {
        const stack = await world.deployed();
        world.tenant.clearLog();
        const { message } = await failureOf(stack.up(world.portal({ displayName: "Renamed", owners: [NOBODY] })));
        expect(message).toMatch(refused);
        expect(world.tenant.writes()).toEqual([]);
    });

    test("when the identity may not add another owner to an existing application", async () => {
        const { objectId } = world.tenant.emulator.identity("admin");
        const needed = /adding .* needs the Microsoft Graph application permissions Application\.ReadWrite\.All/;
        world.tenant.clearLog();
        expect(await reasons(world.portal({ applicationId: existing, owners: [objectId] }))).toMatch(needed);
        const stack = await world.deployed(world.portal({ applicationId: existing }));
        world.tenant.clearLog();
        const program = world.portal({
            applicationId: existing,
            additionalPortalUrls: ["https://b.abc.com:4443"],
            owners: [objectId],
        });
        expect((await failureOf(stack.up(program))).message).toMatch(needed);
        expect(world.tenant.writes()).toEqual([]);
    });

    test("an owner that exists passes", async () => {
        const { objectId } = world.tenant.emulator.identity("deployer");
        expect((await check(world.portal({ owners: [objectId] }))).failures).toEqual([]);
    });
});

describe("a refusal that is not a missing right does not get the advice for one:", () => {
    const rows: [name: string, fault: { status: number; code: string; message: string }][] = [
        [
            "a quota",
            {
                status: 403,
                code: "Directory_QuotaExceeded",
                message: "The directory object quota limit for the Principal has been exceeded.",
            },
        ],
        [
            "conditional access",
            { status: 403, code: "AccessDenied", message: "Blocked by Conditional Access policies." },
        ],
        [
            "a caller that Entra does not know",
            {
                status: 403,
                code: "Authorization_IdentityNotFound",
                message: "The identity of the calling application could not be established.",
            },
        ],
    ];
    test.each(rows)("%s", async (_name, fault) => {
        world.control.addFault({ method: "POST", path: "/applications", count: 99, ...fault });
        const { message } = await failureOf(world.stack().up(world.portal()));
        expect(message).toContain(fault.code);
        expect(message).not.toMatch(/owner of the application and grant|Application\.ReadWrite/);
    });

    test("a missing right does get it", async () => {
        const fault = {
            status: 403,
            code: "Authorization_RequestDenied",
            message: "Insufficient privileges to complete the operation.",
        };
        world.control.addFault({ method: "POST", path: "/applications", count: 99, ...fault });
        expect((await failureOf(world.stack().up(world.portal()))).message).toContain("Application.ReadWrite");
    });
});

test("a fault of the environment names no input", async () => {
    const hooks = world.startHooks({ AZURE_CLIENT_SECRET: "planted~wrong.secret-0123456789012345" });
    const { failures } = (await hooks.call("check", {}, world.portal())) as Checked;
    await hooks.end();
    expect(failures.map(({ property }) => property)).toEqual([""]);
});

test("credentials that the program names and nobody set are named, and az login does not replace them", async () => {
    const program = world.portal({ credentials: "CHINA", tenantId: world.tenant.tenantId });
    const { message } = await failureOf(world.stack().up(program));
    expect(message).toMatch(/set CHINA_AZURE_TENANT_ID, CHINA_AZURE_CLIENT_ID and CHINA_AZURE_CLIENT_SECRET/);
    expect(world.portals()).toEqual([]);
});

test("an application that was deleted permanently is not said to be restorable", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const id = await objectIdOf(existing);
    await world.tenant.graph("DELETE", `/applications/${id}`);
    await world.tenant.graph("DELETE", `/directory/deletedItems/${id}`);
    await stack.refresh();
    const { message } = await failureOf(stack.up(world.portal({ applicationId: existing })));
    expect(message).toMatch(
        /was deleted permanently, so restoreDeleted: true cannot restore it; give the applicationId/,
    );
});

test("a registered application that was deleted permanently is registered again after a refresh, and the message says so", async () => {
    const stack = await world.deployed();
    const { id = "", outputs = {}, inputs = {} } = stack.state ?? {};
    const objectId = await objectIdOf(id);
    await world.tenant.graph("DELETE", `/applications/${objectId}`);
    await world.tenant.graph("DELETE", `/directory/deletedItems/${objectId}`);
    // Without a refresh, state still contains the application, so the engine calls `update` and not `create`.
    const { message } = await failureOf(world.hooks.call("update", id, outputs, inputs));
    expect(message).toMatch(/was deleted permanently; run pulumi up --refresh, which registers a new application$/);
    expect(message).not.toMatch(/restoreDeleted|applicationId of another/);
});

test("a tenant's policy on the lifetime of certificates is reported only for a portal with a certificate", async () => {
    const keyCredentials = [{ restrictionType: "asymmetricKeyLifetime", state: "enabled", maxLifetime: "P90D" }];
    await world.tenant.graph("PATCH", "/policies/defaultAppManagementPolicy", {
        isEnabled: true,
        applicationRestrictions: { keyCredentials },
    });
    const roles = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All", "Policy.Read.All"];
    const policy = /policy allows at most 90 days/;
    for (const [certificate, isReported] of [
        [undefined, false],
        [world.certificates[0], true],
        [UNKNOWN, true],
    ] as const) {
        const hooks = world.startHooks(world.tenant.envOf(world.tenant.emulator.addIdentity({ roles })));
        await hooks.call("check", {}, world.portal({ applicationId: existing, certificate }));
        expect({ certificate, isReported: policy.test(hooks.output) }).toEqual({ certificate, isReported });
        await hooks.end();
    }
});

describe("a registered certificate is recognized by its bytes, whatever identifier it has:", () => {
    const bytes = () =>
        Buffer.from((world.certificates[0]["certificatePem"] as string).replace(/-----[^-]+-----|\s/g, ""), "base64");
    const rows: [name: string, identifier: () => string][] = [
        ["its SHA-256", () => createHash("sha256").update(bytes()).digest("base64")],
        ["a text of somebody's own", () => Buffer.from("restore portal").toString("base64")],
        ["twenty other bytes", () => Buffer.alloc(20, 7).toString("base64")],
        ["the thumbprint of another certificate", () => "AB".repeat(20)],
    ];
    const upload = (customKeyIdentifier: string) =>
        world.tenant.patchApplication(existing, {
            keyCredentials: [
                { type: "AsymmetricX509Cert", usage: "Verify", key: bytes().toString("base64"), customKeyIdentifier },
            ],
        });

    test.each(rows)("%s: it is verified", async (_name, identifier) => {
        await upload(identifier());
        await world.stack().up(world.portal({ applicationId: existing, registerCertificate: false }));
    });

    test.each(rows)("%s: it is not added again", async (_name, identifier) => {
        await upload(identifier());
        const stack = await world.deployed({ applicationId: existing });
        expect((await world.tenant.application(existing)).keyCredentials).toHaveLength(1);
        await world.expectCalm(stack, world.portal({ applicationId: existing }));
    });

    test("attributes before its PEM text, as OpenSSL writes them: it is registered, and the plain text is no change", async () => {
        const { certificatePem } = world.certificates[0] as { certificatePem: string };
        const text = `Bag Attributes\n    friendlyName: Portal\nsubject=CN = portal.abc.com\n\n${certificatePem}`;
        const stack = await world.deployed({ certificate: { certificatePem: text } });
        expect((await world.tenant.application(stack.state?.id ?? "")).keyCredentials).toHaveLength(1);
        await world.expectCalm(stack, world.portal({ certificate: { certificatePem } }));
    });

    test("another certificate under our thumbprint's bytes is still another one", async () => {
        await upload("AB".repeat(20));
        const [, other] = world.certificates;
        await world.stack().up(world.portal({ applicationId: existing, certificate: other }));
        expect((await world.tenant.application(existing)).keyCredentials).toHaveLength(2);
    });
});

describe("an adoption passes check in a preview that does not know", () => {
    test("one of its inputs", async () => {
        const { objectId } = world.tenant.emulator.identity("deployer");
        const program = world.portal({
            applicationId: existing,
            region: "Worldwide",
            tenantId: world.tenant.tenantId,
            registerCertificate: true,
            additionalPortalUrls: ["https://a.abc.com:4443"],
            adminConsent: true,
            owners: [objectId],
            restoreDeleted: false,
        });
        for (const path of placesOf(program)) {
            expect({ path, failures: (await check(withUnknown(program, path))).failures }).toEqual({
                path,
                failures: [],
            });
        }
    });

    test("the certificate that it only verifies", async () => {
        const certificate = { certificatePem: UNKNOWN, thumbprint: UNKNOWN, id: UNKNOWN };
        const program = world.portal({ applicationId: existing, registerCertificate: false, certificate });
        expect((await check(program)).failures).toEqual([]);
    });

    test("credentials, if an update also changes the web address", async () => {
        const stack = await world.deployed({ applicationId: existing });
        const program = world.portal({
            applicationId: existing,
            portalUrl: "https://new.abc.com:4443",
            credentials: UNKNOWN,
        });
        expect((await check(program, stack.state?.inputs)).failures).toEqual([]);
    });
});
