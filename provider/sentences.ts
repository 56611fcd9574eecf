// Makes parts of sentences for messages. Pure.

/** Joins words as a sentence does: `a, b and c`. */
export function listed(words: readonly string[]): string {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

export function counted(count: number, word: string): string {
    return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Returns texts such as `1 scope`. Leaves out each word with the count 0. */
export function countedAll(counts: readonly (readonly [number, string])[]): string[] {
    return counts.flatMap(([count, word]) => (count === 0 ? [] : [counted(count, word)]));
}
