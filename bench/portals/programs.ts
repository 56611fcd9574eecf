// Makes the measured program. It declares portals with one certificate, or the consents of customers' tenants to one
// application. To show the engine's own time, it instead declares resources of a provider that does nothing.

/** The measured operations in order. Each one starts with the result of the previous one. */
export const OPERATIONS = ["create", "no-op preview", "change of the web address", "rotation", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The program reads these values from program.json. */
export interface Declared {
    readonly subject: Subject;
    readonly count: number;
    readonly host: string;
    readonly certificate: string;
    readonly customers: Customers | undefined;
}

/** The service provider's application, and the tenants that consent to it. */
export interface Customers {
    readonly applicationId: string;
    readonly tenantIds: readonly string[];
}

export type Subject = "portals" | "customers" | "empty";

export function declared(
    subject: Subject,
    { count, operation, customers }: { count: number; operation: Operation; customers: Customers | undefined },
): Declared {
    const done = (other: Operation) => OPERATIONS.indexOf(operation) >= OPERATIONS.indexOf(other);
    return {
        subject,
        count,
        host: done("change of the web address") ? "moved" : "portal",
        certificate: done("rotation") ? "second" : "first",
        customers,
    };
}

/** A customer's consent has no web address and no certificate, so only these operations apply to it. */
export const CUSTOMER_OPERATIONS: readonly Operation[] = ["create", "no-op preview", "destroy"];

/** The number of Graph requests of one portal that must follow one another. Fewer are not possible. */
export const ROUND_TRIPS: Readonly<Record<Operation, number>> = {
    create: 4,
    "no-op preview": 1,
    "change of the web address": 4,
    rotation: 4,
    destroy: 4,
};

export const PROGRAM = `
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { subject, count, host, certificate: name, customers } = JSON.parse(fs.readFileSync(__dirname + "/program.json", "utf8"));

class Empty extends pulumi.CustomResource {
    constructor(name, props) {
        const __provider = 'exports.handler=()=>require(process.cwd()+"/emptyProvider.js").empty;';
        super("pulumi-nodejs:dynamic/bench:Empty", name, { ...props, __provider });
    }
}
const args = (index, certificate) => ({
    displayName: "Portal " + index,
    portalUrl: "https://" + host + index + ".abc.com:4443",
    certificate,
});
const indices = Array.from({ length: count }, (_, index) => index);
const SUBJECTS = {
    portals: () => {
        const { PortalCertificate, RestorePortalApp } = require("pulumi-restore-portal");
        const { certificate } = new PortalCertificate("certificate", { source: { generate: { name } } });
        for (const index of indices) new RestorePortalApp("portal" + index, args(index, certificate));
    },
    customers: () => {
        const { PortalTenantConsent } = require("pulumi-restore-portal");
        const { applicationId, tenantIds } = customers;
        for (const tenantId of tenantIds) new PortalTenantConsent("customer-" + tenantId, { applicationId, tenantId });
    },
    empty: () => {
        for (const index of indices) new Empty("portal" + index, args(index, name));
    },
};
SUBJECTS[subject]();
`;

export const EMPTY_PROVIDER = `
exports.empty = {
    check: async (_olds, news) => ({ inputs: news, failures: [] }),
    diff: async () => ({}),
    create: async (inputs) => ({ id: inputs.displayName, outs: inputs }),
    read: async (id, props) => ({ id, props }),
    update: async (_id, _olds, news) => ({ outs: news }),
    delete: async () => undefined,
};
`;
