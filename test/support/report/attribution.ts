// Makes the report of stacks that hooks deployed. A separate process then reads the embedded tenant's audit log to find
// the actor of each difference.
import { buildReport } from "../../../cli/report/build";
import type { Report, Row, Who } from "../../../cli/report/model";
import type { Operation, PreviewedResource } from "../../../cli/report/preview";
import type { WhoOptions } from "../../../cli/report/who";
import { HooksProcess } from "../hooks/hooksProcess";
import type { HooksStack } from "../hooks/hooksStack";
import type { TestTenant } from "../tenant/testTenant";
import { urnOf } from "./previews";

type Json = Record<string, unknown>;

/** Refreshes and previews a resource. Returns the data that the engine would report about this resource. */
export async function previewed(
    stack: HooksStack,
    args: Json,
    kind: "PortalTenantConsent" | "RestorePortalApp" = "RestorePortalApp",
): Promise<PreviewedResource> {
    const valuesOf = ({ state }: HooksStack) => state && { inputs: state.inputs, outputs: state.outputs };
    const before = valuesOf(stack);
    await stack.refresh();
    const live = valuesOf(stack);
    const { inputs: declared, hook } = await stack.preview(args);
    return {
        urn: urnOf("dev", kind, kind === "RestorePortalApp" ? "portal" : "customer"),
        type: `pulumi-nodejs:dynamic/restorePortal:${kind}`,
        ...(before ? { before } : {}),
        ...(live ? { live } : {}),
        declared,
        operation: hook as Operation,
    };
}

export function reportOf(resources: readonly PreviewedResource[]): Report {
    const preview = { stack: "dev", resources, messages: [], errors: [], isRefreshed: true };
    return buildReport([{ name: "dev", preview }], { now: new Date(), tool: "0" });
}

export function reportOfRows(rows: readonly Row[]): Report {
    return { ...reportOf([]), rows };
}

/** Returns the actor of each difference, by property. */
export function whoIn({ rows }: Pick<Report, "rows">): Readonly<Record<string, Who>> {
    const named = rows.flatMap(({ differences }) =>
        differences.flatMap(({ property, who }) => (who ? [[property, who] as const] : [])),
    );
    return Object.fromEntries(named);
}

/**
 * Runs a process that reads the audit log as `report --who` does. The process has a simulated clock, so a pause takes
 * no real time.
 */
export class Attribution {
    private readonly process: HooksProcess;

    constructor({ emulator }: TestTenant, env: Readonly<Record<string, string>>) {
        this.process = new HooksProcess(env, {
            command: "cli/report/who/index.js",
            onSleep: (ms) => emulator.control.advanceClock(ms),
        });
    }

    attribute(report: Report, options: WhoOptions = {}): Promise<Report> {
        return this.process.call("attribute", report, options) as Promise<Report>;
    }

    end(): Promise<void> {
        return this.process.end();
    }
}

/** Lets an application read the audit log of a tenant. */
export async function allowAuditLog(tenant: TestTenant, clientId: string): Promise<void> {
    const graph = await tenant.servicePrincipal("00000003-0000-0000-c000-000000000000");
    const roles = graph["appRoles"] as readonly { readonly id: string; readonly value: string }[];
    const appRoleId = roles.find(({ value }) => value === "AuditLog.Read.All")?.id;
    const { id: principalId } = await tenant.servicePrincipal(clientId);
    const assignment = { principalId, resourceId: graph.id, appRoleId };
    await tenant.graph("POST", `/servicePrincipals/${principalId}/appRoleAssignments`, assignment);
}
