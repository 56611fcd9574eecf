// Makes a portal with `pulumi up`, and starts a real browser in which users of the portal sign in.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { startChromium, type TestBrowser } from "../browser/chromium";
import { visit } from "../browser/portalVisit";
import { startPortal } from "../browser/startPortal";
import type { BrokenRow } from "../signIn/brokenRows";
import { openPfx } from "../signIn/signIn";
import { onePortal } from "../tenant/portals";
import { TestTenant } from "../tenant/testTenant";
import { Workspace } from "./workspace";

/** This folder is kept after the run, so that people can view the screenshots. */
const SCREENSHOTS = resolve(__dirname, "../../../screenshots");

export class BrowsedPortal {
    /**
     * The functions that end the tenant, the workspace, the portal and the browser. `close` calls them in reverse
     * order. If `start` fails, `close` ends the parts that have started.
     */
    private readonly started: (() => unknown)[] = [];
    readonly name = `Pat ${randomBytes(5).toString("hex")}`;
    tenant!: TestTenant;
    workspace!: Workspace;
    chromium!: TestBrowser;
    appId = "";

    async start(): Promise<void> {
        mkdirSync(SCREENSHOTS, { recursive: true });
        this.tenant = await TestTenant.start({ tenants: 2 });
        this.started.push(() => this.tenant.close());
        this.workspace = new Workspace({ env: this.tenant.env });
        this.started.push(() => this.workspace.remove());
        await this.workspace.init();
        this.workspace.declare(onePortal({ displayName: "Restore Portal", signInAudience: "AzureADMultipleOrgs" }));
        await this.workspace.upOk();
        await this.startBrowser();
    }

    private async startBrowser(): Promise<void> {
        const outputs = (await this.workspace.outputsOf("portal")) as Record<string, string>;
        const { applicationId = "", authority = "", apiScope = "" } = outputs;
        const certificate = await this.workspace.outputsOf("certificate", "--show-secrets");
        const { pfx = "", pfxPassword = "" } = certificate as Record<string, string>;
        this.appId = applicationId;
        const portal = await startPortal(this.tenant, {
            applicationId,
            authority,
            apiScope,
            certificate: openPfx(pfx, pfxPassword),
        });
        this.started.push(() => portal.stop());
        const trusted = [portal.certificatePem, this.tenant.emulator.caPem];
        this.chromium = await startChromium({ hosts: { "portal.abc.com:4443": portal.port }, trusted });
        this.started.push(() => this.chromium.close());
    }

    async close(): Promise<void> {
        for (const end of this.started.reverse()) await end();
    }

    /** Makes Entra sign visitors in as the user whose name the tests expect. */
    signInAsUser(): void {
        const { emulator } = this.tenant;
        const known = emulator.users().find(({ displayName }) => displayName === this.name);
        emulator.control.signInAs(known ?? emulator.addUser({ displayName: this.name }));
    }

    /** Breaks the setting, and checks that sign-in fails until `pulumi up` repairs it. */
    async expectBrokenUntilUp(row: BrokenRow): Promise<void> {
        await row.breakIt(this.tenant, this.appId);
        this.tenant.clearLog();
        const broken = await visit(this.chromium, { ...row, screenshot: screenshot(`broken, ${row.name}`) });
        expect(broken).toMatchObject({ code: row.code });
        expect(this.lastRequest()).toBe(row.at);
        await this.workspace.upOk();
        expect(await visit(this.chromium, row)).toMatchObject({ page: "portal", title: `Welcome, ${this.name}` });
    }

    private lastRequest(): string | undefined {
        const isSignIn = ({ path }: { readonly path: string }) => !path.includes("/.well-known/");
        const { path = "", body } = this.tenant.emulator.requests().findLast(isSignIn) ?? {};
        if (path.includes("/authorize")) return "authorize";
        if (path === "/me") return "me";
        const grant = (body as { grant_type?: string } | undefined)?.grant_type;
        return grant === "authorization_code" ? "code" : "onBehalfOf";
    }
}

export const screenshot = (title: string) => join(SCREENSHOTS, `${title.replace(/\W+/g, "-")}.png`);
