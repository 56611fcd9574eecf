// Like the engine's `--parallel`: this many resources at a time, and the next one as soon as one is done.
const PARALLEL = 64;

export async function sideBySide<T>(
    list: readonly T[],
    work: (one: T, index: number) => Promise<unknown>,
): Promise<void> {
    const rest = list.entries();
    const worker = async () => {
        for (const [index, one] of rest) await work(one, index);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
}
