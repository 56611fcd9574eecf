// Describes what only the program knows in a preview. The resource class adds it to the inputs that `check` gets. The
// native plugin can fill in only the place. This file imports nothing, because every program loads it.

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
     * Customers that no earlier resource has passed on. They are needed together, because the engine checks dynamic
     * resources one after another.
     */
    readonly together?: readonly CustomerOfProgram[];
}
