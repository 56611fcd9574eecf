// Everything that one emulator holds: its tenants, its clock, and what tests have asked it to do wrong.
import type { Region } from "./discovery";
import { Faults } from "./faults";
import { Issued } from "./signIn/issued";
import { Replication } from "./replication";
import { RequestLog } from "./requestLog";
import { SigningKeys } from "./signIn/signingKeys";
import type { Tenant } from "./tenant";
import { Throttling } from "./throttling";
import type { TenantUser } from "./graphTypes";

export class World {
    readonly tenants = new Map<string, Tenant>();
    readonly faults = new Faults();
    readonly log = new RequestLog();
    readonly keys = new SigningKeys();
    readonly issued = new Issued();
    readonly replication = new Replication();
    readonly throttling = new Throttling();
    /** Who signs in without being asked; `undefined`: whom the picker's user chooses. */
    signedInUserId: string | undefined;
    latencyMs = 0;
    /** Added to the real time. */
    clockOffsetMs = 0;
    /** `https://localhost:<port>`, once the server listens. */
    url = "";

    constructor(readonly region: Region) {}

    readonly now = (): number => Date.now() + this.clockOffsetMs;

    /** By GUID or verified domain. */
    findTenant(name: string): Tenant | undefined {
        const wanted = name.toLowerCase();
        return (
            this.tenants.get(wanted) ??
            [...this.tenants.values()].find(({ verifiedDomains }) => verifiedDomains.includes(wanted))
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
