// Each line that the hooks print is sent to the engine's log. The engine reads only the plugin's port from standard
// output, and hides all other output. So the plugin loads this file before all code that may print.
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
 * An engine that did not start this process sends its address in the Attach request. Later lines go to this address.
 */
export function logTo(other: string): void {
    address = other;
    engine = undefined;
}

/** The engine must receive a line before the answer to the request in which a hook printed the line. */
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
    // A line that is lost because the engine has ended is not an error.
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
