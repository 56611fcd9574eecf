// The input `identity`, by which a resource is known again in Entra. Pure; it loads nothing, because programs load it.

/**
 * As unique as a URN, without what another face of the same resource would not know: the organization and the
 * resource's own type. `parentTypes` are given from the outermost parent inwards, as a URN has them.
 */
export function identityOf(project: string, stack: string, parentTypes: readonly string[], name: string): string {
    return [project, stack, parentTypes.join("$"), name].join("/");
}
