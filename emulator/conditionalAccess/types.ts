// Describes the properties of conditional access that the emulator uses. The emulator stores all other properties as
// the client sent them. https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy

export interface Users {
    readonly includeUsers?: readonly string[];
    readonly excludeUsers?: readonly string[];
    readonly includeGroups?: readonly string[];
    readonly excludeGroups?: readonly string[];
    readonly includeRoles?: readonly string[];
    readonly excludeRoles?: readonly string[];
}

export interface Conditions {
    readonly applications: {
        readonly includeApplications?: readonly string[];
        readonly excludeApplications?: readonly string[];
    };
    readonly clientAppTypes: readonly string[];
    readonly locations?: {
        readonly includeLocations?: readonly string[];
        readonly excludeLocations?: readonly string[];
    } | null;
    readonly platforms?: { readonly includePlatforms?: readonly string[] } | null;
    readonly signInRiskLevels?: readonly string[];
    readonly userRiskLevels?: readonly string[];
    readonly users: Users | null;
}

export interface GrantControls {
    readonly authenticationStrength?: { readonly id: string } | null;
    readonly builtInControls: readonly string[];
    readonly operator: "AND" | "OR";
}

export interface SessionControls {
    readonly signInFrequency?: {
        readonly frequencyInterval?: string | null;
        readonly isEnabled: boolean;
        readonly type?: "days" | "hours" | null;
        readonly value?: number | null;
    } | null;
}

export interface ConditionalAccessPolicy {
    readonly conditions: Conditions;
    readonly createdDateTime: string;
    readonly displayName: string;
    readonly grantControls: GrantControls | null;
    readonly id: string;
    readonly modifiedDateTime: string | null;
    readonly sessionControls: SessionControls | null;
    readonly state: "enabled" | "disabled" | "enabledForReportingButNotEnforced";
    readonly templateId: string | null;
}

export interface NamedLocation {
    readonly "@odata.type": string;
    readonly countriesAndRegions?: readonly string[];
    readonly createdDateTime: string;
    readonly displayName: string;
    readonly id: string;
    readonly ipRanges?: readonly { readonly "@odata.type": string; readonly cidrAddress: string }[];
    readonly isTrusted?: boolean;
    readonly modifiedDateTime: string | null;
}
