// Defines the namespace and the image that all resources in the cluster share.
import { NODE_VERSION, PULUMI_VERSION } from "../job";

export const NAMESPACE = "restore-portal";

/**
 * The pods run as user 1000, which exists in this image. Pulumi publishes no variant of the image that runs as this
 * user.
 */
export const IMAGE = `pulumi/pulumi-nodejs-${NODE_VERSION}:${PULUMI_VERSION}`;
