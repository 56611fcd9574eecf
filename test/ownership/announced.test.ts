// Checks that a preview and `pulumi up` announce each change of a deployment in words, before the deployment makes it.
import { expectAnnounced, expectLaterAnnounced, inPreview, linesOf } from "../support/hooks/announced";
import { randomUUID } from "node:crypto";

import { issueCertificate } from "../../provider/certificate/issue";
import { writePfx } from "../../provider/certificate/pfx/writePfx";
import { LEAVABLE_PARTS } from "../../provider/portal/rules/inputs";
import { parseCertificate } from "../../provider/inputs/certificate";
import { UNKNOWN } from "../../provider/inputs/rawInputs";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { keyCredentialOf } from "../support/hooks/ownership";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { loggedPhrases } from "../support/hooks/loggedPhrases";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { costOf } from "../support/tenant/cost";
import { PORTAL_URL } from "../support/tenant/portals";

jest.setTimeout(120_000);

type Json = Record<string, unknown>;

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopting = (args: Json = {}) => world.portal({ applicationId: existing, ...args });
const previewed = (program: Json, facts: Json = {}, olds: Json = {}) =>
    linesOf(world, (hooks) => hooks.call("check", olds, { ...program, ...inPreview(facts) }));

describe("adoption:", () => {
    // announced.deep.test.ts tests all states.
    test("an application made by the wizard: the log of requests shows what the preview said", async () => {
        const { seed } = STARTING_STATES.find(({ name }) => name === "made by the wizard") ?? {};
        await seed?.(world, existing);
        await expectAnnounced(world, existing, adopting());
    });

    test("the preview takes one request", async () => {
        world.tenant.clearLog();
        await previewed(adopting());
        expect(costOf(world.tenant.graphRequests()).requests).toBe(1);
    });

    test("a complete application gets only a tag", async () => {
        await world.deployed(adopting({ identity: "organization/portals/other/portal" }));
        const [sentence] = await previewed(adopting());
        expect(sentence).toContain("): writes only its tag on the application");
    });

    test("an application that this resource registered is given up, not adopted", async () => {
        const stack = await world.deployed();
        const appId = stack.state?.id;
        expect(await previewed(world.portal({ applicationId: appId }), {}, stack.state?.inputs)).toEqual([]);
    });

    test("an application in deleted items is restored first", async () => {
        await world.tenant.graph("DELETE", `/applications(appId='${existing}')`);
        expect(await previewed(adopting({ restoreDeleted: true }))).toEqual([
            `application ${existing}: the deployment restores it from deleted items and then adopts it`,
        ]);
    });

    test("a value that the preview does not know is named", async () => {
        const [sentence] = await previewed(adopting({ portalUrl: UNKNOWN, additionalPortalUrls: UNKNOWN }));
        expect(sentence).toContain("; not known yet: portalUrl and additionalPortalUrls; ");
        expect(sentence).not.toContain(UNKNOWN);
    });
});

