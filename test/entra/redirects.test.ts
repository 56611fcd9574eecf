// Checks that the client does not follow a redirect, because another host could then receive a write or answer in
// Entra's place. Also checks that the client reads JSON after a byte order mark or with a repeated content type.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { observe } from "../../provider/entra/directory";
import { wireOf } from "../../provider/entra/wire";
import { patch, write } from "../../provider/sync/write";
import { ScriptedGraph, type Scripted } from "../support/entra/scriptedGraph";
import { APP_ID, wizardLive } from "../support/rules/observation";

const { application } = wizardLive();

describe("a redirect", () => {
    let graph: ScriptedGraph;
    let other: Server;
    let received: string[];
    let answer: (path: string) => Scripted;

    beforeEach(async () => {
        received = [];
        other = createServer((request, response) => {
            received.push(`${request.method ?? ""} ${request.url ?? ""}`);
            response.writeHead(200, { "content-type": "application/json" }).end('{"responses":[]}');
        });
        await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
        graph = await ScriptedGraph.start((path) => answer(path));
    });
    afterEach(async () => {
        await graph.close();
        other.closeAllConnections();
        other.close();
    });

    const to = (status: number, host: string) => (path: string) => ({
        status,
        headers: { location: `${host}/v1.0${path}`, "content-length": "0" },
    });
    const elsewhere = () => `http://127.0.0.1:${(other.address() as AddressInfo).port}`;

    test.each([301, 302, 303, 307, 308])("with %i sends neither a read nor a write to another host", async (status) => {
        answer = to(status, elsewhere());
        await expect(observe(graph.session(), APP_ID)).rejects.toThrow(` answered ${status} with an empty body`);
        const body = { tags: ["x"] };
        const { failure } = await write(graph.session(), [patch(`/applications/x`, application, body, "writing x")]);
        expect(failure?.message).toMatch(new RegExp(`^writing x: 127\\.0\\.0\\.1:\\d+ answered ${status} `));
        expect(received).toEqual([]);
    });

    test("to the same host costs no more than an answer that is none", async () => {
        answer = (path) => to(302, graph.url)(path);
        await expect(observe(graph.session(), APP_ID)).rejects.toThrow(" answered 302 ");
        expect(graph.requests.length).toBeLessThan(20);
    });
});

describe("JSON is recognized with", () => {
    test.each([
        ["a content type that a proxy repeats", '{"a":1}', "application/json, application/json;charset=utf-8"],
        ["a byte order mark", '\ufeff{"a":1}', "application/json"],
    ])("%s", (_name, text, type) => {
        expect(wireOf(text, type)).toEqual({ json: { a: 1 } });
    });
});
