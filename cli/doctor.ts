// Runs the command `doctor`, which checks whether the portals of a stack work, as far as can be checked without a user.
import { plain } from "../provider/plainText";
import { STACK_OPTIONS, STACK_OPTIONS_HELP, stackChoice, text, type Command } from "./command";
import type { CustomerDiagnosis, PortalDiagnosis, StackDiagnosis } from "./diagnosis/report";
import { stackResources, type StackResource } from "./pulumi";
import { choosePortals, consentsOf, portalsOf, type StackConsent, type StackPortal } from "./stackPortals";

export const doctorCommand: Command = {
    usage: `doctor [--stack <name>] [--cwd <folder>] [--portal <name>] [--json]
      Checks whether the portals of a stack work, as far as can be checked without a user. For each portal, doctor gets a
      token with the portal's certificate. It also checks the tenant's discovery document, the application, the expiry
      dates of all certificates of the application, consent, every PortalServer of the portal, and every
      PortalTenantConsent of the stack. It reads Entra with the credentials in the environment, and changes nothing.

${STACK_OPTIONS_HELP}
      --portal <name>      check only the portal with this resource name or URN, and its customers
      --json               print the report as JSON

      Exit codes: 0: each check is ok or a warning; 7: a check failed or could not be made; 8: something could not be
      read, which takes precedence over 7; 1: another error; 2: wrong command line.`,
    options: { ...STACK_OPTIONS, portal: { type: "string" }, json: { type: "boolean" } },
    run: async (values) => {
        const chosen = chooseFrom(stackResources(stackChoice(values)), text(values, "portal"));
        // Keeps the provider's messages out of the report, which is printed to standard output.
        const print = console.log;
        console.log = console.error;
        const diagnosis = await diagnose(chosen);
        const { asJson, asText, exitCodeOf } = await import("./diagnosis/report.js");
        print(values["json"] === true ? asJson(diagnosis) : asText(diagnosis));
        return exitCodeOf(diagnosis);
    },
};

interface Chosen {
    readonly portals: readonly StackPortal[];
    readonly consents: readonly StackConsent[];
}

/**
 * A stack can contain only customers, because another stack can have their portal. Then a missing portal is not an
 * error.
 */
function chooseFrom(resources: readonly StackResource[], key: string | undefined): Chosen {
    const [all, consents] = [portalsOf(resources), consentsOf(resources)];
    const portals = key === undefined && consents.length > 0 ? all : choosePortals(all, key);
    return { portals, consents: key === undefined ? consents : consents.filter((one) => servedBy(portals, one)) };
}

function servedBy(portals: readonly StackPortal[], { state }: StackConsent): boolean {
    return portals.some((portal) => portal.state.applicationId === state.applicationId);
}

/** Diagnoses portals and customers at the same time, so that their reads share batches. */
export async function diagnose({ portals, consents }: Chosen): Promise<StackDiagnosis> {
    const [own, customers] = await Promise.all([
        Promise.all(portals.map(diagnosePortal)),
        Promise.all(consents.map(diagnoseCustomer)),
    ]);
    return { portals: await Promise.all(own.map((one) => withCustomers(one, customers))), customers };
}

async function diagnosePortal({ name, state, certificate, servers }: StackPortal): Promise<PortalDiagnosis> {
    // Imported here and not at the top, because most other commands do not need these modules.
    const { discoveryCheck, entraChecks } = await import("./diagnosis/entraChecks.js");
    const { tokenCheck } = await import("./diagnosis/keyChecks.js");
    const { expiryCheck } = await import("./diagnosis/portalChecks.js");
    const { clock } = await import("../provider/entra/clock.js");
    const { serverChecks } = await import("./diagnosis/serverChecks.js");
    const { stateCheck } = await import("./diagnosis/stateCheck.js");
    const { applicationId, tenantId } = state;
    const shown = { portal: plain(name), applicationId: plain(applicationId), tenantId: plain(tenantId) };
    const damaged = stateCheck(state, certificate);
    if (damaged !== undefined) return { ...shown, checks: [damaged] };
    const checks = [
        await discoveryCheck(state),
        await tokenCheck(state, certificate),
        expiryCheck(state, certificate, clock.now()),
        ...(await entraChecks(state, certificate)),
    ];
    for (const server of servers) checks.push(...(await serverChecks(server.name, server.state, applicationId)));
    return { ...shown, checks };
}

async function diagnoseCustomer({ name, state }: StackConsent): Promise<CustomerDiagnosis> {
    const { consentChecks } = await import("./diagnosis/consentChecks.js");
    const { applicationId, tenantId } = state;
    const checks = await consentChecks(state);
    return { customer: plain(name), applicationId: plain(applicationId), tenantId: plain(tenantId), checks };
}

/** Adds a check of the portal's customers, because a portal is healthy only if all of its customers are healthy. */
async function withCustomers(
    portal: PortalDiagnosis,
    customers: readonly CustomerDiagnosis[],
): Promise<PortalDiagnosis> {
    const { customersCheck } = await import("./diagnosis/customersCheck.js");
    const own = customers.filter(({ applicationId }) => applicationId === portal.applicationId);
    return own.length === 0 ? portal : { ...portal, checks: [...portal.checks, customersCheck(own)] };
}
