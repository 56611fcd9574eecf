// Describes a project that `init` or `export` writes, and makes the configuration of its stack. Pure.
import type { CertificateSource } from "./certificateSource";

/** The configuration of the template `portal`. An omitted value gets the template's default. */
export interface PortalSettings {
    readonly region: string;
    readonly tenantId?: string;
    /** The Application ID of an existing application. */
    readonly applicationId?: string;
    /** The name of a new application. */
    readonly displayName?: string;
    /** `undefined`: the program leaves the certificates of an existing application alone. */
    readonly certificate?: CertificateSource;
    readonly portalUrl: string;
    readonly restApiPort?: number;
    readonly additionalPortalUrls?: readonly string[];
    readonly signInAudience?: string;
    readonly servicePrincipal?: string;
    readonly serviceManagementReference?: string;
    readonly adminConsent?: boolean;
    readonly leaveAlone?: readonly string[];
}

export interface ProjectSettings {
    /** Name of the Pulumi project. */
    readonly name: string;
    readonly stack: string;
    /** The URL of the backend. `undefined`: PULUMI_BACKEND_URL or `pulumi login` decides. */
    readonly backend?: string;
    readonly portal: PortalSettings;
    /** The tenants of customers. `undefined`: the project uses the template `portal`, which has no customers. */
    readonly customers?: readonly string[];
}

/** Returns the name of the folder in `stacks/` that contains the program for these settings. */
export function templateOf({ customers }: ProjectSettings): "portal" | "serviceProvider" {
    return customers === undefined ? "portal" : "serviceProvider";
}

/** Returns the configuration for `Pulumi.<stack>.yaml`. */
export function configOf(settings: ProjectSettings): Record<string, unknown> {
    const { name, portal, customers } = settings;
    const values = customers === undefined ? { ...portal } : serviceProviderConfig(portal, customers);
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}:${key}`, value]));
}

function serviceProviderConfig(portal: PortalSettings, customers: readonly string[]) {
    const { region, portalUrl, restApiPort, displayName, applicationId, certificate } = portal;
    const given = { portalUrl, restApiPort, displayName, applicationId, certificate };
    return {
        portals: { [region]: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) },
        customers: customers.map((tenantId) => ({ name: tenantId, tenantId })),
    };
}