describe("a certificate that the deployment makes first:", () => {
    const unknown = { certificatePem: UNKNOWN, thumbprint: UNKNOWN };
    const [place, certificateOf] = ["portals/dev//certificate", "portals/dev//certificate"];

    /** Calls `check` of the certificate and of the portal in one process, as the engine does in a preview. */
    async function afterCertificate(
        source: Json,
        args: Json,
        olds: Json = {},
    ): Promise<{ said: string; failures: Json[] }> {
        let failures: Json[] = [];
        const lines = await linesOf(world, async (hooks) => {
            await hooks.call("portalCertificate.check", olds, { source, ...inPreview({ place }) });
            const program = { ...adopting({ certificate: unknown, ...args }), ...inPreview({ certificateOf }) };
            ({ failures } = (await hooks.call("check", {}, program)) as { failures: Json[] });
        });
        return { said: lines.join("\n"), failures };
    }

    async function pfxSource(): Promise<{ source: Json; thumbprint: string }> {
        const issued = await issueCertificate({ name: "Imported", keySize: 2048, validDays: 30, now: new Date() });
        const password = randomUUID();
        const pfx = writePfx({ ...issued, chain: [], friendlyName: "Portal", password, encryption: "AES256-SHA256" });
        const { thumbprint } = parseCertificate(issued.certificatePem);
        return { source: { pfx: { base64: pfx.toString("base64"), password } }, thumbprint };
    }

    test("a generated one is named", async () => {
        const { said } = await afterCertificate({ generate: { name: "Fresh" } }, {});
        expect(said).toMatch(/; adds a new certificate "Fresh"; .*leaves/);
        expect(said).not.toContain("not known yet");
    });

    test("a generated one is the only difference to what up says, also beside another certificate", async () => {
        const { seed } = STARTING_STATES.find(({ name }) => name === "made by the wizard") ?? {};
        await seed?.(world, existing);
        const { said } = await afterCertificate({ generate: { name: "Fresh" } }, {});
        expect(said).toMatch(
            /\): adds a new certificate "Fresh", beside [0-9A-F]{40}, .*; writes its tag on the application/,
        );
        expect(said).not.toMatch(/leaves .*certificate/);
        const done = await linesOf(world, (hooks) => new HooksStack(hooks).up(adopting()));
        const [up = ""] = done.filter((line) => line.startsWith('adopts "'));
        expect(up.replace(/certificate [0-9A-F]{40}, valid until [-0-9]+/, 'a new certificate "Fresh"')).toBe(said);
    });

    test("a generated one cannot be registered already", async () => {
        const { failures } = await afterCertificate({ generate: { name: "Fresh" } }, { registerCertificate: false });
        expect(failures).toMatchObject([
            {
                reason: expect.stringContaining(
                    "the deployment generates it, so it cannot be registered yet",
                ) as string,
            },
        ]);
    });

    test("an imported one is verified by its thumbprint", async () => {
        const { source, thumbprint } = await pfxSource();
        const { failures } = await afterCertificate(source, { registerCertificate: false });
        expect(failures).toMatchObject([
            { reason: expect.stringContaining(`certificate ${thumbprint} is not registered`) as string },
        ]);
        expect((await afterCertificate(source, {})).said).toContain(`adds certificate ${thumbprint}`);
    });
});

describe("a later deployment: the log of requests shows what the preview said about tags:", () => {
    const careful = { certificate: undefined, adminConsent: false };

    test("an adopted application gets consent, and then a certificate", async () => {
        const stack = await world.deployed({ applicationId: existing, ...careful });
        await expectLaterAnnounced(world, stack, adopting({ certificate: undefined }));
        await expectLaterAnnounced(world, stack, adopting());
    });

    test("a registered application gets consent", async () => {
        const stack = await world.deployed({ adminConsent: false });
        await expectLaterAnnounced(world, stack, world.portal());
    });

    test("an audience that the program no longer sets goes back", async () => {
        const stack = await world.deployed(adopting({ signInAudience: "AzureADMultipleOrgs" }));
        await expectLaterAnnounced(world, stack, adopting());
    });

    test("parts that leave the list leaveAlone are completed", async () => {
        const stack = await world.deployed(adopting({ ...careful, leaveAlone: LEAVABLE_PARTS }));
        await expectLaterAnnounced(world, stack, adopting(careful));
    });

    test("a service principal that somebody deleted permanently is created again", async () => {
        const stack = await world.deployed();
        const { id } = await world.tenant.servicePrincipal(stack.state?.id ?? "");
        await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
        await world.tenant.graph("DELETE", `/directory/deletedItems/${id}`);
        const lines = await linesOf(world, (hooks) => new HooksStack(hooks, stack.state).up(world.portal()));
        expect(lines).toEqual([
            `application ${stack.state?.id ?? ""}: creates the service principal (enterprise application); grants User.Read and access_as_user for all users of the tenant; writes its tag on the service principal`,
        ]);
    });

    test("without a change of the program, a removed tag is not announced, because nothing is written", async () => {
        const stack = await world.deployed(adopting());
        const { id, tags } = await world.tenant.servicePrincipal(existing);
        const kept = tags.filter((tag) => !tag.startsWith("restore-portal"));
        await world.tenant.graph("PATCH", `/servicePrincipals/${id}`, { tags: kept });
        world.tenant.clearLog();
        const lines = await linesOf(world, (hooks) => new HooksStack(hooks, stack.state).up(adopting()));
        expect([lines, world.tenant.writes()]).toEqual([[], []]);
    });
});

