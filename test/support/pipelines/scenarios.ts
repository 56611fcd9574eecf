// Provides the situations that every pipeline must handle, such as a replaced web address or the lock of a killed run.
import { expectSuccess } from "../engine/workspace";
import type { Machine } from "./machine";

export const PORTAL_URL = "https://portal.abc.com:4443";

export const TITLES = {
    drift: "Restore Portal: Entra differs from the program",
    notReadable: "Restore Portal: Entra could not be read completely",
} as const;

/** Declares one portal with a generated certificate. */
export function declarePortal({ workspace }: Pick<Machine, "workspace">, more: object = {}): void {
    const args = {
        displayName: "Restore Portal",
        portalUrl: PORTAL_URL,
        certificate: "$certificate:certificate",
        ...more,
    };
    workspace.declare({
        certificates: { certificate: { source: { generate: { name: "Restore Portal" } } } },
        portals: { portal: { args } },
    });
}

export async function applicationId({ workspace }: Machine): Promise<string> {
    return (await workspace.outputsOf("portal"))["applicationId"] as string;
}

/** Replaces the portal's web address by hand. */
export async function replaceWebAddress(machine: Machine, url: string): Promise<void> {
    await machine.tenant.patchApplication(await applicationId(machine), { spa: { redirectUris: [url] } });
}

/** Makes Entra refuse all requests for applications by the identity that only reads. */
export function hideApplications(machine: Machine): void {
    const refusal = { status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges" };
    machine.tenant.emulator.control.addFault({
        path: "/applications",
        appId: machine.clientIds.reader,
        count: 1000,
        ...refusal,
    });
}

/** Kills a run, so that its lock stays. */
export async function leaveLock(machine: Machine): Promise<void> {
    const { tenant, workspace } = machine;
    let child: { kill(signal: "SIGKILL"): boolean } | undefined;
    tenant.emulator.control.addFault({
        level: "request",
        appId: machine.clientIds.deployer,
        meanwhile: () => {
            child?.kill("SIGKILL");
        },
    });
    const env = { ...tenant.env, PULUMI_STACK: "production" };
    await workspace.pulumi(["up", "--yes", "--skip-preview"], { env, onSpawn: (started) => (child = started) });
    tenant.emulator.control.clearFaults();
    workspace.endOrphans();
}

export async function expectUnchanged({ tenant, workspace }: Machine): Promise<void> {
    const env = { ...tenant.env, PULUMI_STACK: "production" };
    expectSuccess(await workspace.pulumi(["preview", "--expect-no-changes"], { env }));
    const portals = (await tenant.applications()).filter(({ displayName }) => displayName === "Restore Portal");
    expect(portals).toHaveLength(1);
}
