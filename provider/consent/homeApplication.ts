// Checks the service provider's application in its own tenant. A customer's tenant returns the same error,
// NoBackingApplicationObject, for a single-tenant application, a missing one, and a new one that is not replicated yet.
// Only the home tenant shows which case it is.
import { credentialsPresent } from "../entra/credentials";
import { readSignInAudience } from "../entra/directory";
import { openSession } from "../entra/session";
import { untilVisible, type WaitOptions } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import type { ConsentInputs } from "./rules/inputs";
import { SINGLE_TENANT } from "./rules/plan";

type ApplicationReference = Pick<ConsentInputs, "region" | "credentials" | "applicationId">;

/**
 * Keeps one answer per process for each region, credentials and application. "Single-tenant" is not kept, because the
 * same deployment may make the application multi-tenant.
 */
const known = new Map<string, Promise<Audience>>();

/** The tenant of the credentials has no such application. */
const ABSENT = "absent";

/** `undefined`: the provider cannot read the applications of the tenant. */
type Audience = string | undefined;

/** Throws if the application is single-tenant. Does nothing if no credentials can read it in its own tenant. */
export async function assertMultiTenant({ region, credentials, applicationId }: ApplicationReference): Promise<void> {
    // If the customer's own credentials cannot read the application, the deployment's credentials may be able to. So
    // both are tried.
    for (const candidate of new Set([credentials, undefined])) {
        const key = JSON.stringify([region, candidate, applicationId]);
        const answer = known.get(key) ?? audienceFor(region, candidate, applicationId);
        known.set(key, answer);
        const audience = await answer;
        if (audience === SINGLE_TENANT) {
            known.delete(key);
            throw singleTenant(applicationId);
        }
        if (audience !== undefined && audience !== ABSENT) return;
    }
}

/**
 * Throws if the application does not exist in the service provider's tenant. That is the tenant of the application
 * `former`. Does nothing if no credentials can read `former` there. Waits as long as a deployment waits for the
 * replication of an application, because the same deployment may have registered it.
 */
export async function assertRegistered(
    { region, credentials, applicationId }: ApplicationReference,
    former: string,
    wait: WaitOptions,
): Promise<void> {
    if (applicationId === former) return;
    const audienceOf = async (candidate: string | undefined, appId: string) => {
        const audience = await audienceFor(region, candidate, appId);
        return audience === ABSENT ? undefined : { audience };
    };
    for (const candidate of new Set([credentials, undefined])) {
        if ((await audienceOf(candidate, former))?.audience === undefined) continue;
        try {
            await untilVisible(
                `Entra to show application ${applicationId}`,
                () => audienceOf(candidate, applicationId),
                wait,
            );
            return;
        } catch (error) {
            if (!(error instanceof PortalError) || error.code !== "ERR_NOT_VISIBLE_IN_TIME") throw error;
            throw absent(applicationId, former);
        }
    }
}

async function audienceFor(region: string, credentials: string | undefined, appId: string): Promise<Audience> {
    if (!credentialsPresent(credentials)) return undefined;
    try {
        return (await readSignInAudience(await openSession({ region, credentials }), appId)) ?? ABSENT;
    } catch (error) {
        // If the home tenant cannot be read, the customer's tenant reports the error of the application.
        if (error instanceof PortalError) return undefined;
        throw error;
    }
}

export function singleTenant(appId: string): PortalError {
    return new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `consenting to application ${appId}: it is single-tenant (${SINGLE_TENANT}), so no other tenant can use it; set signInAudience of its RestorePortalApp to "AzureADMultipleOrgs"`,
    );
}

function absent(appId: string, former: string): PortalError {
    return new PortalError(
        "ERR_APPLICATION_NOT_FOUND",
        `consenting to application ${appId}: the tenant of application ${former} has no such application; correct applicationId, or if the application belongs to another tenant, remove this resource from the program, run pulumi up, and add the resource again`,
    );
}

/**
 * Adds advice to the refusal by the customer's tenant. The advice names every possible cause, because the provider may
 * be unable to read the home tenant.
 */
export function withAudienceAdvice(error: unknown): unknown {
    if (
        !(error instanceof PortalError) ||
        !/NoBackingApplicationObject|does not reference a valid application/.test(error.message)
    ) {
        return error;
    }
    return error.withAdvice(
        `the tenant cannot use this application: it does not exist in this cloud, it is single-tenant, or Entra has not replicated it yet; correct applicationId or region, set signInAudience of its RestorePortalApp to "AzureADMultipleOrgs", or run pulumi up again later`,
    );
}
