// Breaks a portal in each way that Entra allows, as a person, as another application and as our own deployment. The
// report must name the right actor, from the audit log.
import { drifts, oneOfEachRow, type DriftCell } from "../../../support/hooks/drifts";
import { HooksTenant } from "../../../support/hooks/hooksTenant";
import type { HooksStack, ResourceState } from "../../../support/hooks/hooksStack";
import type { Report } from "../../../../cli/report/model";
import { Attribution, previewed, reportOf, whoIn } from "../../../support/report/attribution";
import { BROWSER } from "../../../support/report/auditRecords";
import type { TestTenant } from "../../../support/tenant/testTenant";

jest.setTimeout(120_000);

const WRITE = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All"];

type ActorName = "a person" | "another application" | "our own deployment";

let world: HooksTenant;
let attribution: Attribution;
let actors: Record<ActorName, TestTenant>;
let somebodyElse: TestTenant;
let denied: TestTenant;
let deployed: ResourceState | undefined;

beforeAll(async () => {
    world = await HooksTenant.start();
    const { tenant } = world;
    const { emulator } = tenant;
    const person = (displayName: string) => {
        const { id: userId } = emulator.addUser({ displayName, isAdministrator: true });
        return tenant.actingAs({ userId, userAgent: BROWSER });
    };
    actors = {
        "a person": person("Anna"),
        "another application": tenant.actingAs(emulator.addIdentity({ roles: WRITE, displayName: "Backup script" })),
        "our own deployment": tenant.actingAs(emulator.identity("deployer")),
    };
    somebodyElse = person("Ben");
    const reads = ["Application.Read.All", "Directory.Read.All"];
    denied = tenant.actingAs(emulator.addIdentity({ roles: reads, displayName: "Denied script" }));
    const reader = emulator.addIdentity({ roles: [...reads, "AuditLog.Read.All"] });
    attribution = new Attribution(tenant, tenant.envOf(reader));
    deployed = (await world.deployed({ signInAudience: "AzureADMultipleOrgs" })).state;
    world.keep();
});
afterAll(async () => {
    await attribution.end();
    await world.close();
});
beforeEach(() => world.reset());

const WORDS: Readonly<Record<ActorName, string>> = {
    "a person": "by anna@contoso.com (Azure portal)",
    "another application": 'by the application "Backup script"',
    "our own deployment": 'by our own deployment "Deployment pipeline"',
};
const KINDS = { "a person": "user", "another application": "application", "our own deployment": "deployment" } as const;

const program = () => world.portal({ signInAudience: "AzureADMultipleOrgs" });
const options = () => ({ deployers: [world.tenant.emulator.identity("deployer").clientId] });

async function whoChanged(stack: HooksStack) {
    const report = await attribution.attribute(reportOf([await previewed(stack, program())]), options());
    return { who: whoIn(report), notes: report.notes };
}

function stackOf(): HooksStack {
    const stack = world.stack();
    stack.state = deployed;
    return stack;
}

const servicePrincipal = (appId: string) => `/servicePrincipals(appId='${appId}')`;
const MORE: readonly Pick<DriftCell, "apply" | "change" | "property">[] = [
    {
        property: "servicePrincipal",
        change: "deleted",
        apply: async (tenant, appId) => {
            await tenant.graph("DELETE", servicePrincipal(appId));
        },
    },
    {
        property: "applicationStatus",
        change: "deleted and purged",
        apply: async (tenant, appId) => {
            const { id } = await tenant.application(appId);
            await tenant.graph("DELETE", `/applications/${id}`);
            await tenant.graph("DELETE", `/directory/deletedItems/${id}`);
        },
    },
];

const CELLS = [...drifts("registered"), ...MORE];

