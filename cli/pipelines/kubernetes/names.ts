// Defines the namespace and the image that the Stack resources and the CronJob share.
import { NODE_VERSION, PULUMI_VERSION } from "../job";

export const NAMESPACE = "restore-portal";

/**
 * The pods run as user 1000. Pulumi publishes no variant of this image for that user, but the image contains the user,
 * so the pods can use this image.
 */
export const IMAGE = `pulumi/pulumi-nodejs-${NODE_VERSION}:${PULUMI_VERSION}`;
