// Everything that one emulator holds: its tenants, its clock, and what tests have asked it to do wrong.
import type { Region } from "./discovery";
import { Faults } from "./faults";
import { Replication } from "./replication";
import { RequestLog } from "./requestLog";
import type { Tenant } from "./tenant";
import { Throttling } from "./throttling";
import { TokenService } from "./tokens";

export class World {
    readonly tenants = new Map<string, Tenant>();
    readonly faults = new Faults();
    readonly log = new RequestLog();
    readonly tokens = new TokenService();
    readonly replication = new Replication();
    readonly throttling = new Throttling();
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
}
