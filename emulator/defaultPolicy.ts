// The application management policy that a tenant has before anybody writes it.

export interface KeyRestriction {
    readonly restrictionType: string;
    readonly state: "enabled" | "disabled";
    /** ISO 8601 duration. */
    readonly maxLifetime: string;
    readonly restrictForAppsCreatedAfterDateTime: string | null;
}

export interface AppManagementPolicy {
    readonly id: string;
    readonly displayName: string;
    readonly description: string;
    readonly isEnabled: boolean;
    readonly applicationRestrictions: { readonly keyCredentials: readonly KeyRestriction[] };
}

/** As every tenant has it: off. */
export const DEFAULT_POLICY: AppManagementPolicy = {
    id: "00000000-0000-0000-0000-000000000000",
    displayName: "Default app management tenant policy",
    description:
        "Default tenant policy that enforces app management restrictions on applications and service principals.",
    isEnabled: false,
    applicationRestrictions: { keyCredentials: [] },
};
