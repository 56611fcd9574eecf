// The PATCH of the application: the most important write of the product.
import type { LiveApplication } from "../entra/live";
import { applicationPath } from "../entra/paths";
import { patch, type Write } from "../sync/write";
import type { ApplicationPatch } from "./rules/applicationPatch";

/**
 * All drifted fields in one request, with the tag that speaks of them. It goes first: without the tag nothing else of
 * ours would be known again after a kill.
 */
export function applicationRequest(application: LiveApplication, body: ApplicationPatch, doing = "changing"): Write {
    const { appId } = application;
    return patch(applicationPath(appId), application, body, `${doing} application ${appId}`);
}
