// Sends what the hooks print to the engine. The engine hides what a plugin writes to its standard output, and expects
// the port there. So this file is loaded before everything that may print.
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

import { engineAddress } from "../provider/pulumi/engineIsRunning";

const WARNING = "warning: ";

let address = engineAddress;
let engine: EngineClient | undefined;
let sent: Promise<void> = Promise.resolve();

console.log = (line: string) => {
    sent = sent.then(() => send(line));
};

/** An engine that did not start this process names its address in a request. */
export function logTo(other: string): void {
    address = other;
    engine = undefined;
}

/** The engine must have each line before it has the answer to the request that caused it. */
export function untilLogged(): Promise<void> {
    return sent;
}

function send(line: string): Promise<void> {
    const isWarning = line.startsWith(WARNING);
    const request = new LogRequest()
        .setSeverity(isWarning ? LogSeverity.WARNING : LogSeverity.INFO)
        .setMessage(isWarning ? line.slice(WARNING.length) : line);
    if (address === undefined) return Promise.resolve();
    const client = (engine ??= new EngineClient(address, credentials.createInsecure()));
    // A line that an ended engine does not receive is lost.
    return new Promise((done) => void client.log(request, () => done()));
}
