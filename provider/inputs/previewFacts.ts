// Describes the facts that the resource class passes from the program to `check` in a preview. The native plugin knows
// only the place.

/** The inputs of a PortalTenantConsent that decide which tenant the preview reads, and how. */
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
     * The customers that no earlier resource has passed to `check`. The engine checks one dynamic resource after
     * another. To save time, the provider already reads the tenants of these customers, up to 20 at the same time.
     */
    readonly together?: readonly CustomerOfProgram[];
}
