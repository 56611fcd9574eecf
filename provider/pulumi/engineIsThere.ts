// Whether the Pulumi engine that started this process is still there. A killed CLI does not end its provider process
// (measured), which would go on writing beside the next deployment.
import { connect } from "node:net";

import { PortalError } from "../portalError";

/** The SDK's provider process is started with the engine's address as its only argument. */
const address = /dynamic-provider/.test(process.argv[1] ?? "")
    ? /^([\w.-]+):(\d+)$/.exec(process.argv[2] ?? "")
    : undefined;

/** Asked at the start: an address that never answered says nothing about the engine. */
const wasThere = address ? isListening() : Promise.resolve(false);

/** Throws where the engine has been there and is not any more. */
export async function assertEngineIsThere(): Promise<void> {
    if (!(await wasThere) || (await isListening())) return;
    throw new PortalError(
        "ERR_ENGINE_GONE",
        "not writing to Entra: the Pulumi engine that started this process is gone, so nobody would remember what is written; deploy again",
    );
}

function isListening(): Promise<boolean> {
    return new Promise((done) => {
        const socket = connect({ host: address?.[1] ?? "", port: Number(address?.[2]) });
        const answer = (isThere: boolean) => {
            socket.destroy();
            done(isThere);
        };
        socket.once("connect", () => answer(true));
        socket.once("error", () => answer(false));
        socket.setTimeout(2_000, () => answer(true));
    });
}
