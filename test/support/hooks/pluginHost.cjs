// Runs the hooks in tests through the plugin's server, instead of hooksHost.cjs. Each call of a hook becomes a request
// of the provider protocol, as the engine sends it. The server runs in this process, so a kill ends both.
const { Client, credentials, Server, ServerCredentials } = require("@grpc/grpc-js");
const { LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb");
const { Status } = require("@pulumi/pulumi/proto/status_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

const [, , folder, handler] = process.argv;
const plugin = `${folder}/../plugin`;
globalThis.PLUGIN_VERSION = "0.0.0-test";
const print = console.log;
const { useTestClock } = require("./testClock.cjs");
useTestClock(folder);
const { SHAPES, nativeType } = require(`${folder}/shapes.js`);
const { provider } = require(`${plugin}/server.js`);
const { SERVICE } = require(`${plugin}/wire/service.js`);
const { logTo } = require(`${plugin}/engineLog.js`);

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const [[SIGNATURE, SECRET_MARK]] = Object.entries(SECRET);

/** Acts as the engine: prints the lines that the plugin sends to it. */
function startEngine() {
    const engine = new Server();
    engine.addService(EngineService, {
        log: ({ request }, callback) => {
            print(`${request.getSeverity() === LogSeverity.WARNING ? "warning: " : ""}${request.getMessage()}`);
            callback(null, new Empty());
        },
    });
    return listening(engine);
}

function listening(server) {
    return new Promise((done, fail) => {
        const address = (error, port) => (error ? fail(error) : done(`127.0.0.1:${port}`));
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), address);
    });
}

async function startPlugin() {
    const server = new Server();
    server.addService(SERVICE, provider);
    return new Client(await listening(server), credentials.createInsecure());
}

/** Converts an identity, which is `<project>/<stack>/<types of the parents>/<name>`, to a URN. */
function urnOf(type, identity = "portals/dev//resource") {
    const [project, stack, parents, ...name] = identity.split("/");
    return `urn:pulumi:${stack}::${project}::${parents === "" ? "" : `${parents}$`}${type}::${name.join("/")}`;
}

function withSecrets(values, paths) {
    const marked = { ...values };
    for (const path of paths) {
        const [root, ...rest] = path.split(".");
        if (marked[root] === undefined) continue;
        marked[root] =
            rest.length === 0 ? { ...SECRET, value: marked[root] } : withSecrets(marked[root], [rest.join(".")]);
    }
    return marked;
}

function inTheClear(value) {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(inTheClear);
    if (value[SIGNATURE] === SECRET_MARK) return inTheClear(value.value);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inTheClear(part)]));
}

/** Calls each hook as the engine does. */
const HOOKS = {
    check: async (send, olds, { __given: given = {}, ...news }) => {
        const urn = { identity: news.identity };
        const answer = await send("check", urn, { olds, news: withSecrets(news, given.secret ?? []) });
        const { inputs, failures } = answer;
        // If a check refused something, the engine sends no further request in a preview.
        if (given.preview && failures.length === 0) {
            const isNew = Object.keys(olds).length === 0;
            if (isNew) await send("create", urn, { properties: inputs, preview: true });
            else await send("update", urn, { id: "id", olds, oldInputs: olds, news: inputs, preview: true });
        }
        return { inputs: inTheClear(inputs), failures };
    },
    diff: async (send, id, olds, news) => {
        const { replaces, deleteBeforeReplace } = await send("diff", news, { id, olds, oldInputs: {}, news });
        return { ...(replaces.length > 0 && { replaces }), deleteBeforeReplace };
    },
    create: async (send, properties) => {
        const answer = await send("create", properties, { properties });
        return { id: answer.id, outs: inTheClear(answer.properties) };
    },
    read: async (send, id, properties) => {
        const answer = await send("read", properties, { id, properties, inputs: {} });
        const [props, inputs] = [answer.properties, answer.inputs].map(inTheClear);
        return { id: answer.id, ...(props && { props }), ...(inputs && { inputs }) };
    },
    update: async (send, id, olds, news) => {
        const { properties } = await send("update", news, { id, olds, oldInputs: {}, news });
        return { outs: inTheClear(properties) };
    },
    delete: (send, id, properties) => send("delete", properties, { id, properties }),
};

/** Other functions that a test may call. */
const ABOUT = { peakMemoryMb: () => process.resourceUsage().maxRSS / 1024 };

/** Returns the object that the engine would keep after a create that failed half-way. */
function halfDoneOf({ metadata }) {
    const [details] = metadata?.get("grpc-status-details-bin") ?? [];
    if (details === undefined) return {};
    const [any] = Status.deserializeBinary(details).getDetailsList();
    const failed = any.unpack(ErrorResourceInitFailed.deserializeBinary, "pulumirpc.ErrorResourceInitFailed");
    return { halfDone: { id: failed.getId(), properties: inTheClear(failed.getProperties().toJavaScript()) } };
}

async function start() {
    logTo(await startEngine());
    const client = await startPlugin();
    const call = (method, request) =>
        new Promise((done, fail) => {
            const { path, requestSerialize, responseDeserialize } = SERVICE[method];
            const answer = (error, response) => (error ? fail(error) : done(response));
            client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, answer);
        });
    await call("configure", { args: {} });
    process.on("message", async ({ id, hook: name, args, slept }) => {
        if (slept !== undefined) return;
        const [hook, other = handler] = name.split(".").reverse();
        const type = nativeType(SHAPES.find((shape) => shape.handler === other));
        const send = (method, { identity }, request) => call(method, { urn: urnOf(type, identity), type, ...request });
        try {
            process.send({ id, result: hook in ABOUT ? ABOUT[hook]() : await HOOKS[hook](send, ...args) });
        } catch (error) {
            process.send({ id, error: { message: error.details ?? error.stack, name: "", ...halfDoneOf(error) } });
        }
    });
    process.on("disconnect", () => process.exit());
    process.send({ ready: true });
}

void start();
