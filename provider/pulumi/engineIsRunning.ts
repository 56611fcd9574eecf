// Checks before each write whether the Pulumi engine is still running. Without this check, the provider process of a
// killed CLI would still write during the next deployment.
import { PortalError } from "../portalError";
import { engineHasEnded } from "./engineWatch";

/** Throws if the engine was running when this process started, and is not running now. */
export async function assertEngineIsRunning(): Promise<void> {
    if (!(await engineHasEnded())) return;
    throw new PortalError(
        "ERR_ENGINE_GONE",
        "writing to Entra: this request was not sent, because the Pulumi engine that started this process has ended and could not record the write; run the deployment again",
    );
}
