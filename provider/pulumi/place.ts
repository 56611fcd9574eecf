// Finds the place of a resource in the program: project, stack, types of the parents, and name. This file runs in the
// user's program.
import * as pulumi from "@pulumi/pulumi";

import { identityOf } from "../inputs/identity";

/** The SDK keeps these fields on each resource, but its types do not name them. */
interface Placed {
    readonly __pulumiType?: string;
    readonly __name?: string;
    readonly __parentResource?: pulumi.Resource;
}

const STACK_TYPE = "pulumi:pulumi:Stack";

export function typeOf(resource: pulumi.Resource): string | undefined {
    return (resource as Placed).__pulumiType;
}

export function placeOf(resource: pulumi.Resource): string {
    const { __name: name = "", __parentResource: parent } = resource as Placed;
    return placeBelow(parent, name);
}

export function placeBelow(parent: pulumi.Resource | undefined, name: string): string {
    return identityOf(pulumi.getProject(), pulumi.getStack(), parentTypes(parent), name);
}

/** Returns the types of the parents, from the outermost to the innermost, without the stack. */
function parentTypes(parent: pulumi.Resource | undefined): string[] {
    const { __pulumiType: type, __parentResource: above } = (parent ?? {}) as Placed;
    return type === undefined || type === STACK_TYPE ? [] : [...parentTypes(above), type];
}
