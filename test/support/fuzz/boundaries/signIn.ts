// Fuzzes answers of sign-in: the token of the deploying identity, and the probe that needs no credentials.
import { randomUUID } from "node:crypto";

import { openSession } from "../../../../provider/entra/session";
import { probePresence } from "../../../../provider/entra/signInProbe";
import { OPERATION_DEADLINE_MS } from "../../../../provider/entra/retry";
import { AnswerServer, mutateAnswer, type AnswerMutation, type Call, type HonestAnswer } from "../answers";
import type { Boundary } from "../boundary";
import { honest as discovery } from "./discovery";

interface SignInMutation extends AnswerMutation {
    readonly operation: "session" | "probe";
}

const SECRET = "planted~Secret.Value-9876543210";
const HEADER = Buffer.from('{"typ":"JWT","alg":"RS256"}').toString("base64url");
let server: AnswerServer;

export const boundary: Boundary<SignInMutation> = {
    secrets: [SECRET, `${HEADER}.`],
    budgetMs: OPERATION_DEADLINE_MS,
    start: async () => {
        server = await AnswerServer.start(honest, boundary.secrets);
        process.env["ARM_METADATA_HOSTNAME"] = new URL(server.url).host;
        process.env["AZURE_CLIENT_ID"] = randomUUID();
        process.env["AZURE_CLIENT_SECRET"] = SECRET;
        process.env["AZURE_TENANT_ID"] = randomUUID();
        // This call loads the cloud's metadata and the sign-in library once, before the runs.
        await openSession({ region: "Worldwide" });
    },
    mutate: (random) => ({
        operation: random.chance(0.75) ? "session" : "probe",
        ...mutateAnswer(random, 1),
    }),
    run: (mutation) => {
        const tenantId = randomUUID();
        if (mutation.operation === "probe") {
            server.next(mutation);
            const cloud = { region: "Worldwide", loginUrl: server.url, graphUrl: server.url, isCustom: true } as const;
            return probePresence(cloud, tenantId, "58a0f8e1-97bd-4804-ba69-bf1ed293e017");
        }
        // The first request of a session is discovery. The mutation begins at the second request, which gets the token.
        server.next({ ...mutation, from: mutation.from + 1 });
        process.env["AZURE_TENANT_ID"] = tenantId;
        return openSession({ region: "Worldwide", tenantId });
    },
};

function honest(call: Call, url: string): HonestAnswer {
    const { method, path, text } = call;
    if (method === "GET") return discovery(call, url);
    const tid = /^\/([0-9a-f-]{36})\//.exec(path)?.[1] ?? "";
    if (!text.includes("client_secret")) {
        const error_description = "AADSTS7000216: 'client_assertion' or 'client_secret' is required. Trace ID: x";
        return { status: 401, body: { error: "invalid_client", error_description, error_codes: [7000216] } };
    }
    const claims = { tid, oid: randomUUID(), appid: randomUUID(), roles: ["Application.ReadWrite.OwnedBy"] };
    const token = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2lnbmF0dXJl`;
    return {
        status: 200,
        body: { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token },
    };
}
