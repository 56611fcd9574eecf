// Spreads customers over several stacks. Pure.
import { createHash } from "node:crypto";

/**
 * Returns the number of a customer's stack, from 1 to `shards`. The same arguments always give the same number, so a
 * new customer changes only one stack. If `shards` grows by 1, customers move only to the new stack.
 */
export function shardOf(customer: string, shards: number): number {
    if (!Number.isInteger(shards) || shards < 1)
        throw new Error(`shards must be a whole number from 1 on, got ${shards}`);
    const numbers = Array.from({ length: shards }, (_, index) => index + 1);
    // The shard with the highest weight gets the customer. Weights do not depend on the number of shards.
    const weights = numbers.map((shard) => createHash("sha256").update(`${shard}\n${customer}`).digest("hex"));
    const highest = weights.reduce((one, other) => (other > one ? other : one));
    return weights.indexOf(highest) + 1;
}
