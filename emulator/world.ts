// Keeps the whole state of one emulator, for example its tenants, its clock, its log, and the faults that tests inject.
import type { Region } from "./signIn/discovery";
import { Faults } from "./faults";
import { Issued } from "./signIn/issued";
import { Replication } from "./replication";
import { RequestLog } from "./requestLog";
import { SigningKeys } from "./signIn/signingKeys";
import type { Tenant } from "./tenant";
import { Throttling } from "./throttling";
import type { DuplicateGrantStatus } from "./context";
import type { TenantUser } from "./graphTypes";

export class World {
    readonly tenants = new Map<string, Tenant>();
    readonly faults = new Faults();
    readonly log = new RequestLog();
    readonly keys = new SigningKeys();
    readonly issued = new Issued();
    readonly replication = new Replication();
    readonly throttling = new Throttling();
    /** The id of the user who signs in without a page. If it is `undefined`, the sign-in page offers the accounts. */
    signedInUserId: string | undefined;
    /** Whether the user who signs in without a page has completed multifactor authentication. */
    isMfaDone = false;
    /** The address from which users sign in, for conditional access. */
    clientAddress = "127.0.0.1";
    /** The certificate authorities of outside issuers of federated tokens, as PEM. */
    readonly trustedCertificates: string[] = [];
    /**
     * The HTTP status of the error "Permission entry already exists.". Graph has used 400 and 409
     * (terraform-provider-azuread issue 690).
     */
    duplicateGrantStatus: DuplicateGrantStatus = 400;
    latencyMs = 0;
    /** The tenants' clock is the real time plus this offset. */
    clockOffsetMs = 0;
    /** The URL `https://localhost:<port>`, once the server listens. */
    url = "";

    constructor(readonly region: Region) {}

    readonly now = (): number => Date.now() + this.clockOffsetMs;

    /** Finds a tenant by its GUID or verified domain. */
    findTenant(name: string): Tenant | undefined {
        const key = name.toLowerCase();
        return (
            this.tenants.get(key) ??
            [...this.tenants.values()].find(({ verifiedDomains }) => verifiedDomains.includes(key))
        );
    }

    findUser(id: string): { readonly user: TenantUser; readonly tenant: Tenant } | undefined {
        for (const tenant of this.tenants.values()) {
            const user = tenant.users.get(id);
            if (user) return { user, tenant };
        }
        return undefined;
    }
}
