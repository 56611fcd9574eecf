// Serves the provider protocol: prints the port on which it listens, and ends with its engine.
import "./engineLog";

import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { engineHasEnded } from "../provider/pulumi/engineIsRunning";
import { isIdle, provider } from "./server";

const CHECK_EVERY_MS = 10_000;
/** As large as the engine's own limit. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
});
server.addService(ResourceProviderService, provider);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
});

/** A killed engine does not end its plugins. */
setInterval(() => {
    void engineHasEnded().then((hasEnded) => {
        if (hasEnded && isIdle()) process.exit(0);
    });
}, CHECK_EVERY_MS).unref();
