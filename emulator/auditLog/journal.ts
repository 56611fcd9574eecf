// Collects the changes that one request makes in a tenant. The audit log turns these changes into entries.
import { isDeepStrictEqual } from "node:util";

import type { ConditionalAccessPolicy, NamedLocation } from "../conditionalAccess/types";
import type {
    AppManagementPolicy,
    Application,
    AppRoleAssignment,
    Group,
    OAuth2PermissionGrant,
    ServicePrincipal,
    TenantUser,
} from "../graphTypes";
import type { Deleted, References, StoredFederation } from "../tenant";

export interface Objects {
    readonly application: Application;
    readonly appManagementPolicy: AppManagementPolicy;
    readonly appRoleAssignment: AppRoleAssignment;
    readonly conditionalAccessPolicy: ConditionalAccessPolicy;
    readonly deleted: Deleted;
    readonly federatedCredential: StoredFederation;
    readonly grant: OAuth2PermissionGrant;
    readonly group: Group;
    readonly members: References;
    readonly namedLocation: NamedLocation;
    readonly owners: References;
    readonly servicePrincipal: ServicePrincipal;
    readonly user: TenantUser;
}

export type ObjectKind = keyof Objects;

/** `before` is undefined for a new object, and `after` is undefined for a removed one. */
export interface Change<T> {
    readonly before: T | undefined;
    readonly after: T | undefined;
}

export class Journal {
    private noted: Map<string, Change<unknown> & { readonly kind: ObjectKind }> | undefined;

    /** Runs the work, and returns its result together with all changes that the work made. */
    collect<T>(work: () => T): { readonly result: T; readonly changes: Changes } {
        const noted: typeof this.noted = new Map();
        this.noted = noted;
        try {
            return { result: work(), changes: new Changes([...noted.values()]) };
        } finally {
            this.noted = undefined;
        }
    }

    /**
     * Changes outside of `collect` leave no entry. The emulator makes such changes when it makes or loads its tenants.
     */
    note<K extends ObjectKind>(kind: K, id: string, { before, after }: Change<Objects[K]>): void {
        const key = `${kind}/${id}`;
        const first = this.noted?.get(key);
        this.noted?.set(key, { kind, before: first ? first.before : before, after });
    }
}

export class Changes {
    constructor(private readonly all: readonly (Change<unknown> & { readonly kind: ObjectKind })[]) {}

    of<K extends ObjectKind>(kind: K): readonly Change<Objects[K]>[] {
        const changed = this.all.filter((one) => one.kind === kind && !isDeepStrictEqual(one.before, one.after));
        return changed as unknown as readonly Change<Objects[K]>[];
    }
}

/** Reports each change of the map to `note`. */
export class NotedMap<V extends { readonly id: string }> extends Map<string, V> {
    constructor(private readonly note: (id: string, change: Change<V>) => void) {
        super();
    }

    override set(id: string, value: V): this {
        this.note(id, { before: this.get(id), after: value });
        return super.set(id, value);
    }

    override delete(id: string): boolean {
        this.note(id, { before: this.get(id), after: undefined });
        return super.delete(id);
    }
}
