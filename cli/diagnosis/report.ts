// Formats a diagnosis: as lines for people, or as one JSON document for programs.
import { styleText } from "node:util";

import type { Check } from "./check";

export interface Diagnosis {
    readonly portal: string;
    readonly applicationId: string;
    readonly tenantId: string;
    readonly checks: readonly Check[];
}

/** If a check could not be completed, the diagnosis is unhealthy too. */
export function isHealthy(diagnoses: readonly Diagnosis[]): boolean {
    return diagnoses.every(({ checks }) => checks.every(({ status }) => status === "ok"));
}

export function asJson(diagnoses: readonly Diagnosis[]): string {
    return JSON.stringify({ healthy: isHealthy(diagnoses), portals: diagnoses }, undefined, 4);
}

/** `styleText` omits colours if the output is not a terminal, or if NO_COLOR is set. */
const MARKS = {
    ok: () => styleText("green", "ok  "),
    failed: () => styleText("red", "FAIL"),
    unknown: () => styleText("gray", "?   "),
} as const;

export function asText(diagnoses: readonly Diagnosis[]): string {
    return diagnoses.map(textOf).join("\n\n");
}

function textOf({ portal, applicationId, tenantId, checks }: Diagnosis): string {
    const width = Math.max(...checks.map(({ name }) => name.length));
    const lines = checks.flatMap(({ status, name, message, aadsts, remedy }) => {
        const code = aadsts === undefined || message.includes(`AADSTS${aadsts}`) ? "" : ` (AADSTS${aadsts})`;
        return [
            `  ${MARKS[status]()}  ${name.padEnd(width)}  ${message}${code}`,
            ...(remedy === undefined ? [] : [`${" ".repeat(width + 10)}${remedy}`]),
        ];
    });
    const count = (key: Check["status"]) => checks.filter(({ status }) => status === key).length;
    const [passed, failed, unchecked] = [count("ok"), count("failed"), count("unknown")];
    const summary = `${checks.length} checks: ${passed} ok, ${failed} failed, ${unchecked} could not be made`;
    return [`${portal}: application ${applicationId}, tenant ${tenantId}`, ...lines, `  ${summary}`].join("\n");
}
