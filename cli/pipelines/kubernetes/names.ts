// Contains what the resources in the cluster share.
import { NODE_VERSION, PULUMI_VERSION } from "../job";

export const NAMESPACE = "restore-portal";

/** Pods run as user 1000, which the image has. Pulumi publishes no variant of this image for it. */
export const IMAGE = `pulumi/pulumi-nodejs-${NODE_VERSION}:${PULUMI_VERSION}`;
