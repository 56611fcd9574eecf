// Describes facts that only the program knows in a preview. The resource class passes them to `check`. The native
// plugin knows only the place.

/** The inputs of a PortalTenantConsent that decide which tenant is read, and with which credentials. */
export interface CustomerOfProgram {
    readonly tenantId: string;
    readonly region?: string;
    readonly credentials?: string;
    readonly mode?: string;
}

export interface PreviewFacts {
    /** Identifies the resource in the program, as the input `identity` does. */
    readonly place: string;
    /** The place of the PortalCertificate from which the input `certificate` comes. */
    readonly certificateOf?: string;
    /**
     * The customers that no earlier resource has passed to `check`. The provider reads up to 20 of their tenants at the
     * same time, because the engine checks one dynamic resource after another.
     */
    readonly together?: readonly CustomerOfProgram[];
}
