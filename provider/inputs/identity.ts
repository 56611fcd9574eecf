// Makes the input `identity`, from which sync/identity.ts derives the names of a resource in Entra. Pure. Every program
// loads this file, so it imports nothing.

/**
 * The identity has the parts of a URN except the resource's own type, because that type differs between the dynamic
 * provider and the native plugin. Like a URN, it omits the organization, which differs between backends. `parentTypes`
 * begin with the outermost parent, as in a URN.
 */
export function identityOf(project: string, stack: string, parentTypes: readonly string[], name: string): string {
    return [project, stack, parentTypes.join("$"), name].join("/");
}
