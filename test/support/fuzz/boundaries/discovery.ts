// Fuzzes answers of discovery: the cloud's metadata, and a tenant's OpenID document, requested by GUID or by domain.
import { randomUUID } from "node:crypto";

import { cloudOf, readMetadata } from "../../../../provider/entra/clouds";
import { discoverTenant } from "../../../../provider/entra/discovery";
import { OPERATION_DEADLINE_MS } from "../../../../provider/entra/retry";
import { AnswerServer, mutateAnswer, type AnswerMutation, type Call, type HonestAnswer } from "../answers";
import type { Boundary } from "../boundary";

interface DiscoveryMutation extends AnswerMutation {
    /**
     * `true`: mutates the metadata. The run calls `readMetadata`, because `cloudOf` reads the metadata only once per
     * process. `false`: mutates the document of a tenant.
     */
    readonly isMetadata: boolean;
    readonly isDomain: boolean;
    readonly isUnknown: boolean;
}

let server: AnswerServer;
let runs = 0;
let tenantId = "";
let isUnknown = false;

export const boundary: Boundary<DiscoveryMutation> = {
    // Only planted faults use this secret. The requests carry no secret that an answer could repeat.
    secrets: ["planted~Secret.Value-9876543210"],
    budgetMs: OPERATION_DEADLINE_MS,
    start: async () => {
        server = await AnswerServer.start(honest, []);
        await cloudOf("Worldwide", { env: { ARM_METADATA_HOSTNAME: new URL(server.url).host }, prefix: undefined });
    },
    mutate: (random) => ({
        isMetadata: random.chance(0.3),
        isDomain: random.chance(0.3),
        isUnknown: random.chance(0.15),
        ...mutateAnswer(random, 1),
    }),
    run: (mutation) => {
        server.next(mutation);
        tenantId = randomUUID();
        ({ isUnknown } = mutation);
        const { host } = new URL(server.url);
        if (mutation.isMetadata) return readMetadata(host);
        const tenant = mutation.isDomain ? `run${++runs}.contoso.com` : tenantId;
        return discoverTenant(tenant, "Worldwide", { env: { ARM_METADATA_HOSTNAME: host } });
    },
};

export function honest({ path }: Call, url: string): HonestAnswer {
    const { host } = new URL(url);
    if (path.includes("/metadata/")) {
        return {
            status: 200,
            body: {
                authentication: { loginEndpoint: `${url}/` },
                microsoftGraphResourceId: `${url}/`,
                name: "AzureCloud",
            },
        };
    }
    const tenant = /^\/([0-9a-f-]{36})\//.exec(path)?.[1] ?? tenantId;
    if (isUnknown) {
        const error_description = `AADSTS90002: Tenant '${tenant}' not found.`;
        return { status: 400, body: { error: "invalid_tenant", error_description, error_codes: [90002] } };
    }
    return {
        status: 200,
        body: {
            token_endpoint: `${url}/${tenant}/oauth2/v2.0/token`,
            jwks_uri: `${url}/${tenant}/discovery/v2.0/keys`,
            issuer: `${url}/${tenant}/v2.0`,
            authorization_endpoint: `${url}/${tenant}/oauth2/v2.0/authorize`,
            tenant_region_scope: "EU",
            tenant_region_sub_scope: null,
            cloud_instance_name: "microsoftonline.com",
            msgraph_host: host,
        },
    };
}
