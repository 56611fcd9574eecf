// Answers the requests of Pulumi's provider protocol with the hooks of the dynamic provider.
import {
    status,
    type handleUnaryCall,
    type sendUnaryData,
    type ServerUnaryCall,
    type ServerWritableStream,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { diffOf, errorOf } from "./answers";
import { configFailures, settingsOf } from "./config";
import { changedPaths } from "./detailedDiff";
import { logTo, untilLogged } from "./engineLog";
import { readSchema, VERSION } from "./package";
import { keepingIgnored, RESOURCE_NAMES, secretInputs, secretOutputPaths, shapeOf, withLeftOut } from "./resources";
import { decode } from "./values";
import type * as messages from "./wire/messages";

type CheckRequest = messages.Received<typeof messages.CHECK_REQUEST>;
type CheckResponse = messages.Received<typeof messages.CHECK_RESPONSE>;
type DiffRequest = messages.Received<typeof messages.DIFF_REQUEST>;
type DiffResponse = Partial<messages.Received<typeof messages.DIFF_RESPONSE>>;
type ConfigureRequest = messages.Received<typeof messages.CONFIGURE_REQUEST>;
type CreateRequest = messages.Received<typeof messages.CREATE_REQUEST>;
type CreateResponse = Partial<messages.Received<typeof messages.CREATE_RESPONSE>>;
type ReadRequest = messages.Received<typeof messages.READ_REQUEST>;
type UpdateRequest = messages.Received<typeof messages.UPDATE_REQUEST>;
type DeleteRequest = messages.Received<typeof messages.DELETE_REQUEST>;
type ListRequest = messages.Received<typeof messages.LIST_REQUEST>;
type ListResponse = messages.Received<typeof messages.LIST_RESPONSE>;

let settings = settingsOf(decode());

/** Answers a request, or reports its error. First, the engine receives all lines that the hooks have printed. */
function answering<Request, Response>(
    answer: (request: Request) => Response | Promise<Response>,
    secretsOf: (request: Request) => readonly string[] = () => [],
): handleUnaryCall<Request, Response> {
    return ({ request }: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
        void Promise.resolve()
            .then(() => answer(request))
            .then(
                (response) => ({ response, error: null }),
                (error: unknown) => ({ response: null, error: errorOf(error, secretsOf(request)) }),
            )
            .then(async ({ response, error }) => {
                await untilLogged();
                callback(error, response);
            });
    };
}

/**
 * Some plugin processes only check the settings of a provider. So a process loads the hooks only at the first request
 * about a resource.
 */
let hooks: Promise<typeof import("./resource")> | undefined;

async function resourceOf({ type, urn }: { readonly type: string; readonly urn: string }) {
    const { Resource } = await (hooks ??= import("./resource.js"));
    return new Resource(type, urn, settings);
}

function checkConfig({ news }: CheckRequest): CheckResponse {
    return { inputs: news, failures: configFailures(decode(news)) };
}

/**
 * A change of the settings never replaces a provider. `check` fills the new settings into the inputs of each resource,
 * and the resource's own `diff` compares these inputs.
 */
function diffConfig({ oldInputs, news }: DiffRequest): DiffResponse {
    return diffOf(changedPaths(decode(oldInputs), decode(news)));
}

function configure({ args }: ConfigureRequest) {
    settings = settingsOf(decode(args));
    return { acceptSecrets: true, supportsPreview: true };
}

async function check(request: CheckRequest): Promise<CheckResponse> {
    return (await resourceOf(request)).check(decode(request.olds), decode(request.news));
}

async function diff(request: DiffRequest): Promise<DiffResponse> {
    const [state, olds, news] = [decode(request.olds), decode(request.oldInputs), decode(request.news)];
    const { replaces, deleteBeforeReplace } = await (await resourceOf(request)).diff(request.id, state, news);
    const changes = changedPaths(withLeftOut(olds, state), news, request.ignoreChanges);
    return { ...diffOf(changes, replaces), deleteBeforeReplace: deleteBeforeReplace === true };
}

async function create(request: CreateRequest): Promise<CreateResponse> {
    const news = decode(request.properties);
    const resource = await resourceOf(request);
    if (request.preview) return { properties: await resource.preview(news) };
    return resource.create(news);
}

async function read(request: ReadRequest) {
    return (await resourceOf(request)).read(request.id, decode(request.properties), decode(request.inputs));
}

async function update(request: UpdateRequest) {
    const [state, olds] = [decode(request.olds), decode(request.oldInputs)];
    const news = keepingIgnored(decode(request.news), olds, request.ignoreChanges);
    const resource = await resourceOf(request);
    if (request.preview) return { properties: await resource.preview(news, olds, state) };
    return { properties: await resource.update(request.id, state, news) };
}

async function remove(request: DeleteRequest): Promise<object> {
    await (await resourceOf(request)).delete(request.id, decode(request.properties));
    return {};
}

/** Returns the paths of the secret outputs that the error of a create or update may contain. */
function secretsOfInputs(request: CreateRequest | UpdateRequest): string[] {
    const shape = shapeOf(request.type);
    const news = decode("news" in request ? request.news : request.properties);
    return shape ? secretOutputPaths(secretInputs(news, shape), shape) : [];
}

/** Sends the list up to the limit in the request. A tenant has few portals, so the list has no pages. */
async function list(call: ServerWritableStream<ListRequest, Partial<ListResponse>>): Promise<void> {
    const { token, limit } = call.request;
    try {
        const found = await (await resourceOf({ type: token, urn: "" })).list();
        for (const result of found.slice(0, limit || undefined)) call.write({ result });
        call.end();
    } catch (error) {
        call.emit("error", errorOf(error));
    }
}

function refusing(what: string): handleUnaryCall<object, object> {
    const details = `restore-portal has no ${what}; it has the resources ${RESOURCE_NAMES.join(", ")}`;
    return (_call, callback) => callback({ code: status.UNIMPLEMENTED, details });
}

async function cancel(): Promise<object> {
    const { cancelPauses } = (await hooks) ?? {};
    cancelPauses?.();
    return {};
}

/** The engine treats a method that is missing here as not implemented. */
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
    list: (call: ServerWritableStream<ListRequest, Partial<ListResponse>>) => void list(call),
    invoke: refusing("functions"),
    call: refusing("methods"),
    construct: refusing("components"),
    getSchema: answering(() => ({ schema: readSchema() })),
    getPluginInfo: answering(() => ({ version: VERSION })),
    cancel: answering(cancel),
    attach: answering(({ address }: messages.Received<typeof messages.PLUGIN_ATTACH>) => {
        logTo(address);
        return {};
    }),
};
