// The service provider's application in its own tenant. A customer's tenant says the same of a single-tenant application
// as of one that does not exist (NoBackingApplicationObject), and also of one that it has not heard of yet; the home
// tenant knows which.
import { credentialsPresent } from "../entra/credentials";
import { readSignInAudience } from "../entra/directory";
import { openSession } from "../entra/session";
import { PortalError } from "../portalError";
import type { ConsentInputs } from "./rules/inputs";
import { SINGLE_TENANT } from "./rules/plan";

type HomeQuestion = Pick<ConsentInputs, "region" | "credentials" | "applicationId">;

/** Once per process for each application, unless it is single-tenant: that may be on its way to change. */
const known = new Map<string, Promise<string | undefined>>();

/** Throws for an application that is single-tenant where it lives. Says nothing where no credentials know it. */
export async function assertMultiTenant({ region, credentials, applicationId }: HomeQuestion): Promise<void> {
    // Credentials that are the customer's own know nothing of it; the deployment's may.
    for (const candidate of new Set([credentials, undefined])) {
        const key = JSON.stringify([region, candidate, applicationId]);
        const answer = known.get(key) ?? audienceFor(region, candidate, applicationId);
        known.set(key, answer);
        const audience = await answer;
        if (audience === SINGLE_TENANT) {
            known.delete(key);
            throw singleTenant(applicationId);
        }
        if (audience !== undefined) return;
    }
}

async function audienceFor(
    region: string,
    credentials: string | undefined,
    appId: string,
): Promise<string | undefined> {
    if (!credentialsPresent(credentials)) return undefined;
    try {
        return await readSignInAudience(await openSession({ region, credentials }), appId);
    } catch (error) {
        // Only an aid: who may not look there is told by the customer's tenant.
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

/** Where the home tenant could not be asked. */
export function withAudienceAdvice(error: unknown): unknown {
    if (
        !(error instanceof PortalError) ||
        !/NoBackingApplicationObject|does not reference a valid application/.test(error.message)
    ) {
        return error;
    }
    return error.withAdvice(
        `no application of that id can be used here: it does not exist in this cloud, or it is single-tenant; correct applicationId and region, or set its signInAudience to "AzureADMultipleOrgs"`,
    );
}
