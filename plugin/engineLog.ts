// Sends what the hooks print to the engine. The engine hides what a plugin writes to its standard output, and expects
// the port there. So this file is loaded before everything that may print.
import { Client, credentials } from "@grpc/grpc-js";

import { engineAddress } from "../provider/pulumi/engineWatch";
import { EMPTY, LOG_REQUEST, SEVERITY } from "./wire/messages";

const WARNING = "warning: ";

let address = engineAddress;
let engine: Client | undefined;
let sent: Promise<void> = Promise.resolve();

console.log = (line: string) => {
    sent = sent.then(() => send(line));
};

/**
 * If an engine did not start this process, its request contains its address. The lines are then sent to that address.
 */
export function logTo(other: string): void {
    address = other;
    engine = undefined;
}

/** The engine must have each line before it has the answer to the request that caused the line. */
export function untilLogged(): Promise<void> {
    return sent;
}

function send(line: string): Promise<void> {
    if (address === undefined) return Promise.resolve();
    const isWarning = line.startsWith(WARNING);
    const request = {
        severity: isWarning ? SEVERITY.warning : SEVERITY.info,
        message: isWarning ? line.slice(WARNING.length) : line,
    };
    const client = (engine ??= new Client(address, credentials.createInsecure()));
    // If the engine has ended, it does not receive the line. That is not an error.
    return new Promise((done) => {
        client.makeUnaryRequest(
            "/pulumirpc.Engine/Log",
            (values: typeof request) => LOG_REQUEST.encode(values),
            (bytes) => EMPTY.decode(bytes),
            request,
            () => done(),
        );
    });
}
