// Command line of the embedded tenant: prints one JSON line when it is ready, and stays until it is told to end.
import { parseArgs } from "node:util";

import { REGIONS, type Region } from "./discovery";
import { startEmulator } from "./index";

const HELP = `npm run emulator -- [--folder <path>] [--region <${REGIONS.join("|")}>] [--port <number>] [--tenants <number>] [--lag <ms>] [--latency <ms>] [--portal-server]`;

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
    // Ctrl+C reaches this process twice, from the terminal and from npm: the second must not cut the clearing up off.
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
