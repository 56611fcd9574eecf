// Formats a diagnosis: as lines for people, or as one JSON document for programs.
import { styleText } from "node:util";

import { counted } from "../../provider/sentences";
import { ExitCode } from "../exitCode";
import { isUnread, type Check } from "./check";

/** The checks of one RestorePortalApp or PortalTenantConsent. */
export interface Diagnosis {
    readonly applicationId: string;
    readonly tenantId: string;
    readonly checks: readonly Check[];
}

export interface PortalDiagnosis extends Diagnosis {
    /** The resource name. */
    readonly portal: string;
}

export interface CustomerDiagnosis extends Diagnosis {
    /** The resource name. */
    readonly customer: string;
}

export interface StackDiagnosis {
    readonly portals: readonly PortalDiagnosis[];
    readonly customers: readonly CustomerDiagnosis[];
}

/** A portal or customer is healthy if each of its checks is ok or only a warning. */
export function isHealthy({ checks }: Pick<Diagnosis, "checks">): boolean {
    return checks.every(({ status }) => status === "ok" || status === "warning");
}

export function exitCodeOf({ portals, customers }: StackDiagnosis): number {
    const all = [...portals, ...customers];
    if (all.some(({ checks }) => checks.some(isUnread))) return ExitCode.unreadable;
    return all.every(isHealthy) ? ExitCode.ok : ExitCode.drift;
}

export function asJson(diagnosis: StackDiagnosis): string {
    const { portals, customers } = diagnosis;
    return JSON.stringify({ healthy: [...portals, ...customers].every(isHealthy), portals, customers }, undefined, 4);
}

/** `styleText` omits colours if the output is not a terminal, or if NO_COLOR is set. */
const MARKS = {
    ok: () => styleText("green", "ok  "),
    warning: () => styleText("yellow", "warn"),
    failed: () => styleText("red", "FAIL"),
    unknown: () => styleText("gray", "?   "),
} as const;

/** All healthy customers share one line, because there can be hundreds of customers. */
export function asText({ portals, customers }: StackDiagnosis): string {
    const calm = customers.filter(isHealthy);
    const sections = [
        ...portals.map((one) => textOf(one.portal, one)),
        ...customers.filter((one) => !calm.includes(one)).map((one) => textOf(`customer ${one.customer}`, one)),
        ...(calm.length === 0 ? [] : [`${calm.length} of ${counted(customers.length, "customer")}: all checks ok`]),
    ];
    return sections.join("\n\n");
}

function textOf(title: string, { applicationId, tenantId, checks }: Diagnosis): string {
    const width = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.flatMap(({ status, name, message, aadsts, remedy }) => {
        const code = aadsts === undefined || message.includes(`AADSTS${aadsts}`) ? "" : ` (AADSTS${aadsts})`;
        return [
            `  ${MARKS[status]()}  ${name.padEnd(width)}  ${message}${code}`,
            ...(remedy === undefined ? [] : [`${" ".repeat(width + 10)}${remedy}`]),
        ];
    });
    const count = (key: Check["status"]) => checks.filter(({ status }) => status === key).length;
    const [passed, warned, failed, unchecked] = [count("ok"), count("warning"), count("failed"), count("unknown")];
    const warnings = warned === 0 ? "" : `${warned} warned, `;
    const summary = `${counted(checks.length, "check")}: ${passed} ok, ${warnings}${failed} failed, ${unchecked} could not be made`;
    return [`${title}: application ${applicationId}, tenant ${tenantId}`, ...lines, `  ${summary}`].join("\n");
}
