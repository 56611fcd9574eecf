// Fuzzes answers from the address of the portal server: the settings that VB365's REST API returns, or the answer of
// another server at this address.
import { verifyServer } from "../../../../provider/server/observe";
import { completeServerInputs } from "../../../../provider/server/inputs";
import { OPERATION_DEADLINE_MS } from "../../../../provider/entra/retry";
import { AnswerServer, mutateAnswer, type AnswerMutation, type Call, type HonestAnswer } from "../answers";
import type { Boundary } from "../boundary";

interface ServerMutation extends AnswerMutation {
    readonly required: boolean;
    /** The only version of the REST API that the server has. */
    readonly version: "v6" | "v7" | "v8";
}

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
let server: AnswerServer;
let version: ServerMutation["version"] = "v8";

export const boundary: Boundary<ServerMutation> = {
    // Only planted faults use this secret. The requests carry no secret that an answer could repeat.
    secrets: ["planted~Secret.Value-9876543210"],
    budgetMs: OPERATION_DEADLINE_MS,
    start: async () => {
        server = await AnswerServer.start(honest, []);
    },
    mutate: (random) => ({
        required: random.chance(0.5),
        version: random.of(["v6", "v7", "v8"] as const),
        ...mutateAnswer(random, 2),
    }),
    run: async (mutation) => {
        server.next(mutation);
        ({ version } = mutation);
        const { required } = mutation;
        const authority = "https://login.microsoftonline.com/organizations";
        const given = { portalUrl: server.url, applicationId: APP_ID, authority, required };
        const { problem } = await verifyServer(completeServerInputs(given));
        // A hook prints or throws this problem, so the fuzz judges it like an error.
        if (problem) throw problem;
    },
};

function honest({ path }: Call, url: string): HonestAnswer {
    if (!path.startsWith(`/${version}/`)) return { status: 404, body: { message: "Not found", errorCode: "x" } };
    return {
        status: 200,
        body: {
            applicationId: APP_ID,
            msalAuthorityUri: "https://login.microsoftonline.com/",
            restorePortalUri: url,
            isEnabled: true,
        },
    };
}
