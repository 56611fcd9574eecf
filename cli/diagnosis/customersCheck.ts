// Sums up the customers of a portal as one check of the portal. Pure.
import { failed, follows, ok, type Check } from "./check";
import { isHealthy, type CustomerDiagnosis } from "./report";

/** The name of the check that sums up the customers. */
export const CUSTOMERS = "customers";
const MAX_NAMES = 5;

export function customersCheck(customers: readonly CustomerDiagnosis[]): Check {
    const ill = customers.filter((one) => !isHealthy(one));
    if (ill.length === 0) return ok(CUSTOMERS, `${customers.length} of ${customers.length} are ready`);
    const hasFailed = ({ checks }: CustomerDiagnosis) => checks.some(({ status }) => status === "failed");
    const counted = (some: readonly CustomerDiagnosis[], what: string) =>
        some.length === 0 ? [] : [`${some.length} of ${customers.length} ${what}: ${namesOf(some)}`];
    const broken = ill.filter(hasFailed);
    const unread = counted(
        ill.filter((one) => !hasFailed(one)),
        "could not be read",
    );
    // The checks of the customers already report the failed reads. So this check follows from them, and does not count
    // as one more failed read.
    if (broken.length === 0) return follows(CUSTOMERS, CUSTOMERS, unread.join());
    const text = [...counted(broken, "are not ready"), ...unread].join("; ");
    return failed(CUSTOMERS, text, { remedy: "see the checks of these customers" });
}

function namesOf(customers: readonly CustomerDiagnosis[]): string {
    const names = customers.slice(0, MAX_NAMES).map(({ customer }) => customer);
    const more = customers.length > MAX_NAMES ? ` and ${customers.length - MAX_NAMES} more` : "";
    return names.join(", ") + more;
}
