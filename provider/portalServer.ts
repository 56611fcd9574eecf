// Defines the resource PortalServer, which compares the settings of the portal server with the program, and never
// writes them. This file has the arguments and outputs; server/ has the hooks.
import type * as pulumi from "@pulumi/pulumi";

import { DynamicResource } from "./pulumi/dynamicResource";
import type { ShownCertificate } from "./server/drift";
import { SERVER_SHAPE } from "./shapes";

/**
 * The desired settings of the portal server. The provider reads the live values from `GET /v8/RestorePortalSettings` of
 * VB365's REST API, or from `/v7` or `/v6` if VB365 is older. These requests need no credentials. No change of an
 * argument replaces the resource.
 */
export interface PortalServerArgs {
    /**
     * Restore Portal web address, as in RestorePortalApp's `portalUrl`: `https://<host>:<port>`. The server must have
     * the same address. The provider also reads the settings from this address, unless `serverUrl` is set.
     */
    portalUrl: pulumi.Input<string>;
    /**
     * Address of VB365's REST API, `https://<host>:<port>`, if it differs from `portalUrl`. Use it for an internal name
     * or to bypass a reverse proxy. Default: `portalUrl`.
     */
    serverUrl?: pulumi.Input<string> | undefined;
    /** Application (client) ID that the server must use: `applicationId` of the RestorePortalApp. */
    applicationId: pulumi.Input<string>;
    /**
     * URL at which users must sign in: `authority` of the RestorePortalApp. The provider compares the cloud of this URL
     * with the cloud of the server's sign-in URL. It compares the tenants only if both URLs name one. Default: not
     * compared.
     */
    authority?: pulumi.Input<string> | undefined;
    /**
     * SHA-1 or SHA-256 thumbprint of the TLS certificate that the server must present. Use it for a self-signed
     * certificate: a pinned certificate is not checked against the trust store. Default: the certificate must be
     * trusted by Node.js's own roots or by `NODE_EXTRA_CA_CERTS`.
     */
    tlsThumbprint?: pulumi.Input<string> | undefined;
    /**
     * `tlsCertificate` shows `expires on ...` from this many days before the expiry date of the TLS certificate: 0 to
     * 365. Default 30.
     */
    tlsExpiryDays?: pulumi.Input<number> | undefined;
    /**
     * `true`: a server that cannot be read is an error, also in a preview with `--refresh`. Default `false`:
     * `serverStatus` shows the reason, and `pulumi up` prints a warning.
     */
    required?: pulumi.Input<boolean> | undefined;
}

/**
 * The settings of VB365's portal server, read-only. With `--refresh`, a preview names each setting that differs, and
 * `pulumi up` fails and says how to correct the setting on the server (`ERR_SERVER_DIFFERS`). The first `pulumi up`
 * only warns, because the server is set up with the outputs of that deployment. If the server cannot be read, all
 * outputs except `serverStatus` and `tls` show the desired values.
 */
export class PortalServer extends DynamicResource {
    /** Restore Portal web address on the server. `not set` if the server has none. */
    declare public readonly portalUrl: pulumi.Output<string>;
    /** Application (client) ID that the server uses. `not set` if the server has none. */
    declare public readonly applicationId: pulumi.Output<string>;
    /** `readable`, or `not readable: ` and the reason. */
    declare public readonly serverStatus: pulumi.Output<string>;
    /** Whether Restore Portal is enabled on the server. */
    declare public readonly isEnabled: pulumi.Output<boolean>;
    /** `valid`, or the problem: `expired on ...`, `expires on ...` or `not trusted: ...`. */
    declare public readonly tlsCertificate: pulumi.Output<string>;
    /** The TLS certificate that the server presented. `undefined` if the last read of the server failed. */
    declare public readonly tls: pulumi.Output<ShownCertificate | undefined>;

    constructor(name: string, args: pulumi.Input<PortalServerArgs>, options: pulumi.CustomResourceOptions = {}) {
        super(SERVER_SHAPE, name, { args }, options);
    }
}
