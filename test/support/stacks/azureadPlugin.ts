// Finds azuread's plugin on PATH, as the engine does.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import type { Identity } from "../../../emulator";
import { describeIf } from "../describeIf";
import type { TestTenant } from "../tenant/testTenant";

const NAME = "pulumi-resource-azuread";
const folder = (process.env["PATH"] ?? "").split(delimiter).find((one) => existsSync(join(one, NAME)));

export function describeWithAzuread(name: string, tests: () => void): void {
    const how =
        folder === undefined
            ? `were left out: ${NAME} is not on PATH, so only Pulumi's mocks run the programs (test/stacks)`
            : `run with azuread's plugin ${join(folder, NAME)}`;
    describeIf({ program: "azuread", isThere: folder !== undefined, how }, name, tests);
}

/** Prints one line that says why the program runs with Pulumi's mocks and not with azuread's plugin. */
export function sayMocks(program: string): void {
    const plugin = folder === undefined ? `${NAME} is not on PATH` : "npm run test:deep uses azuread's plugin";
    process.stderr.write(`${program} runs with Pulumi's mocks; ${plugin}\n`);
}

/** Returns the variables with which azuread's plugin and our provider deploy to the embedded tenant. */
export function azureadVariables(
    { emulator }: TestTenant,
    { tenantId, clientId, clientSecret }: Identity,
): Record<string, string> {
    return {
        ARM_METADATA_HOSTNAME: new URL(emulator.url).host,
        ARM_TENANT_ID: tenantId,
        ARM_CLIENT_ID: clientId,
        ARM_CLIENT_SECRET: clientSecret,
        NODE_EXTRA_CA_CERTS: emulator.caFile,
        // The plugin is a Go program, and Go reads its certificate authorities from this variable.
        SSL_CERT_FILE: emulator.caFile,
    };
}
