// Runs doctor against the embedded tenant. Doctor must name each difference, even a difference that does not prevent
// sign-in, and a difference whose live value a refresh has already written to state.
import { DiagnosedPortal } from "../support/cli/diagnosedPortal";
import { BROKEN_ROWS, HARMLESS_ROWS } from "../support/signIn/brokenRows";
import { HooksStack } from "../support/hooks/hooksStack";
import type { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(120_000);

let subject: DiagnosedPortal;
let tenant: TestTenant;
let appId: string;

beforeAll(async () => {
    subject = await DiagnosedPortal.start();
    ({ tenant, appId } = subject);
});
afterAll(() => subject.close());
beforeEach(() => subject.reset());

const diagnose = () => subject.diagnose();

describe("each broken row", () => {
    const named = HARMLESS_ROWS.filter(({ property }) => property !== undefined);
    test.each(named)("$name fails as $property, though users can sign in", async ({ property, breakIt }) => {
        await breakIt(tenant, appId);
        const { code, checks } = await diagnose();
        expect(code).toBe(7);
        expect(checks.find(({ name }) => name === property)?.status).toBe("failed");
    });

    const refreshable = BROKEN_ROWS.filter(
        ({ property }, index) => BROKEN_ROWS.findIndex((row) => row.property === property) === index,
    );
    test.each(refreshable)("$name fails also if state contains the live values of a refresh", async (row) => {
        await row.breakIt(tenant, appId);
        const stack = new HooksStack(subject.hooks, { id: appId, inputs: {}, outputs: subject.portal });
        await stack.refresh();
        subject.declare({ app: stack.state?.outputs ?? {} });
        const { checks } = await diagnose();
        expect(checks.find(({ name }) => name === row.property)?.status).toBe("failed");
    });
});
