// Runs work for several resources at the same time, as `--parallel` does. When one piece of work ends, the next one
// starts immediately.
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
