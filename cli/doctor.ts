// Proves that the portals of a stack work, as far as that can be proved without a user who signs in.
import { STACK_OPTIONS, stackChoice, text, type Command } from "./command";
import type { Diagnosis } from "./diagnosis/report";
import { stackResources } from "./pulumi";
import { choosePortals, portalsOf, type StackPortal } from "./stackPortals";

const UNHEALTHY = 7;

export const doctorCommand: Command = {
    usage: `doctor [--stack <name>] [--cwd <folder>] [--portal <name>] [--json]
      Proves each portal of the stack: gets a token with its certificate, and checks discovery, consent, web address and
      all else that a sign-in needs, and the portal server where the stack watches one. Entra is read with the
      environment's credentials. Exit code 0: everything is right; 7: something is not, or could not be checked.`,
    options: { ...STACK_OPTIONS, portal: { type: "string" }, json: { type: "boolean" } },
    run: async (values) => {
        const portals = choosePortals(portalsOf(stackResources(stackChoice(values))), text(values, "portal"));
        // What the provider has to tell must not stand within the report.
        const print = console.log;
        console.log = console.error;
        const diagnoses = await Promise.all(portals.map(diagnose));
        const { asJson, asText, isHealthy } = await import("./diagnosis/report.js");
        print(values["json"] === true ? asJson(diagnoses) : asText(diagnoses));
        return isHealthy(diagnoses) ? 0 : UNHEALTHY;
    },
};

async function diagnose({ name, state, certificate, servers }: StackPortal): Promise<Diagnosis> {
    // Loaded late: no other command needs it.
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
    return { portal: name, applicationId, tenantId, checks };
}
