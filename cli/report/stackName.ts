// Names the stack of a preview, also if the preview failed before it named its stack. Pure.
/**
 * Replaces the name of a stack if neither `--stack` nor PULUMI_STACK names the stack, and its preview failed before it
 * named the stack.
 */
export const SELECTED = "the selected stack";

/** Names a stack at the beginning of a message. */
export function stackTitle(name: string): string {
    return name === SELECTED ? name : `stack ${name}`;
}

/** Returns the value of `--stack` for a name in a preview. */
export function stackOption(name: string): string | undefined {
    return name === SELECTED ? undefined : name;
}
