// Checks that a preview names exactly the differences that `up` repairs. Both must use the same condition.
import { X509Certificate } from "node:crypto";

import { issueCertificate } from "../../provider/certificate/issue";
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { patchServicePrincipal } from "../support/hooks/ownership";

jest.setTimeout(300_000);

const DAY_MS = 86_400_000;

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const application = () => world.tenant.application(existing);

test("a scheme in upper case is not drift: it is refused, or registered", async () => {
    const args = world.portal({ portalUrl: "HTTPS://portal.abc.com:4443" });
    const { failures } = (await world.hooks.call("check", {}, args)) as { failures: unknown[] };
    if (failures.length > 0) return;
    const stack = world.stack();
    await stack.up(args);
    expect((await world.tenant.application(stack.state?.id ?? "")).spa.redirectUris).toHaveLength(1);
});

/** Uploads a certificate as the owner, with dates that the owner chooses. Returns a program with this certificate. */
async function uploaded(dates: { startDateTime?: string; endDateTime?: string }) {
    const issued = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 365, now: new Date() });
    const key = new X509Certificate(issued.certificatePem).raw.toString("base64");
    const credential = { type: "AsymmetricX509Cert", usage: "Verify", key, ...dates };
    await world.tenant.patchApplication(existing, { keyCredentials: [credential] });
    return adopted({ certificate: { certificatePem: issued.certificatePem } });
}
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z/, "Z");

test("a credential that has ended in Entra before its certificate is drift", async () => {
    const args = await uploaded({ endDateTime: inDays(10) });
    const stack = world.stack();
    await stack.up(args);
    world.control.advanceClock(20 * DAY_MS);
    stack.hooks = world.startHooks({ RESTORE_PORTAL_TEST_TIME: new Date(Date.now() + 20 * DAY_MS).toISOString() });
    await stack.refresh();
    const { named } = await stack.preview(args);
    await stack.hooks.end();
    expect(named).toEqual(["certificate"]);
});

test("a credential whose start in Entra is in the future does not count as registered", async () => {
    const args = await uploaded({ startDateTime: inDays(10) });
    await world.stack().up(args);
    const starts = (await application()).keyCredentials.map((key) => Date.parse(String(key["startDateTime"])));
    expect(Math.min(...starts)).toBeLessThan(Date.now());
});

test("a hidden enterprise application is named, also if the program requires assignment", async () => {
    const stack = await world.deployed({ servicePrincipal: "assignment required" });
    const args = world.portal({ servicePrincipal: "assignment required" });
    const appId = stack.state?.id ?? "";
    await patchServicePrincipal(world.tenant, appId, { tags: [] });
    await stack.refresh();
    expect((await stack.preview(args)).named).toEqual(["servicePrincipal"]);
    await stack.up(args);
    await world.expectCalm(stack, args);
});

test("a replaced certificate that another stack still needs is not named for removal", async () => {
    const [first, second] = world.certificates;
    const other = adopted({ identity: "organization/portals/other/portal", certificate: first });
    const args = adopted({ certificate: second, certificateOverlapDays: 0 });
    const stack = await world.deployed({ applicationId: existing });
    await world.stack().up(other);
    await stack.up(args);
    await world.expectCalm(stack, args);
});

test("the preview already refuses a web address that the owner has on the platform Web", async () => {
    const address = "https://app.contoso.com:4443";
    await world.tenant.patchApplication(existing, { web: { redirectUris: [address] } });
    const stack = await world.deployed({ applicationId: existing });
    await stack.refresh();
    const { message } = await failureOf(stack.preview(adopted({ additionalPortalUrls: [address] })));
    expect(message).toMatch(/additionalPortalUrls.*platform Web/);
});

test("the same if the program did not manage the address before", async () => {
    const args = { applicationId: existing, leaveAlone: ["portalUrl"] };
    const stack = await world.deployed(args);
    await world.tenant.patchApplication(existing, { web: { redirectUris: ["https://portal.abc.com:4443"] } });
    await stack.refresh();
    const { message } = await failureOf(stack.preview(adopted()));
    expect(message).toMatch(/portalUrl.*platform Web/);
});

test("the same on an application that this resource registered", async () => {
    const address = "https://app.contoso.com:4443";
    const stack = await world.deployed();
    await world.tenant.patchApplication(stack.state?.id ?? "", { web: { redirectUris: [address] } });
    await stack.refresh();
    const { message } = await failureOf(stack.preview(world.portal({ additionalPortalUrls: [address] })));
    expect(message).toMatch(/additionalPortalUrls.*platform Web/);
});

test("a clock that is two days behind makes no drift of the certificate, because nothing could repair it", async () => {
    const stack = await world.deployed();
    const late = new Date(Date.now() - 2 * DAY_MS).toISOString();
    stack.hooks = world.startHooks({ RESTORE_PORTAL_TEST_TIME: late });
    await world.expectCalm(stack, world.portal());
    await stack.hooks.end();
});
