// Builds the PATCH of the application. One request contains all planned changes of the application.
import type { LiveApplication } from "../entra/live";
import { applicationPath } from "../entra/paths";
import { patch, type Write } from "../sync/write";
import type { ApplicationPatch } from "./rules/applicationPatch";

/**
 * If the entries of this resource change, the body also contains its tag. A deployment sends this request before those
 * for the service principal, the grants and the owners, because after a kill the next run recognizes our entries only
 * by the tag. A release sends this request last.
 */
export function applicationRequest(application: LiveApplication, body: ApplicationPatch, doing = "changing"): Write {
    const { appId } = application;
    return patch(applicationPath(appId), application, body, `${doing} application ${appId}`);
}
