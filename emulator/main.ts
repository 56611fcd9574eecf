// Runs the embedded tenant from the command line. It prints one JSON line when it is ready, and runs until it gets
// SIGINT or SIGTERM.
import { parseArgs } from "node:util";

import { REGIONS, type Region } from "./signIn/discovery";
import { startEmulator } from "./index";

const HELP = `Usage: npm run emulator -- [options]

Starts an embedded Microsoft Entra tenant on loopback. When it is ready, it prints one line of JSON with its URL and the
environment variables for Pulumi. Stop it with Ctrl+C.

  --folder <path>     keep the directory in this folder between runs (default: in memory only)
  --region <name>     ${REGIONS.join(", ")} (default: Worldwide)
  --port <number>     port to listen on (default: any free port)
  --tenants <number>  number of tenants (default: 1)
  --lag <ms>          replication lag of the directory (default: 0)
  --latency <ms>      delay of every answer (default: 0)
  --portal-server     start a VB365 portal server too`;

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            folder: { type: "string" },
            region: { type: "string", default: "Worldwide" },
            port: { type: "string", default: "0" },
            tenants: { type: "string", default: "1" },
            lag: { type: "string", default: "0" },
            latency: { type: "string", default: "0" },
            "portal-server": { type: "boolean", default: false },
            help: { type: "boolean", default: false },
        },
    });
    if (values.help) {
        console.log(HELP);
        return;
    }
    if (!REGIONS.includes(values.region as Region)) throw new Error(`--region must be one of ${REGIONS.join(", ")}`);
    const emulator = await startEmulator({
        ...(values.folder === undefined ? {} : { folder: values.folder }),
        region: values.region as Region,
        port: Number(values.port),
        tenants: Number(values.tenants),
        lagMs: Number(values.lag),
        latencyMs: Number(values.latency),
    });
    const { url, caFile, tenantId, env } = emulator;
    const portalServer = values["portal-server"] ? { portalServerUrl: (await emulator.startPortalServer()).url } : {};
    console.log(JSON.stringify({ url, caFile, tenantId, env, ...portalServer }));
    let closing: Promise<void> | undefined;
    // Ctrl+C arrives twice, from the terminal and from npm. The second signal must not interrupt the clean-up.
    const end = () => {
        closing ??= emulator.close().then(() => process.exit(0));
    };
    process.on("SIGINT", end);
    process.on("SIGTERM", end);
}

main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    process.exit(1);
});
