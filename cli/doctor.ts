// The command `doctor`: checks whether the portals of a stack work, as far as can be checked without a user.
import { plain } from "../provider/plainText";
import { STACK_OPTIONS, STACK_OPTIONS_HELP, stackChoice, text, type Command } from "./command";
import type { Diagnosis } from "./diagnosis/report";
import { stackResources } from "./pulumi";
import { choosePortals, portalsOf, type StackPortal } from "./stackPortals";

const UNHEALTHY = 7;

export const doctorCommand: Command = {
    usage: `doctor [--stack <name>] [--cwd <folder>] [--portal <name>] [--json]
      Checks whether the portals of a stack work, as far as can be checked without a user. For each portal, doctor gets a
      token with the portal's certificate. It also checks the tenant's discovery document, the application, consent, and
      every PortalServer of the portal. It reads Entra with the credentials in the environment, and changes nothing.

${STACK_OPTIONS_HELP}
      --portal <name>      check only the portal with this resource name or URN
      --json               print the report as JSON

      Exit codes: 0: all checks passed; 7: a check failed or could not be made; 1: another error; 2: wrong command line.`,
    options: { ...STACK_OPTIONS, portal: { type: "string" }, json: { type: "boolean" } },
    run: async (values) => {
        const portals = choosePortals(portalsOf(stackResources(stackChoice(values))), text(values, "portal"));
        // Keeps the provider's messages out of the report, which goes to standard output.
        const print = console.log;
        console.log = console.error;
        const diagnoses = await Promise.all(portals.map(diagnose));
        const { asJson, asText, isHealthy } = await import("./diagnosis/report.js");
        print(values["json"] === true ? asJson(diagnoses) : asText(diagnoses));
        return isHealthy(diagnoses) ? 0 : UNHEALTHY;
    },
};

async function diagnose({ name, state, certificate, servers }: StackPortal): Promise<Diagnosis> {
    // Other commands do not need these modules, so they are loaded only here.
    const { discoveryCheck, entraChecks } = await import("./diagnosis/entraChecks.js");
    const { expiryCheck, tokenCheck } = await import("./diagnosis/keyChecks.js");
    const { serverChecks } = await import("./diagnosis/serverChecks.js");
    const { applicationId, tenantId } = state;
    const checks = [
        await discoveryCheck(state),
        await tokenCheck(state, certificate),
        expiryCheck(state, certificate),
        ...(await entraChecks(state)),
    ];
    for (const server of servers) checks.push(...(await serverChecks(server.name, server.state, applicationId)));
    return { portal: plain(name), applicationId: plain(applicationId), tenantId: plain(tenantId), checks };
}
