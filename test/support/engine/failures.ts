// Provides checks for deployments that must fail.
import type { TestTenant } from "../tenant/testTenant";
import type { CommandResult, StackState } from "./workspace";

/** Checks that the command failed with this message. The output must contain no stack trace and no client secret. */
export function expectFailure(tenant: TestTenant, { code, output }: CommandResult, message: RegExp): void {
    expect(output).toMatch(message);
    expect(code).not.toBe(0);
    expect(output).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
    expect(output).not.toContain(tenant.emulator.identity("deployer").clientSecret);
}

/**
 * Returns the URN, ID, inputs and outputs of each resource in state. Leaves out what the engine may write differently
 * each time: ciphertexts, times and dependencies.
 */
export function withoutNonces({ deployment }: StackState): unknown {
    const said = deployment.resources?.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
    return JSON.parse(JSON.stringify(said, (key, value: unknown) => (key === "ciphertext" ? "" : value)));
}

export const withEnv = (env: Record<string, string | undefined>) => ({ env });
