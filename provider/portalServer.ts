// PortalServer: the settings of the portal server, watched and never written. Its arguments and outputs; its hooks are in
// server/.
import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource } from "./pulumi/dynamicResource";
import type { ShownCertificate } from "./server/drift";

/** What the portal server should answer; `GET /v8/RestorePortalSettings` of VB365's REST API, anonymous. */
export interface PortalServerArgs {
    /** Restore Portal web address, as RestorePortalApp's `portalUrl`. Where nothing else is said, it is asked there. */
    portalUrl: pulumi.Input<string>;
    /** Where VB365's REST API is asked instead, `https://<host>:<port>`: an inner name, or past a reverse proxy. */
    serverUrl?: pulumi.Input<string> | undefined;
    /** Application ID that the server should use: `applicationId` of RestorePortalApp. */
    applicationId: pulumi.Input<string>;
    /**
     * Where users sign in: `authority` of RestorePortalApp. The cloud is compared, and the tenant where both sides name
     * one. Left out, it is not compared.
     */
    authority?: pulumi.Input<string> | undefined;
    /**
     * SHA-1 or SHA-256 thumbprint of the TLS certificate that the server must show; for self-signed ones. Left out, the
     * certificate must be trusted as browsers do, by Node.js' roots and `NODE_EXTRA_CA_CERTS`.
     */
    tlsThumbprint?: pulumi.Input<string> | undefined;
    /** Days before its end from which the TLS certificate counts as ending, 0 to 365. Default 30. */
    tlsExpiryDays?: pulumi.Input<number> | undefined;
    /** `true`: a server that cannot be read is an error, of previews too. Default `false`: it shows as `serverStatus`. */
    required?: pulumi.Input<boolean> | undefined;
}

/** The portal server of VB365, read-only: a preview names what differs, and `pulumi up` fails with what to do there. */
export class PortalServer extends DynamicResource {
    declare public readonly portalUrl: pulumi.Output<string>;
    declare public readonly applicationId: pulumi.Output<string>;
    /** `readable`, or `not readable: ...`. */
    declare public readonly serverStatus: pulumi.Output<string>;
    /** Whether Restore Portal is enabled on the server. */
    declare public readonly isEnabled: pulumi.Output<boolean>;
    /** `valid`, or what is wrong with it. */
    declare public readonly tlsCertificate: pulumi.Output<string>;
    /** The TLS certificate that the server showed last. */
    declare public readonly tls: pulumi.Output<ShownCertificate | undefined>;

    constructor(name: string, args: PortalServerArgs, options: pulumi.CustomResourceOptions = {}) {
        const computed = { serverStatus: undefined, isEnabled: undefined, tlsCertificate: undefined, tls: undefined };
        super("portalServer", "restorePortal:PortalServer", name, { ...computed, ...args }, options);
    }
}
