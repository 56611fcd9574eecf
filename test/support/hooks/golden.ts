// Reads the files that release 0.1.0 left: the state of a resource, and its objects in Entra.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";

import type { ResourceState } from "./hooksStack";
import type { TestTenant } from "../tenant/testTenant";

type Json = Record<string, unknown>;
type TenantState = ReturnType<TestTenant["emulator"]["control"]["snapshot"]>[number];
type Objects = Pick<
    TenantState,
    "graphServicePrincipalId" | "applications" | "servicePrincipals" | "grants" | "owners"
>;

const FOLDER = resolve(__dirname, "../../golden/0.1.0");

export interface Golden {
    readonly program: Json;
    readonly state: ResourceState;
    /** The inputs that a preview of 0.1.0 named. */
    readonly named?: readonly string[];
    /** The objects before the resource was deployed. */
    readonly before?: Objects;
    readonly home: Objects;
    readonly customer?: Objects;
}

/**
 * Reads one file. The file contains placeholders for the URL and the ids that the running emulator chooses. All other
 * ids are those of the emulator that made the file.
 */
export function golden(tenant: TestTenant, name: string): Golden {
    const { emulator } = tenant;
    const [homeTenantId = "", customerTenantId = ""] = emulator.tenantIds;
    const ids = {
        url: emulator.url,
        homeTenantId,
        customerTenantId,
        deployerId: emulator.identity("deployer").objectId,
    };
    const text = readFileSync(join(FOLDER, `${name}.json`), "utf8");
    const filled = Object.entries(ids).reduce((all, [key, id]) => all.replaceAll(`<${key}>`, id), text);
    // Jest has its own `JSON`. Its objects have another prototype than the objects that a hooks process sends, so a
    // strict comparison fails. This conversion gives the objects the same prototype.
    return deserialize(serialize(JSON.parse(filled))) as Golden;
}

/** Adds the objects of a file to the tenants of an emulator: the first part to the first tenant, and so on. */
export function loadObjects({ emulator }: TestTenant, ...parts: readonly (Objects | undefined)[]): void {
    const states = emulator.control.snapshot().map((state, index) => {
        const part = parts[index];
        return part ? withObjects(state, part) : state;
    });
    emulator.control.restore(states);
}

/**
 * Adds objects to a tenant. The id of a grant depends on the id of Graph's service principal. So Graph's service
 * principal gets its id from the file.
 */
function withObjects(state: TenantState, { graphServicePrincipalId, ...part }: Objects): TenantState {
    const text = JSON.stringify(state).replaceAll(state.graphServicePrincipalId, graphServicePrincipalId);
    const own = JSON.parse(text) as TenantState;
    return {
        ...own,
        applications: [...own.applications, ...part.applications],
        servicePrincipals: [...own.servicePrincipals, ...part.servicePrincipals],
        grants: [...own.grants, ...part.grants],
        owners: [...own.owners, ...part.owners],
    };
}
