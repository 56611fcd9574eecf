// Sums up the customers of a portal as one check of the portal. Pure.
import { failed, follows, ok, type Check } from "./check";
import { isHealthy, type CustomerDiagnosis } from "./report";

/** The name of the check that sums up the customers. */
export const CUSTOMERS = "customers";
const MAX_NAMES = 5;

export function customersCheck(customers: readonly CustomerDiagnosis[]): Check {
    const ill = customers.filter((one) => !isHealthy(one));
    if (ill.length === 0) return ok(CUSTOMERS, `${customers.length} of ${customers.length} are ready`);
    const names = ill.slice(0, MAX_NAMES).map(({ customer }) => customer);
    const more = ill.length > MAX_NAMES ? ` and ${ill.length - MAX_NAMES} more` : "";
    const text = `${ill.length} of ${customers.length} are not ready: ${names.join(", ")}${more}`;
    const hasFailed = ill.some(({ checks }) => checks.some(({ status }) => status === "failed"));
    // If no check failed, some customers could not be read. The checks of these customers already report the failed
    // reads, so the sum only refers to them.
    return hasFailed
        ? failed(CUSTOMERS, text, { remedy: "see the checks of these customers" })
        : follows(CUSTOMERS, CUSTOMERS, text);
}
