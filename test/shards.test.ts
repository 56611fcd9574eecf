// Checks how `shardOf` spreads customers over stacks.
import { shardOf } from "../provider/shards";

const customers = Array.from({ length: 1000 }, (_, index) => `customer-${index + 1}`);

test("a customer is always in the same stack", () => {
    expect(["contoso", "abc", "contoso-2"].map((name) => shardOf(name, 5))).toEqual([2, 1, 1]);
});

test.each([2, 5, 50])("a thousand customers are spread evenly over %d stacks", (shards) => {
    const counts = Array.from({ length: shards }, () => 0);
    for (const name of customers) counts[shardOf(name, shards) - 1]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000 / shards)).toBeLessThan(5 * Math.sqrt(1000 / shards));
});

test.each([1, 5, 20])("one more stack than %d moves customers only to the new stack", (shards) => {
    const moved = customers.filter((name) => shardOf(name, shards) !== shardOf(name, shards + 1));
    expect(moved.length).toBeGreaterThan(0);
    expect(new Set(moved.map((name) => shardOf(name, shards + 1)))).toEqual(new Set([shards + 1]));
    expect(moved.length).toBeLessThan((2 * 1000) / (shards + 1));
});

test.each([0, 1.5, Number.NaN])("%d stacks are refused", (shards) => {
    expect(() => shardOf("contoso", shards)).toThrow(/whole number from 1 on/);
});
