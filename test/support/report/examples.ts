// Makes reports of any size for tests of their forms. The larger a report is, the more kinds of problems it has.
import { buildReport } from "../../../cli/report/build";
import type { Report } from "../../../cli/report/model";
import { PreviewReader, type Preview } from "../../../cli/report/preview";
import type { CertificateInput } from "../../../provider/portal/rules/inputs";
import { exampleCertificate, streamedPreview, type Change, type StackSpec } from "./previews";

export const NOW = new Date("2026-11-27T08:00:00.000Z");

/** Reads the output of a preview, which is either one JSON document or one JSON event per line. */
export function readPreview(text: string): Preview {
    const reader = new PreviewReader();
    if (text !== "" && !reader.read(text)) for (const line of text.split("\n")) reader.read(line);
    return reader.end();
}

export function reportOf(specs: readonly StackSpec[], now = NOW): Report {
    const stacks = specs.map((spec) => {
        const preview = readPreview(streamedPreview(spec));
        return { name: spec.stack ?? preview.stack, preview };
    });
    return buildReport(stacks, { now, tool: "0.1.0", engine: "v3.259.0" });
}

/** Changes of a portal. Each of them makes the portal differ in another way. */
export const PORTAL_CHANGES: Readonly<Record<string, Change>> = {
    deleted: { live: { applicationStatus: "in the bin until 2026-12-20" } },
    disabled: { live: { applicationStatus: "disabled" } },
    unreadable: {
        live: { applicationStatus: "not readable: reading the application: 403 Authorization_RequestDenied" },
    },
    renamed: { live: { displayName: "Renamed by hand" } },
    closed: { live: { signInAudience: "AzureADMyOrg" } },
    withoutUri: { live: { applicationIdUri: "missing" } },
    scopeMissing: { live: { accessAsUserScope: "missing" } },
    scopeDisabled: { live: { accessAsUserScope: "disabled" } },
    withoutAddress: { live: { portalUrl: "not registered" } },
    addressAsWeb: { live: { portalUrl: "registered as Web" } },
    implicit: { live: { implicitGrant: true } },
    principalMissing: { live: { servicePrincipal: "missing" } },
    principalDisabled: { live: { servicePrincipal: "disabled" } },
    assigned: { live: { servicePrincipal: "assignment required" } },
    withoutGrants: { live: { grantedPermissions: [] } },
    withoutPermissions: { live: { requiredPermissions: ["User.Read"] } },
    moved: { declared: { restApiPort: 4444 } },
    added: { operation: "create" },
    leaving: { operation: "delete" },
};

/** Changes of a customer. Each of them makes the customer differ in another way. */
export const CUSTOMER_CHANGES: Readonly<Record<string, Change>> = {
    single: { live: { status: "application is single-tenant (AzureADMyOrg)" } },
    refused: { live: { status: "not readable: signing in: AADSTS7000229: the service principal is missing" } },
    unknownTenant: { live: { status: "not readable: signing in: AADSTS90002: Tenant not found" } },
    principalMissing: { live: { servicePrincipal: "missing" } },
    principalDisabled: { live: { servicePrincipal: "disabled" } },
    assigned: { live: { servicePrincipal: "assignment required" } },
    withoutUserRead: { live: { grantedPermissions: ["access_as_user"] }, outputs: { consent: "incomplete" } },
    unreadGrants: { outputs: { consent: "unknown" } },
};

/** Makes a report with this many portals and customers. One in ten has a problem, each kind in turn. */
export async function exampleReport({ portals = 20, customers = 100, stacks = 2 } = {}): Promise<Report> {
    const certificate = await exampleCertificate(400, new Date(NOW.getTime() - 24 * 60 * 60 * 1000));
    const specs = Array.from({ length: stacks }, (_, index) => {
        const share = (count: number) => Math.ceil((count - index) / stacks);
        return exampleStack(`stack${index + 1}`, share(portals), share(customers), certificate);
    });
    return reportOf(specs);
}

function exampleStack(stack: string, portals: number, customers: number, certificate: CertificateInput): StackSpec {
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    const broken = (all: readonly string[], changes: Readonly<Record<string, Change>>) =>
        Object.fromEntries(
            all
                .filter((_, index) => index % 10 === 3)
                .map((name, index, some) => [name, nth(changes, index % Math.max(some.length, 1))]),
        );
    const [own, served] = [names("portal", portals), names("customer", customers)];
    const changes = { ...broken(own, PORTAL_CHANGES), ...broken(served, CUSTOMER_CHANGES) };
    return { stack, certificate, portals: own, customers: served, changes };
}

function nth(changes: Readonly<Record<string, Change>>, index: number): Change {
    const all = Object.values(changes);
    return all[index % all.length] ?? {};
}
