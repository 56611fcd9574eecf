// Makes the writes to one application wait for each other within this process.

const tails = new Map<string, Promise<unknown>>();

/** Runs the task after all earlier tasks with the same key, even if one of them fails. */
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