describe("registration beside an application that may be the portal:", () => {
    const warning = /^warning: displayName: the deployment registers a new application/;
    const warnings = async (args: Json = {}) =>
        (await previewed(world.portal(args))).filter((line) => warning.test(line));

    test("the same name and the same web address", async () => {
        await world.tenant.patchApplication(existing, { spa: { redirectUris: [PORTAL_URL] } });
        expect(await warnings({ displayName: "Existing application" })).toEqual([
            `warning: displayName: the deployment registers a new application "Existing application" beside application "Existing application" (${existing}), which has the same name and the same web address; to adopt it, give applicationId "${existing}" instead of displayName`,
        ]);
    });

    test("a lost state: the tag of this very resource", async () => {
        const { state } = await world.deployed();
        const [one, ...more] = await warnings({
            displayName: "Other",
            certificate: { ...world.certificates[0], id: "new" },
        });
        expect(one).toContain(`(${state?.id ?? ""}), which has the tag of this resource and the same web address`);
        expect(more).toEqual([]);
    });

    test("retained: the deployment continues with it, and writes only the announced tags, or is refused", async () => {
        const { state } = await world.deployed();
        const appId = state?.id ?? "";
        const said = await previewed(world.portal());
        expect(said.join("\n")).toContain(
            `(${appId}) was registered by an earlier deployment of this resource; if that deployment did not finish, or if the application's name, web addresses and certificate are as the program says, this deployment continues with the application and writes the resource's tag on it and on its service principal; `,
        );
        const before = await exactlyOf(world.tenant, appId);
        world.tenant.clearLog();
        const done = await linesOf(world, (hooks) => new HooksStack(hooks).up(world.portal()));
        const written = loggedPhrases(before, await exactlyOf(world.tenant, appId), world.tenant.writes());
        expect(written).toEqual(["writes only its tag on the application and service principal"]);
        expect(done.join("\n")).toContain(`; the deployment continues with it: ${written.join("; ")}`);
    });

    test("an application of another kind is not named, and many portals share one request", async () => {
        world.tenant.clearLog();
        const lines = await linesOf(world, async (hooks) => {
            for (const name of ["a", "b", "c"]) {
                const program = world.portal({ displayName: name, identity: `o/p/s/${name}` });
                await hooks.call("check", {}, { ...program, ...inPreview() });
            }
        });
        expect(lines).toEqual([]);
        expect(costOf(world.tenant.graphRequests()).requests).toBe(1);
    });

    test("the deployment itself does not list the tenant's applications", async () => {
        world.tenant.clearLog();
        await linesOf(world, (hooks) => new HooksStack(hooks).up(world.portal()));
        expect(world.tenant.graphRequests().filter(({ path }) => path.startsWith("/applications?"))).toEqual([]);
    });
});

