// Lets writes to one application wait for each other within this process.

const tails = new Map<string, Promise<unknown>>();

/** Runs the task after all tasks of the same key that were handed in before, whether they failed or not. */
export async function serially<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = tails.get(key) ?? Promise.resolve();
    const run = before.then(task, task);
    const tail = run.catch(() => undefined);
    tails.set(key, tail);
    try {
        return await run;
    } finally {
        if (tails.get(key) === tail) tails.delete(key);
    }
}
