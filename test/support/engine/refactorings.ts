// Lists refactorings and replacements as a user writes them. `start` names a program of STARTS. refactoring.ts appends
// this program, `between` or `end` to its PROGRAM, which defines `make(name, options, change)`: it declares the tested
// resource.
import { issueCertificate } from "../../../provider/certificate/issue";
import { declare, factsOf, heldBy, judge, prepareCustomer, Start, type Facts, type Kind } from "./refactoring";
import { TestTenant } from "../tenant/testTenant";
import { expectSuccess, Workspace } from "./workspace";

interface Refactoring {
    readonly name: string;
    readonly start: StartName;
    /** The code that is deployed after the start and before the refactoring. */
    readonly between?: string;
    readonly end: string;
    readonly up?: readonly string[];
    /** The kinds of resource to which the row applies. Default: every kind. */
    readonly kinds?: readonly Kind[];
    /**
     * `true`: the application must stay the same, because the program tells the engine that this is the same resource.
     */
    readonly keeps?: boolean;
}

type StartName = "nothing" | "alone" | "boxed";

const STARTS: Readonly<Record<StartName, string>> = {
    nothing: "",
    alone: `make("portal");`,
    boxed: `make("portal", { parent: new Box("Portal", "box") });`,
};

const KINDS: readonly Kind[] = ["registered", "adopted", "consent"];
const MOVED = `{ portalUrl: "https://moved.abc.com:4443" }`;
const REPLACE = ["--replace", "**portal"];
/**
 * The arguments of a second resource: another web address, and for a registered portal another display name. An adopted
 * portal or a consent uses the application of the first resource, because several resources may share an application.
 */
const OTHER = `facts.args.displayName ? { displayName: "Other", portalUrl: "https://other.abc.com:4443" } : { portalUrl: "https://other.abc.com:4443" }`;

const REFACTORINGS: readonly Refactoring[] = [
    { name: "wrapped into a component without an alias", start: "alone", end: STARTS.boxed },
    {
        name: "wrapped into a component with an alias",
        start: "alone",
        end: `make("portal", { parent: new Box("Portal", "box"), aliases: [{ parent: pulumi.rootStackResource }] });`,
        keeps: true,
    },
    { name: "moved out of a component", start: "boxed", end: STARTS.alone },
    {
        name: "in a component whose type gets another name",
        start: "boxed",
        end: `make("portal", { parent: new Box("Gateway", "box") });`,
    },
    { name: "renamed without an alias", start: "alone", end: `make("gateway");` },
    {
        name: "renamed with an alias",
        start: "alone",
        end: `make("gateway", { aliases: [{ name: "portal" }] });`,
        keeps: true,
    },
    {
        name: "renamed with an alias, and later a new one gets the old name",
        start: "alone",
        between: `make("gateway", { aliases: [{ name: "portal" }] });`,
        end: `make("gateway"); make("portal", {}, ${OTHER});`,
    },
    {
        name: "with one name in two components",
        start: "nothing",
        end: `make("portal", { parent: new Box("Europe", "eu") }); make("portal", { parent: new Box("America", "us") }, ${OTHER});`,
    },
    {
        name: "replaced because its web address changed",
        start: "alone",
        end: `make("portal", { replaceOnChanges: ["portalUrl"] }, ${MOVED});`,
    },
    {
        name: "replaced because its web address changed, with the new one created first",
        start: "alone",
        end: `make("portal", { replaceOnChanges: ["portalUrl"], deleteBeforeReplace: false }, ${MOVED});`,
    },
    { name: "replaced by up --replace", start: "alone", end: STARTS.alone, up: REPLACE },
    {
        name: "replaced by up --replace, with the new one created first",
        start: "alone",
        end: `make("portal", { deleteBeforeReplace: false });`,
        up: REPLACE,
    },
    {
        name: "replaced by a resource that adopts its application",
        start: "alone",
        end: `adopt("gateway", facts.held);`,
        kinds: ["registered"],
    },
];

