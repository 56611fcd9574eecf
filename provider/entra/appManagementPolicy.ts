// The tenant's policy on how long certificates of applications may be valid: read where the caller may read it, and
// explained where Entra refuses by it. https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
import { PortalError } from "../portalError";
import type { Session } from "./session";

const READERS = ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"];
const REFUSAL = "CredentialInvalidLifetimeAsPerAppPolicy";

interface Policy {
    readonly isEnabled?: boolean;
    readonly applicationRestrictions?: {
        readonly keyCredentials?: readonly {
            readonly restrictionType?: string;
            readonly state?: string;
            readonly maxLifetime?: string | null;
        }[];
    };
}

const known = new Map<string, Promise<number | undefined>>();

/** Days that a new certificate may be valid at most; `undefined`: no limit, or not to be seen by this caller. */
export function longestCertificateDays(session: Session): Promise<number | undefined> {
    const mayRead = READERS.some((permission) => session.permissions?.has(permission) === true);
    if (!mayRead) return Promise.resolve(undefined);
    let days = known.get(session.tenantId);
    if (!days) {
        days = read(session);
        known.set(session.tenantId, days);
        days.catch(() => known.delete(session.tenantId));
    }
    return days;
}

async function read({ graph }: Session): Promise<number | undefined> {
    const { isEnabled, applicationRestrictions } = await graph.send<Policy>({
        method: "GET",
        path: "/policies/defaultAppManagementPolicy",
        purpose: "reading the tenant's application management policy",
    });
    if (isEnabled !== true) return undefined;
    const limits = (applicationRestrictions?.keyCredentials ?? [])
        .filter(({ restrictionType, state }) => restrictionType === "asymmetricKeyLifetime" && state !== "disabled")
        .map(({ maxLifetime }) => daysOf(maxLifetime ?? ""))
        .filter((days) => days !== undefined);
    return limits.length === 0 ? undefined : Math.min(...limits);
}

/** ISO 8601 duration; months count 30 days, so that what is said is never too long. */
export function daysOf(duration: string): number | undefined {
    const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?$/.exec(duration);
    if (!parts) return undefined;
    const [years = 0, months = 0, weeks = 0, days = 0] = parts
        .slice(1)
        .map((part: string | undefined) => Number(part ?? 0));
    return years * 365 + months * 30 + weeks * 7 + days;
}

export function lifetimeAdvice(days: number): string {
    return `set validDays to ${days} or less, with another name if the certificate is made already, or import one that is valid no longer`;
}

/** Adds to a refusal by the policy what would pass. */
export async function withPolicyAdvice(error: unknown, session: Session): Promise<unknown> {
    if (!(error instanceof PortalError) || error.graphCode !== REFUSAL) return error;
    const days = await longestCertificateDays(session).catch(() => undefined);
    const advice =
        days === undefined
            ? "set validDays to the limit of the tenant's application management policy (asymmetricKeyLifetime), and another name, as this certificate is made already; this identity may not read the policy, but an administrator sees it by GET /policies/defaultAppManagementPolicy"
            : `the tenant's application management policy allows ${days} days: ${lifetimeAdvice(days)}`;
    return error.withAdvice(advice);
}
