// Runs the embedded tenant from the command line until SIGINT or SIGTERM. When the tenant is ready, prints a text on a
// terminal, and one line of JSON to any other output. With `--export`, prints only export lines.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { replaceSecretFile } from "../system/secretFile";
import { REGIONS, type Region } from "./signIn/discovery";
import { startEmulator, type Emulator } from "./index";
import { makeWizardPortal } from "./wizardPortal";
import { envFile, exportLines, startText } from "./startText";

const HELP = `Usage: npm run emulator -- [options]

Starts an embedded Microsoft Entra tenant on loopback. When it is ready, it prints the tenants, the users, the
environment variables for Pulumi, and how to change something by hand. If its output is not a terminal, it prints one
line of JSON instead. Stop it with Ctrl+C.

  --save-env <path>   write the environment variables to a file, one NAME=value per line
  --export            print only the environment variables, as export lines for a shell
  --folder <path>     keep the tenants in this folder between runs (default: in memory only)
  --region <name>     ${REGIONS.join(", ")} (default: Worldwide)
  --port <number>     port to listen on (default: any free port)
  --tenants <number>  number of tenants; all but the first are customers (default: 1)
  --service-provider  make the deploying identity multi-tenant, so that customers can consent to it
  --lag <ms>          replication lag of the directory (default: 0)
  --latency <ms>      delay of every answer (default: 0)
  --wizard-portal     add an application as VB365's wizard makes it, which a program can adopt
  --portal-server     start a VB365 portal server too`;

// Node.js itself reads an option `--env-file` anywhere in the command line. So our option has the name `--save-env`.
const OPTIONS = {
    "save-env": { type: "string" },
    export: { type: "boolean", default: false },
    folder: { type: "string" },
    region: { type: "string", default: "Worldwide" },
    port: { type: "string", default: "0" },
    tenants: { type: "string", default: "1" },
    "service-provider": { type: "boolean", default: false },
    lag: { type: "string", default: "0" },
    latency: { type: "string", default: "0" },
    "wizard-portal": { type: "boolean", default: false },
    "portal-server": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function main(): Promise<void> {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
        console.log(HELP);
        return;
    }
    if (!REGIONS.includes(values.region as Region)) throw new Error(`--region must be one of ${REGIONS.join(", ")}`);
    const emulator = await startEmulator({
        ...(values.folder === undefined ? {} : { folder: values.folder }),
        region: values.region as Region,
        port: numberOf(values, "port"),
        tenants: numberOf(values, "tenants"),
        isServiceProvider: values["service-provider"],
        lagMs: numberOf(values, "lag"),
        latencyMs: numberOf(values, "latency"),
    });
    const portalServerUrl = values["portal-server"] ? (await emulator.startPortalServer()).url : undefined;
    const wizardPortal = values["wizard-portal"] ? await makeWizardPortal(emulator) : undefined;
    announce(emulator, values, { portalServerUrl, wizardPortal });
    let closing: Promise<void> | undefined;
    // Two signals arrive for one Ctrl+C: one from the terminal and one from npm. The second one must not interrupt the
    // clean-up.
    const end = () => {
        closing ??= emulator.close().then(() => process.exit(0));
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
}

function numberOf(values: Values, name: "port" | "tenants" | "lag" | "latency"): number {
    const number = Number(values[name]);
    const least = name === "tenants" ? 1 : 0;
    if (Number.isInteger(number) && number >= least) return number;
    throw new Error(`--${name} must be a whole number of at least ${least}, got "${values[name]}"`);
}

/** The results of the options `--portal-server` and `--wizard-portal`. */
interface Extras {
    readonly portalServerUrl: string | undefined;
    /** The Application ID of the application that `--wizard-portal` made. */
    readonly wizardPortal: string | undefined;
}

function announce(emulator: Emulator, values: Values, extras: Extras): void {
    const { url, caFile, tenantId, tenantIds, env } = emulator;
    const envPath = values["save-env"] === undefined ? undefined : resolve(values["save-env"]);
    // The file contains a client secret, so other users must not be able to read it.
    if (envPath !== undefined) replaceSecretFile(envPath, envFile(env));
    if (values.export) {
        console.log(exportLines(env));
    } else if (process.stdout.isTTY) {
        const isServiceProvider = values["service-provider"];
        console.log(startText(emulator, { region: values.region, envPath, ...extras, isServiceProvider }));
    } else {
        console.log(JSON.stringify({ url, caFile, tenantId, tenantIds, env, ...extras }));
    }
}

main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    process.exit(1);
});
