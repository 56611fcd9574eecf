// Deploys from a state that somebody edited or restored from a backup. The provider must not delete or change objects
// of others, and its message must name the remedy.
import { ServiceProvider } from "../support/consent/customers";
import type { ResourceState } from "../support/hooks/hooksStack";
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";

jest.setTimeout(300_000);

type Json = Record<string, unknown>;

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const isThere = async (appId: string) =>
    (await world.tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status === 200;
const application = () => world.tenant.application(existing);
const copyOf = (state: ResourceState | undefined) => structuredClone(state) ?? { id: "", inputs: {}, outputs: {} };

const EDITS: [name: string, edit: (outputs: Json) => Json][] = [
    ["without managed", ({ managed, ...rest }) => ({ ...rest, was: managed })],
    ["with an empty desired", (outputs) => ({ ...outputs, desired: {} })],
    ["with a text as owned", (outputs) => ({ ...outputs, managed: { ...(outputs["managed"] as Json), owned: "x" } })],
    ["that is empty", () => ({})],
];
const withCertificate = (more: Json) => (outputs: Json) => {
    const dated = { thumbprint: "AB", notAfter: "2999-01-01T00:00:00Z" };
    return { ...outputs, certificates: [{ ...dated, ...more }] };
};
const DATES: typeof EDITS = [
    ["with an expiry date that is not a date", withCertificate({ notAfter: "soon" })],
    ["with a replacement date that is not a date", withCertificate({ replacedOn: "yesterday" })],
];

async function expectRefused(world: HooksTenant | ServiceProvider, state: ResourceState, edit: (all: Json) => Json) {
    const { id, inputs } = state;
    const outputs = edit(state.outputs);
    for (const hook of ["read", "update", "delete"]) {
        const { message, code } = await failureOf(world.hooks.call(hook, id, outputs, inputs));
        expect(message).toMatch(/is (missing|a value of type|null).*; nothing was written; restore an earlier version/);
        expect(code).toBe("ERR_STATE_INVALID");
    }
}

test.each([...EDITS, ...DATES])("a state %s is refused in words by the hooks of a portal", async (_name, edit) => {
    const stack = await world.deployed();
    await expectRefused(world, copyOf(stack.state), edit);
});

test.each(EDITS)("a state %s is refused in words by the hooks of a consent", async (_name, edit) => {
    const provider = await ServiceProvider.start();
    const stack = await provider.deployed();
    await expectRefused(provider, copyOf(stack.state), edit);
    await provider.close();
});

describe("a state that names somebody else's application as registered", () => {
    const edited = async () => {
        const { state } = await world.deployed();
        const { id, inputs, outputs } = copyOf(state);
        const { id: objectId } = await application();
        return { id, inputs, outputs: { ...outputs, applicationId: existing, objectId } };
    };

    test("never deletes it", async () => {
        const { outputs } = await edited();
        const { message } = await failureOf(world.hooks.call("delete", existing, outputs));
        expect(message).toMatch(/this resource did not register it, although its state says so; nothing was written/);
        expect(await isThere(existing)).toBe(true);
    });

    test("never changes it", async () => {
        const before = await application();
        const { inputs, outputs } = await edited();
        await failureOf(world.hooks.call("update", existing, outputs, inputs));
        expect(await application()).toEqual(before);
    });
});

test("a state from before a registration that replaced another one restores nothing", async () => {
    const stack = await world.deployed();
    const first = copyOf(stack.state);
    await stack.up(undefined);
    await stack.up(world.portal());
    const later = stack.state?.id ?? "";
    stack.state = first;
    const { message } = await failureOf(stack.up(world.portal()));
    expect(message).toMatch(
        new RegExp(`^restoring application ${first.id} .*registered application ${later} .*in its place`),
    );
    expect([await isThere(first.id), await isThere(later)]).toEqual([false, true]);
});