describe("certificates:", () => {
    const parsed = (certificate: Json) => parseCertificate(String(certificate["certificatePem"]));
    const thumbprintOf = (certificate: Json) => parsed(certificate).thumbprint;
    const day = (certificate: Json) => parsed(certificate).notAfter.slice(0, 10);

    /** Returns the lines that a preview and the deployment print when the program `to` replaces the program `from`. */
    async function changeOf(from: Json, to: Json): Promise<{ preview: string[]; up: string[] }> {
        const { state } = await world.deployed(from);
        const stack = (hooks: HooksProcess) => new HooksStack(hooks, state);
        const preview = await linesOf(world, async (hooks) => {
            const previewing = stack(hooks);
            await previewing.refresh();
            await previewing.preview(world.portal({ ...to, ...inPreview() }));
        });
        return { preview, up: await linesOf(world, (hooks) => stack(hooks).up(world.portal(to))) };
    }

    test("a rotation names the new one and the ones that stay, and ends with the hand-over", async () => {
        const [old, next] = world.certificates;
        const identity = "portals/production//portal";
        const { preview, up } = await changeOf({ identity }, { identity, certificate: next });
        expect(preview).toEqual([
            expect.stringMatching(
                `^application [-0-9a-f]+: adds certificate ${thumbprintOf(next)}, valid until ${day(next)}, beside ${thumbprintOf(old)}, valid until ${day(old)}; writes its tag on the application$`,
            ),
        ]);
        expect(up).toEqual([
            ...preview,
            `certificate ${thumbprintOf(next)} is registered; to hand it over to VB365, run: npx pulumi-restore-portal handover --stack production --out handover-${thumbprintOf(next).slice(0, 8)}; if the stack has several portals, add --portal portal`,
        ]);
    });

    test("without overlap both warn that a certificate in use goes", async () => {
        const [old, next] = world.certificates;
        const { preview, up } = await changeOf({}, { certificate: next, certificateOverlapDays: 0 });
        expect(preview).toEqual([
            expect.stringMatching(
                `^warning: application .*: adds certificate ${thumbprintOf(next)}, .*; removes certificate ${thumbprintOf(old)}, valid until ${day(old)}, which VB365 may still use; writes its tag on the application$`,
            ),
        ]);
        expect(up).toContain(preview[0]);
    });

    test("a certificate that another stack needs stays, and neither says that it goes", async () => {
        const [old, next] = world.certificates;
        const program = adopting({ certificateOverlapDays: 0 });
        const stack = await world.deployed(program);
        await world.deployed(adopting({ identity: "portals/other//portal" }));
        await expectLaterAnnounced(world, stack, { ...program, certificate: next });
        const { keyCredentials } = await world.tenant.application(existing);
        expect(keyCredentials.map(({ customKeyIdentifier }) => customKeyIdentifier)).toContain(thumbprintOf(old));
    });

    test("an overlap says from when on the old one is removed", async () => {
        const [old, next] = world.certificates;
        const { preview } = await changeOf({}, { certificate: next, certificateOverlapDays: 14 });
        expect(preview[0]).toMatch(
            new RegExp(
                `; keeps certificate ${thumbprintOf(old)} until the first pulumi up on or after \\d{4}-\\d\\d-\\d\\d \\(certificateOverlapDays: 14\\); writes its tag on the application$`,
            ),
        );
    });

    test("a refresh alone announces nothing, and neither does a change of something else", async () => {
        const { preview, up } = await changeOf({}, { displayName: "Renamed" });
        expect([...preview, ...up]).toEqual([]);
    });

    test("the last certificate of an application that the program leaves alone ends: each refresh warns", async () => {
        const { certificatePem } = await issueCertificate({
            name: "Wizard",
            keySize: 2048,
            validDays: 10,
            now: new Date(),
        });
        const { thumbprint, notAfter } = parseCertificate(certificatePem);
        await world.tenant.patchApplication(existing, { keyCredentials: [keyCredentialOf(certificatePem)] });
        const { state } = await world.deployed(adopting({ certificate: undefined }));
        expect(await linesOf(world, (hooks) => new HooksStack(hooks, state).refresh())).toEqual([
            `warning: application ${existing}: its last certificate ${thumbprint} expires on ${notAfter.slice(0, 10)}, and nobody can sign in without a valid certificate; renew it by hand, or set the input certificate in the program`,
        ]);
    });

    test("the name of a generated certificate changes: it says that a new one is made", async () => {
        const lines = await linesOf(
            world,
            async (hooks) => {
                const program = (name: string) => ({ source: { generate: { name } } });
                const stack = new HooksStack(hooks);
                await stack.up(program("Old"));
                await stack.preview(program("New"));
            },
            "portalCertificate",
        );
        expect(lines).toEqual([
            expect.stringMatching(
                /^certificate "Old" \([0-9A-F]{40}\): source.generate.name changes from "Old" to "New", so the deployment makes a new certificate, which has to be handed over to VB365$/,
            ),
        ]);
    });
});

describe("registerCertificate: false is refused before anything is written, if the certificate is not registered:", () => {
    test("at the adoption", async () => {
        const { failures } = (await world.hooks.call("check", {}, adopting({ registerCertificate: false }))) as {
            failures: Json[];
        };
        expect(failures).toMatchObject([{ reason: expect.stringContaining("is not registered on") as string }]);
    });

    test("at a later change of the certificate", async () => {
        const stack = await world.deployed(adopting());
        const program = adopting({ registerCertificate: false, certificate: world.certificates[1] });
        world.tenant.clearLog();
        await expect(stack.preview(program)).rejects.toThrow(/is not registered on application/);
        expect(world.tenant.writes()).toEqual([]);
    });

    test("on a registered application, whose certificate stays although its overlap is over", async () => {
        const overlap = { certificateOverlapDays: 0 };
        const stack = await world.deployed(overlap);
        const program = world.portal({ ...overlap, registerCertificate: false, certificate: world.certificates[1] });
        world.tenant.clearLog();
        await stack.refresh();
        await expect(stack.preview(program)).rejects.toThrow(/is not registered on application/);
        // In a process without a refresh, `check` does not know the application. Only the update refuses the program.
        const hooks = world.startHooks();
        const { id = "", outputs = {}, inputs = {} } = stack.state ?? {};
        const { inputs: checked } = (await hooks.call("check", inputs, program)) as { inputs: Json };
        await expect(hooks.call("update", id, outputs, checked)).rejects.toThrow(
            /: the settings of the program were not written, because certificate \S+ is not registered on application /,
        );
        await hooks.end();
        expect(world.tenant.writes()).toEqual([]);
    });
});
