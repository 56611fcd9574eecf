// Makes the input `identity`, which identifies a resource in Entra. Pure. It imports nothing, because every program
// loads it.

/**
 * The identity is as unique as a URN, but omits the organization and the resource's own type. The organization differs
 * between backends. The type differs between the dynamic provider and the native plugin. `parentTypes` begin with the
 * outermost parent, as in a URN.
 */
export function identityOf(project: string, stack: string, parentTypes: readonly string[], name: string): string {
    return [project, stack, parentTypes.join("$"), name].join("/");
}
