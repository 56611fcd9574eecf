// Reads the longest validity that the tenant's policy allows for certificates of applications. Adds advice with this
// limit to Entra's refusal of a longer certificate.
// https://learn.microsoft.com/graph/api/resources/tenantappmanagementpolicy
import { PortalError } from "../portalError";
import { counted } from "../sentences";
import { aPolicy } from "./graphShapes";
import { APP_MANAGEMENT_POLICY_PATH } from "./paths";
import type { Session } from "./session";

const READERS = ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"];
const REFUSAL = "CredentialInvalidLifetimeAsPerAppPolicy";

interface Policy {
    readonly isEnabled?: boolean | null;
    readonly applicationRestrictions?: {
        readonly keyCredentials?:
            | readonly {
                  readonly restrictionType?: string | null;
                  readonly state?: string | null;
                  readonly maxLifetime?: string | null;
              }[]
            | null;
    } | null;
}

/** The longest validity of a new certificate in days, by the tenant's GUID. */
const limits = new Map<string, Promise<number | undefined>>();

/**
 * Returns the number of days for which a new certificate may be valid. `undefined`: there is no limit, the caller is a
 * user, or the caller lacks the permission to read the policy.
 */
export function longestCertificateDays(session: Session): Promise<number | undefined> {
    const mayRead = READERS.some((permission) => session.permissions?.has(permission) === true);
    if (!mayRead) return Promise.resolve(undefined);
    let days = limits.get(session.tenantId);
    if (!days) {
        days = read(session);
        limits.set(session.tenantId, days);
        days.catch(() => limits.delete(session.tenantId));
    }
    return days;
}

async function read({ graph }: Session): Promise<number | undefined> {
    const { isEnabled, applicationRestrictions } = await graph.send<Policy>({
        method: "GET",
        path: APP_MANAGEMENT_POLICY_PATH,
        purpose: "reading the tenant's application management policy",
        answers: aPolicy,
    });
    if (isEnabled !== true) return undefined;
    const days = (applicationRestrictions?.keyCredentials ?? [])
        .filter(({ restrictionType, state }) => restrictionType === "asymmetricKeyLifetime" && state !== "disabled")
        .map(({ maxLifetime }) => daysOf(maxLifetime ?? ""))
        .filter((limit) => limit !== undefined);
    return days.length === 0 ? undefined : Math.min(...days);
}

/**
 * Returns the days of an ISO 8601 duration. A year counts as 365 days and a month as 30, so that the result is not too
 * long for most months.
 */
export function daysOf(duration: string): number | undefined {
    const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?$/.exec(duration);
    if (!parts) return undefined;
    const [years = 0, months = 0, weeks = 0, days = 0] = parts
        .slice(1)
        .map((part: string | undefined) => Number(part ?? 0));
    return years * 365 + months * 30 + weeks * 7 + days;
}

export function lifetimeAdvice(days: number): string {
    return `set source.generate.validDays to ${days} or less, and change source.generate.name if the certificate exists already; or import a certificate that is valid for at most ${counted(days, "day")}`;
}

/**
 * Adds advice to a refusal that the application management policy caused. The advice contains the limit if the provider
 * knows it.
 */
export async function withPolicyAdvice(error: unknown, session: Session): Promise<unknown> {
    if (!(error instanceof PortalError) || error.graphCode !== REFUSAL) return error;
    const days = await longestCertificateDays(session).catch(() => undefined);
    const advice =
        days === undefined
            ? `ask an administrator for the limit of the tenant's application management policy (asymmetricKeyLifetime in Graph's GET ${APP_MANAGEMENT_POLICY_PATH}), which the provider does not know; then set source.generate.validDays to this limit or less, and change source.generate.name, because this certificate exists already; or import a certificate within the limit`
            : `the tenant's application management policy allows ${counted(days, "day")}: ${lifetimeAdvice(days)}`;
    return error.withAdvice(advice);
}