const newCertificate = async () =>
    (await issueCertificate({ name: "Portal", keySize: 2048, validDays: 365, now: new Date() })).certificatePem;

/**
 * Describes one test for each row that applies to this kind of resource. Also describes tests of a clone, of a renamed
 * stack and of a moved resource.
 */
export function describeRefactorings(kind: Kind): void {
    let tenant: TestTenant;
    let workspace: Workspace;
    let facts: Facts;
    const starts = {} as Record<StartName, Start>;
    const held = {} as Record<StartName, string>;

    beforeAll(async () => {
        tenant = await TestTenant.start({ tenants: 2 });
        await prepareCustomer(tenant);
        facts = await factsOf(kind, tenant, await newCertificate());
        workspace = await new Workspace({ env: tenant.env }).init();
        starts.nothing = new Start(tenant, workspace, "nothing");
        for (const name of ["alone", "boxed"] as const) {
            starts.nothing.comeBack();
            declare(workspace, facts, STARTS[name]);
            await workspace.upOk();
            starts[name] = new Start(tenant, workspace, name);
            held[name] = heldBy(workspace)[0]?.applicationId ?? "";
        }
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    const rows = REFACTORINGS.filter(({ kinds = KINDS }) => kinds.includes(kind)).map(
        (row) => [row.name, row] as const,
    );

    test.each(rows)("%s", async (_name, { start, between, end, up = [], keeps }) => {
        starts[start].comeBack();
        if (between !== undefined) {
            declare(workspace, facts, between);
            await workspace.upOk();
        }
        declare(workspace, { ...facts, held: held[start] } as Facts, end);
        const ending = await judge(tenant, [workspace], () => workspace.up(...up));
        if (!keeps) return;
        const after = heldBy(workspace);
        expect([ending, after.map(({ applicationId }) => applicationId)]).toEqual(["lives", [held[start]]]);
    });

    test("two clones of one program, each with its own state", async () => {
        starts.alone.comeBack();
        declare(workspace, facts, STARTS.alone);
        const clone = Start.cloneOf(workspace, starts.nothing);
        const naming = kind === "registered" ? { displayName: "Clone" } : {};
        const args = { ...facts.args, ...naming, portalUrl: "https://clone.abc.com:4443" };
        declare(clone, { ...facts, args }, STARTS.alone);
        const ending = await judge(tenant, [workspace, clone], () => clone.up());
        if (ending === "lives") {
            expectSuccess(await clone.destroy());
            await workspace.previewUnchanged();
        }
        clone.remove();
    });

    test("a renamed stack of a renamed project", async () => {
        starts.alone.comeBack();
        declare(workspace, facts, STARTS.alone);
        const project = workspace.read("Pulumi.yaml");
        const { env } = workspace;
        expectSuccess(await workspace.pulumi(["stack", "rename", "organization/gateways/production"]));
        workspace.write("Pulumi.yaml", project.replace("name: portals", "name: gateways"));
        workspace.env = { ...env, PULUMI_STACK: "production" };
        const ending = await judge(tenant, [workspace], () => workspace.up());
        const after = heldBy(workspace);
        workspace.write("Pulumi.yaml", project);
        workspace.env = env;
        expect([ending, after.map(({ applicationId }) => applicationId)]).toEqual(["lives", [held.alone]]);
    });

    test("moved to another stack by state move", async () => {
        starts.alone.comeBack();
        declare(workspace, facts, STARTS.alone);
        expectSuccess(await workspace.pulumi(["stack", "init", "other"]));
        const [{ urn } = { urn: "" }] = heldBy(workspace);
        const stacks = ["--source", "organization/portals/dev", "--dest", "organization/portals/other"];
        expectSuccess(await workspace.pulumi(["state", "move", "--yes", ...stacks, urn]));
        const { env } = workspace;
        workspace.env = { ...env, PULUMI_STACK: "other" };
        const ending = await judge(tenant, [workspace], () => workspace.up());
        workspace.env = env;
        expect([ending, heldBy(workspace).map(({ applicationId }) => applicationId)]).toEqual(["lives", [held.alone]]);
    });
}
