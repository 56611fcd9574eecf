// Collects the customers of a program in a preview, so that the provider can read their tenants at the same time. The
// engine checks one resource after another, and separate reads would take longer. This file runs in the user's program.
import * as pulumi from "@pulumi/pulumi";

import type { CustomerOfProgram } from "../inputs/previewFacts";

let waiting: CustomerOfProgram[] = [];

/**
 * Leaves out a customer without `tenantId`, and one with a tenant, region, credentials or mode that is not a plain
 * string, for example because it is an Output.
 */
export function noteCustomer(args: pulumi.Input<object>): void {
    if (!pulumi.runtime.isDryRun()) return;
    const { tenantId, region, credentials, mode } = args as Record<keyof CustomerOfProgram, unknown>;
    const values = { tenantId, region, credentials, mode };
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    if (typeof tenantId !== "string" || given.some(([, value]) => typeof value !== "string")) return;
    waiting.push(Object.fromEntries(given) as unknown as CustomerOfProgram);
}

/**
 * Returns the customers that no earlier call has returned. The first call returns all customers that the program has
 * declared by then.
 */
export function customersSoFar(): readonly CustomerOfProgram[] {
    const customers = waiting;
    waiting = [];
    return customers;
}
