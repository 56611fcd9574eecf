// Serves Pulumi's provider protocol with the hooks of the dynamic provider, one method for each request of the engine.
import type {
    handleUnaryCall,
    sendUnaryData,
    ServerUnaryCall,
    ServerWritableStream,
    UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import {
    CheckResponse,
    ConfigureResponse,
    CreateResponse,
    GetSchemaResponse,
    ListResponse,
    ReadResponse,
    UpdateResponse,
    type CheckRequest,
    type ConfigureRequest,
    type CreateRequest,
    type DeleteRequest,
    type DiffRequest,
    type DiffResponse,
    type ListRequest,
    type ReadRequest,
    type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { cancelPauses } from "../provider/entra/clock";
import { diffOf, errorOf, failuresOf } from "./answers";
import { configFailures, settingsOf } from "./config";
import { changedPaths } from "./detailedDiff";
import { logTo, untilLogged } from "./engineLog";
import { readSchema, VERSION } from "./package";
import { keepingIgnored, secretInputs, secretOutputPaths, shapeOf } from "./resources";
import { decode } from "./values";

let settings = settingsOf({});
let callsInFlight = 0;

export function isIdle(): boolean {
    return callsInFlight === 0;
}

/** Answers a request, or reports the error, after everything that was printed meanwhile. */
function answering<Request, Response>(
    answer: (request: Request) => Response | Promise<Response>,
    secretsOf: (request: Request) => readonly string[] = () => [],
): handleUnaryCall<Request, Response> {
    return ({ request }: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
        callsInFlight++;
        void Promise.resolve()
            .then(() => answer(request))
            .then(
                (response) => ({ response, error: null }),
                (error: unknown) => ({ response: null, error: errorOf(error, secretsOf(request)) }),
            )
            .then(async ({ response, error }) => {
                await untilLogged();
                callsInFlight--;
                callback(error, response);
            });
    };
}

type Of = CheckRequest | DiffRequest | CreateRequest | ReadRequest | UpdateRequest | DeleteRequest;

/** Some processes of the engine only check the settings of a provider. They do not load the hooks. */
async function resourceOf(request: Of) {
    const { Resource } = await import("./resource.js");
    return new Resource(request.getType(), request.getUrn(), settings);
}

function checkConfig(request: CheckRequest): CheckResponse {
    const news = request.getNews();
    return new CheckResponse().setInputs(news).setFailuresList(failuresOf(configFailures(decode(news).values)));
}

/** Other settings never replace a resource by themselves: `check` compares them with the resource's own inputs. */
function diffConfig(request: DiffRequest): DiffResponse {
    return diffOf(changedPaths(decode(request.getOldInputs()), decode(request.getNews())));
}

function configure(request: ConfigureRequest): ConfigureResponse {
    settings = settingsOf(decode(request.getArgs()).values);
    return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
}

async function check(request: CheckRequest): Promise<CheckResponse> {
    const resource = await resourceOf(request);
    const { inputs, failures } = await resource.check(decode(request.getOlds()), decode(request.getNews()));
    return new CheckResponse().setInputs(inputs).setFailuresList(failuresOf(failures));
}

async function diff(request: DiffRequest): Promise<DiffResponse> {
    const [state, olds, news] = [request.getOlds(), request.getOldInputs(), request.getNews()].map((one) =>
        decode(one),
    );
    if (!state || !olds || !news) throw new Error("a diff needs a state, old and new inputs");
    const ignored = request.getIgnorechangesList();
    const resource = await resourceOf(request);
    const { replaces, deleteBeforeReplace } = await resource.diff(request.getId(), state, news);
    return diffOf(changedPaths(olds, news, ignored), replaces).setDeletebeforereplace(deleteBeforeReplace === true);
}

async function create(request: CreateRequest): Promise<CreateResponse> {
    const news = decode(request.getProperties());
    const resource = await resourceOf(request);
    if (request.getPreview()) return new CreateResponse().setProperties(resource.preview(news));
    const { id, outputs } = await resource.create(news);
    return new CreateResponse().setId(id).setProperties(outputs);
}

async function read(request: ReadRequest): Promise<ReadResponse> {
    const [state, inputs] = [decode(request.getProperties()), decode(request.getInputs())];
    const answer = await (await resourceOf(request)).read(request.getId(), state, inputs);
    return new ReadResponse().setId(answer.id).setProperties(answer.outputs).setInputs(answer.inputs);
}

async function update(request: UpdateRequest): Promise<UpdateResponse> {
    const [state, olds, sent] = [request.getOlds(), request.getOldInputs(), request.getNews()].map((one) =>
        decode(one),
    );
    if (!state || !olds || !sent) throw new Error("an update needs a state, old and new inputs");
    const news = keepingIgnored(sent, olds, request.getIgnorechangesList());
    const resource = await resourceOf(request);
    if (request.getPreview()) return new UpdateResponse().setProperties(resource.preview(news, state));
    return new UpdateResponse().setProperties(await resource.update(request.getId(), state, news));
}

async function remove(request: DeleteRequest): Promise<Empty> {
    await (await resourceOf(request)).delete(request.getId(), decode(request.getProperties()));
    return new Empty();
}

/** The outputs of a create or an update that failed half-way have the secrets of its inputs. */
function secretsOfInputs(request: CreateRequest | UpdateRequest): string[] {
    const shape = shapeOf(request.getType());
    const news = decode("getProperties" in request ? request.getProperties() : request.getNews());
    return shape ? secretOutputPaths(secretInputs(news, shape), shape) : [];
}

/** Sends the whole list: a tenant has few portals. */
async function list(call: ServerWritableStream<ListRequest, ListResponse>): Promise<void> {
    const { request } = call;
    try {
        const { Resource } = await import("./resource.js");
        const found = await new Resource(request.getToken(), "", settings).list();
        for (const { id, name } of found.slice(0, request.getLimit() || undefined))
            call.write(new ListResponse().setResult(new ListResponse.Result().setId(id).setName(name)));
        call.end();
    } catch (error) {
        call.emit("error", errorOf(error));
    }
}

/** The engine counts a method that is missing here as not implemented. */
export const provider: UntypedServiceImplementation = {
    checkConfig: answering(checkConfig),
    diffConfig: answering(diffConfig),
    configure: answering(configure),
    check: answering(check),
    diff: answering(diff),
    create: answering(create, secretsOfInputs),
    read: answering(read),
    update: answering(update, secretsOfInputs),
    delete: answering(remove),
    list: (call: ServerWritableStream<ListRequest, ListResponse>) => void list(call),
    getSchema: answering(() => new GetSchemaResponse().setSchema(readSchema())),
    getPluginInfo: answering(() => new PluginInfo().setVersion(VERSION)),
    cancel: answering(() => {
        cancelPauses();
        return new Empty();
    }),
    attach: answering((request: PluginAttach) => {
        logTo(request.getAddress());
        return new Empty();
    }),
};