/** Makes the change between requests of others: a refused attempt comes before it, and other changes come after it. */
async function amongOthers(appId: string, apply: DriftCell["apply"], by: TestTenant): Promise<void> {
    await expect(apply(denied, appId)).rejects.toThrow(/403/);
    await apply(by, appId);
    if ((await world.tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status !== 200) return;
    const { web } = await somebodyElse.application(appId);
    const redirectUris = [...web.redirectUris, "https://other.contoso.com/signin"];
    await somebodyElse.patchApplication(appId, { web: { redirectUris }, notes: "checked" });
}

describe.each(Object.keys(KINDS) as ActorName[])("%s is named", (name) => {
    test.each(CELLS.map((cell) => [cell.property, cell.change, cell] as const))(
        "%s %s",
        async (property, _change, cell) => {
            const stack = stackOf();
            await amongOthers(stack.state?.id ?? "", cell.apply, actors[name]);
            const { who, notes } = await whoChanged(stack);
            expect(who[property]?.words).toContain(WORDS[name]);
            expect(new Set(who[property]?.candidates.map(({ kind }) => kind))).toEqual(new Set([KINDS[name]]));
            for (const { entry } of who[property]?.candidates ?? []) expect(entry).toMatch(/^Directory_/);
            for (const { words } of Object.values(who)) expect(words).not.toMatch(/Denied|ben@/);
            expect(notes).toEqual([]);
        },
    );
});

describe("two people changed the same: the one who made it as it is now is named, and not the other", () => {
    const CHANGED = CELLS.filter(({ change }) => change !== "deleted and purged");
    test.each(CHANGED.map((cell) => [cell.property, cell.change, cell] as const))(
        "%s %s",
        async (property, _change, cell) => {
            const stack = stackOf();
            await cell.apply(somebodyElse, stack.state?.id ?? "");
            await stack.refresh();
            await stack.up(program());
            await cell.apply(actors["a person"], stack.state?.id ?? "");
            const { who } = await whoChanged(stack);
            expect(who[property]?.words).toContain("by anna@contoso.com (Azure portal)");
            expect(who[property]?.words).not.toMatch(/ben@|; or |does not name/);
        },
    );
});

describe("with everything broken at the same time, the report is the same but for lines that say why", () => {
    /** If the application is deleted, the report shows no other difference, so this change is left out. */
    const TOGETHER = oneOfEachRow("registered").filter(({ change }) => change !== "deleted");

    async function broken(): Promise<Report> {
        const stack = stackOf();
        for (const { apply } of TOGETHER) await apply(actors["a person"], stack.state?.id ?? "");
        const report = reportOf([await previewed(stack, program())]);
        const named = report.rows.flatMap(({ differences }) => differences.map(({ property }) => property));
        expect(named).toEqual(expect.arrayContaining(TOGETHER.map(({ property }) => property)));
        return report;
    }

    async function expectLines(report: Report, line: RegExp, by = attribution): Promise<void> {
        const attributed = await by.attribute(report, options());
        expect({ ...attributed, notes: [] }).toEqual(report);
        expect(attributed.notes.length).toBeGreaterThan(0);
        for (const note of attributed.notes) expect(note).toMatch(line);
    }

    test("all of them are attributed", async () => {
        const { rows, notes } = await attribution.attribute(await broken(), options());
        expect(notes).toEqual([]);
        for (const { property } of TOGETHER) expect(whoIn({ rows })[property]?.words).toContain("by anna@contoso.com");
    });

    test("without the right", async () => {
        const without = new Attribution(world.tenant, world.tenant.env);
        await expectLines(await broken(), /lack .*AuditLog\.Read\.All/, without);
        await without.end();
    });

    test("beyond the retention", async () => {
        const report = await broken();
        world.control.advanceClock(31 * 24 * 60 * 60 * 1000);
        await expectLines(report, /no entry about the change; Entra keeps the log for 30 days/);
    });

    test("while the log lags", async () => {
        world.control.setAuditLog({ delayMs: 10 * 60_000 });
        await expectLines(await broken(), /entries can come 15 minutes late/);
    });
});

test("an entry that names no property is a candidate, and the report says so", async () => {
    world.control.setAuditLog({ namesAssumed: false });
    const stack = stackOf();
    const { id = "" } = stack.state ?? {};
    await actors["a person"].graph("PATCH", servicePrincipal(id), { appRoleAssignmentRequired: true });
    const { who } = await whoChanged(stack);
    expect(who["servicePrincipal"]?.words).toMatch(
        /^changed .* by anna@contoso.com \(Azure portal\); the entry does not name the property/,
    );
});
