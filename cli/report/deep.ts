// Adds doctor's checks to a report: a token request with each portal's certificate, the discovery document, and all
// checks that read Entra or a portal server.
import { diagnose } from "../doctor";
import { quietly } from "../print";
import { readStackResources } from "../pulumi";
import { consentsOf, portalsOf } from "../stackPortals";
import { plain } from "../../provider/plainText";
import { type Check } from "../diagnosis/check";
import { CUSTOMERS } from "../diagnosis/customersCheck";
import type { Report, Row } from "./model";
import { rowOf, withPortal } from "./rowStatus";
import { stackOption, stackTitle } from "./stackName";
import { summed } from "./totals";

type ChecksByUrn = ReadonlyMap<string, readonly Check[]>;

/**
 * `stacks`: the stacks as `--stack` names them, or "the selected stack" (stackName.ts). In the report, a name can also
 * contain the project.
 */
export async function withDoctor(report: Report, stacks: readonly string[], cwd: string | undefined): Promise<Report> {
    const outcomes = await quietly(() => Promise.all(stacks.map((stack) => checksOf(stack, cwd))));
    const failures = outcomes.flatMap((one) => (typeof one === "string" ? [one] : []));
    const checks = new Map(outcomes.flatMap((one) => (typeof one === "string" ? [] : [...one])));
    const rows = report.rows.map((row) => withChecks(row, checks));
    const portals = rows.filter(({ kind }) => kind === "portal");
    return summed({
        ...report,
        partial: [...report.partial, ...failures],
        rows: rows.map((row) => (row.kind === "customer" ? withPortal(row, portals) : row)),
    });
}

/** Returns the checks of one stack, or the error that prevented them. */
async function checksOf(stack: string, cwd: string | undefined): Promise<ChecksByUrn | string> {
    try {
        const resources = await readStackResources({ stack: stackOption(stack), cwd });
        const [portals, consents] = [portalsOf(resources), consentsOf(resources)];
        const diagnosis = await diagnose({ portals, consents });
        return new Map([
            ...portals.map(({ urn }, index) => [plain(urn), diagnosis.portals[index]?.checks ?? []] as const),
            ...consents.map(({ urn }, index) => [plain(urn), diagnosis.customers[index]?.checks ?? []] as const),
        ]);
    } catch (error) {
        return plain(
            `${stackTitle(stack)}: doctor could not check this stack: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
}

/**
 * Doctor reads more than a preview. So a check of doctor that did not pass replaces the row's check with the same name.
 */
function withChecks(row: Row, checks: ChecksByUrn): Row {
    // Leaves out the check that sums up the customers, because each customer has its own row.
    const own = (checks.get(row.urn) ?? []).filter(({ name }) => name !== CUSTOMERS);
    const bad = own.filter(({ status }) => status !== "ok");
    const kept = row.checks.filter((one) => !bad.some(({ name }) => name === one.name));
    return rowOf({ ...row, checks: [...kept, ...bad] });
}
