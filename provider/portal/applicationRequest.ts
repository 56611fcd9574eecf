// Builds the PATCH of the application. One request changes all drifted fields.
import type { LiveApplication } from "../entra/live";
import { applicationPath } from "../entra/paths";
import { patch, type Write } from "../sync/write";
import type { ApplicationPatch } from "./rules/applicationPatch";

/**
 * The body contains the drifted fields and the tag that records them. A deployment sends this request before all
 * others, because after a kill the next run recognizes our entries only by the tag.
 */
export function applicationRequest(application: LiveApplication, body: ApplicationPatch, doing = "changing"): Write {
    const { appId } = application;
    return patch(applicationPath(appId), application, body, `${doing} application ${appId}`);
}
