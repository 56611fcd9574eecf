// Starts the plugin's server, and prints its port for the engine. The process ends when its engine ends
// (engineWatch.ts).
import "./engineLog";

import { Server, ServerCredentials } from "@grpc/grpc-js";

import { provider } from "./server";
import { SERVICE } from "./wire/service";

/** The engine has the same limit. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const server = new Server({
    // Nothing uses statistics of the calls, so they are not collected.
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
});
server.addService(SERVICE, provider);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
});
