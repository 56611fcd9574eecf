// In a preview, reads the tenants of new and changed customers to find out whether the deployment can consent there. If
// it cannot, the preview only warns, because an error in `check` would end the deployment of all customers.
import { credentialsPresent } from "../entra/credentials";
import type { CustomerOfProgram, PreviewFacts } from "../inputs/previewFacts";
import { isUnknown, type RawInputs } from "../inputs/rawInputs";
import { warn } from "../log";
import { PortalError } from "../portalError";
import { messageOf } from "../pulumi/halfDone";
import { checksCustomers } from "../settings";
import { assertMayConsent, locate, openCustomer } from "./customer";
import type { ConsentInputs } from "./rules/inputs";

type Asked = Pick<ConsentInputs, "tenantId" | "region" | "credentials" | "mode">;

/** The reason why the deployment cannot consent in a customer's tenant. `undefined`: no such reason is known. */
type Trouble = string | undefined;

const troubles = new Map<string, Promise<Trouble>>();
/** Customers whose tenants this process has read in a refresh, or is reading now. */
const known = new Set<string>();
let waiting: readonly CustomerOfProgram[] = [];

/**
 * Notes that a refresh already reads this tenant and reports its errors. So `startAll` does not read the tenant in
 * advance.
 */
export function noteCustomer(customer: Asked): void {
    known.add(keyOf(customer));
}

/** The identities of the resources that the program last passed to `check` in a preview. */
const previewed = new Set<unknown>();

export function notePreview({ identity }: Pick<ConsentInputs, "identity">, isPreview: boolean): void {
    if (isPreview) previewed.add(identity);
    else previewed.delete(identity);
}

/** Returns whether `diff` runs in the preview of a Node.js program. In other languages the provider cannot know this. */
export function isPreviewed({ identity }: RawInputs): boolean {
    return previewed.has(identity);
}

export async function warnOfTrouble(inputs: ConsentInputs, olds: RawInputs, preview: PreviewFacts): Promise<void> {
    if (!checksCustomers()) return;
    waiting = [...waiting, ...(preview.together ?? [])];
    const isSame = (["tenantId", "region", "credentials", "mode"] as const).every((one) => inputs[one] === olds[one]);
    const isOpen = [inputs.tenantId, inputs.region, inputs.credentials, inputs.mode].some(isUnknown);
    if (isSame || isOpen) return;
    const together = waiting.map(withDefaults);
    waiting = [];
    startAll([inputs, ...together]);
    const trouble = await troubles.get(keyOf(inputs));
    const name = preview.place.split("/").at(-1) ?? "";
    if (trouble !== undefined) warn(`${name}: the deployment would fail: ${trouble}`);
}

function withDefaults({ region = "Worldwide", mode = "manage", tenantId, ...more }: CustomerOfProgram): Asked {
    return { ...more, region, tenantId: tenantId.toLowerCase(), mode: mode as Asked["mode"] };
}

function keyOf({ tenantId, region, credentials, mode }: Asked): string {
    return JSON.stringify([tenantId, region, credentials, mode]);
}

/** One call of `startAll` reads at most this many tenants at the same time. */
const MOST = 20;

/**
 * Starts to read each tenant once. Tenants in `known` are left out, except the tenant of the first customer, because
 * the preview of that customer waits for the result.
 */
function startAll(customers: readonly Asked[]): void {
    const [first, ...others] = customers;
    const open = others.filter((one) => !known.has(keyOf(one)));
    const next = [...(first ? [first] : []), ...open].filter((one) => !troubles.has(keyOf(one)));
    const lanes = Array.from({ length: MOST }, () => Promise.resolve() as Promise<unknown>);
    next.forEach((customer, index) => {
        const key = keyOf(customer);
        if (troubles.has(key)) return;
        const trouble = (lanes[index % MOST] ?? Promise.resolve()).then(() => troubleOf(customer));
        // If a read throws an unexpected error, the preview of that customer throws it later. The lane goes on.
        lanes[index % MOST] = trouble.catch(() => undefined);
        troubles.set(key, trouble);
    });
}

async function troubleOf(customer: Asked): Promise<Trouble> {
    // Without credentials in the environment, nothing is read. If the deployment must sign in, it then uses `az login`,
    // or reports that the credentials are missing.
    if (!credentialsPresent(customer.credentials)) return undefined;
    try {
        const inputs = customer as ConsentInputs;
        const place = await locate(inputs);
        if (customer.mode !== "verify") assertMayConsent(await openCustomer(inputs, place));
        return undefined;
    } catch (error) {
        if (error instanceof PortalError) return messageOf(error);
        throw error;
    }
}
