// Checks the messages about requests without an access token for Graph: Entra's refusals, a cloud's metadata, and
// GitHub's token service.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { ask } from "../../provider/entra/anonymous";
import { freezeClock } from "../../provider/entra/clock";
import { cloudOf, publishedCloud } from "../../provider/entra/clouds";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { tokenOfGithub } from "../../provider/entra/federatedTokens";

let server: Server;
let answer: { status: number; body: unknown };
let host: string;
let restore: () => void;

beforeAll(async () => {
    server = createServer((_request, response) => {
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => (restore = freezeClock()));
afterEach(() => restore());
afterAll(() => {
    server.closeAllConnections();
    server.close();
});

async function messageOf(work: Promise<unknown>): Promise<string> {
    const failure = await work.then(
        () => undefined,
        (error: unknown) => error as Error,
    );
    return failure?.message ?? "";
}

describe("Entra's own refusal with", () => {
    const description = "AADSTS50059: No tenant was found. Trace ID: 1";
    test.each([
        [400, ""],
        [403, ""],
        [429, "; try again later"],
        [503, "; try again later"],
    ])("status %i is Entra's sentence, and its advice is %j", async (status, advice) => {
        answer = { status, body: { error: "invalid", error_description: description } };
        const asked = ask({ url: `http://${host}/`, purpose: "looking up", understand: () => undefined });
        expect(await messageOf(asked)).toBe(
            `looking up: ${host} answered ${status} AADSTS50059: No tenant was found${advice}`,
        );
    });
});

describe("GitHub's token service that answers", () => {
    test.each([
        [401, {}, /answered 401 without a token; give the job the permission id-token: write$/],
        [429, {}, /answered 429 without a token; run the command again later$/],
        [503, {}, /answered 503 without a token; run the command again later$/],
        [200, {}, /answered 200 without a token; check whether a proxy or another service answers in its place$/],
    ])("%i with %j gets the advice of its case", async (status, body, message) => {
        answer = { status, body };
        const environment = environmentOf(undefined, {
            ACTIONS_ID_TOKEN_REQUEST_URL: `http://${host}/token`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
        });
        expect(await messageOf(tokenOfGithub(environment, publishedCloud("Worldwide")))).toMatch(message);
    });
});

test.each([
    ["ARM_METADATA_HOSTNAME", undefined],
    ["ARM_METADATA_HOSTNAME", "CHINA"],
    ["CHINA_ARM_METADATA_HOSTNAME", "CHINA"],
])("metadata that cannot be read names %s for the credentials %s", async (name, prefix) => {
    const message = await messageOf(cloudOf("China", environmentOf(prefix, { [name]: "127.0.0.1:1" })));
    expect(message).toMatch(/^reading the cloud's endpoints from 127\.0\.0\.1:1: /);
    expect(message).toMatch(new RegExp(`; if 127\\.0\\.0\\.1:1 is the wrong host, correct ${name}, or unset it$`));
});
