// Starts the plugin as the engine does, and speaks the provider protocol to it.
import { spawn, type ChildProcess } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    CheckRequest,
    ConfigureRequest,
    CreateRequest,
    DiffRequest,
    ErrorResourceInitFailed,
    ListRequest,
    ReadRequest,
    UpdateRequest,
    type ListResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import { PLUGIN_FOLDER } from "../engine/faces";

type Json = Record<string, unknown>;
type Method = keyof ResourceProviderClient;

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Returns a value in the form in which the engine sends a secret. */
export function secret(value: unknown): Json {
    return { ...SECRET, value };
}

export function structOf(values: Json): Struct {
    return Struct.fromJavaScript(values as Record<string, JavaScriptValue>);
}

export function urnOf(type: string, name: string, parents = ""): string {
    return `urn:pulumi:dev::portals::${parents}restore-portal:index:${type}::${name}`;
}

export class PluginProcess {
    private constructor(
        private readonly child: ChildProcess,
        readonly client: ResourceProviderClient,
    ) {}

    static async start(env: Record<string, string> = {}): Promise<PluginProcess> {
        const child = spawn(join(PLUGIN_FOLDER, "pulumi-resource-restore-portal"), [], {
            // The plugin's script starts the first Node.js on PATH. This must be the Node.js that runs the tests.
            env: {
                PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
                HOME: process.env["HOME"],
                ...env,
            },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const port = await new Promise<string>((done, fail) => {
            child.stdout.once("data", (line: Buffer) => done(line.toString().trim()));
            child.once("exit", (code) => fail(new Error(`the plugin ended with ${code ?? "a signal"}`)));
        });
        return new PluginProcess(child, new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    }

    /** Ends the plugin as the engine does. Returns the exit code. */
    async end(): Promise<number | null> {
        this.client.close();
        const ended = new Promise<number | null>((done) => this.child.once("exit", done));
        this.child.kill("SIGINT");
        return ended;
    }

    call<Response>(method: Method, request: unknown): Promise<Response> {
        type Send = (request: unknown, callback: (error: ServiceError | null, response: Response) => void) => void;
        const methods = this.client as unknown as Readonly<Record<Method, Send>>;
        return new Promise((done, fail) => {
            methods[method](request, (error, response) => (error ? fail(error) : done(response)));
        });
    }

    configure(args: Json = {}): Promise<unknown> {
        return this.call("configure", new ConfigureRequest().setArgs(structOf(args)));
    }

    async check(urn: string, news: Json, olds: Json = {}): Promise<{ inputs: Json; failures: string[] }> {
        const request = new CheckRequest().setUrn(urn).setType(typeIn(urn)).setNews(structOf(news));
        const answer = await this.call<{
            getInputs(): Struct | undefined;
            getFailuresList(): { getProperty(): string; getReason(): string }[];
        }>("check", request.setOlds(structOf(olds)));
        return {
            inputs: answer.getInputs()?.toJavaScript() ?? {},
            failures: answer.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`),
        };
    }

    async create(urn: string, inputs: Json, preview = false): Promise<{ id: string; outputs: Json }> {
        const request = new CreateRequest().setUrn(urn).setType(typeIn(urn)).setPreview(preview);
        const answer = await this.call<{ getId(): string; getProperties(): Struct | undefined }>(
            "create",
            request.setProperties(structOf(inputs)),
        );
        return { id: answer.getId(), outputs: answer.getProperties()?.toJavaScript() ?? {} };
    }

    async update(urn: string, id: string, state: Json, news: Json): Promise<Json> {
        const request = new UpdateRequest().setUrn(urn).setType(typeIn(urn)).setId(id).setOlds(structOf(state));
        const answer = await this.call<{ getProperties(): Struct | undefined }>(
            "update",
            request.setOldInputs(structOf(state)).setNews(structOf(news)),
        );
        return answer.getProperties()?.toJavaScript() ?? {};
    }

    async read(
        urn: string,
        id: string,
        state?: Json,
        inputs?: Json,
    ): Promise<{ id: string; outputs?: Json; inputs?: Json }> {
        const request = new ReadRequest().setUrn(urn).setType(typeIn(urn)).setId(id);
        if (state) request.setProperties(structOf(state));
        if (inputs) request.setInputs(structOf(inputs));
        const answer = await this.call<{
            getId(): string;
            getProperties(): Struct | undefined;
            getInputs(): Struct | undefined;
        }>("read", request);
        const [outputs, live] = [answer.getProperties(), answer.getInputs()].map((one) => one?.toJavaScript());
        return {
            id: answer.getId(),
            ...(outputs && { outputs: outputs }),
            ...(live && { inputs: live }),
        };
    }

    list(token: string): Promise<{ id: string; name: string }[]> {
        const found: { id: string; name: string }[] = [];
        const stream = this.client.list(new ListRequest().setToken(token));
        return new Promise((done, fail) => {
            stream.on("data", (answer: ListResponse) => {
                const result = answer.getResult();
                found.push({ id: result?.getId() ?? "", name: result?.getName() ?? "" });
            });
            stream.on("error", fail);
            stream.on("end", () => done(found));
        });
    }

    diff(
        urn: string,
        olds: Json,
        news: Json,
        state: Json = olds,
    ): Promise<{
        getDiffsList(): string[];
        getReplacesList(): string[];
        getChanges(): number;
    }> {
        const request = new DiffRequest().setUrn(urn).setType(typeIn(urn)).setId("id");
        return this.call("diff", request.setOldInputs(structOf(olds)).setOlds(structOf(state)).setNews(structOf(news)));
    }
}

function typeIn(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Returns what the engine keeps of an object whose create or update failed half-way, and the reasons. */
export function halfDoneOf(error: ServiceError): { id: string; properties: Json; reasons: string[] } {
    const [details] = error.metadata.get("grpc-status-details-bin");
    const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
    const failed = any?.unpack(
        (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
        "pulumirpc.ErrorResourceInitFailed",
    );
    return {
        id: failed?.getId() ?? "",
        properties: failed?.getProperties()?.toJavaScript() ?? {},
        reasons: failed?.getReasonsList() ?? [],
    };
}
