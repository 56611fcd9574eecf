// Makes the measured programs. Three programs declare the same portals: as dynamic resources, through the native
// plugin, and with azuread (ten resources per portal, and one resource per program for Microsoft Graph). Two programs
// show Pulumi's own cost: an empty one, and one whose provider does nothing.
import { existsSync, symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import type { Workspace } from "../../test/support/engine/workspace";

export const SUBJECTS = ["empty", "trivial dynamic", "ours, dynamic", "ours, native", "azuread"] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface Declared {
    readonly count: number;
    readonly host: string;
    readonly certificatePem: string;
    readonly notAfter: string;
}

const ROOT = resolve(__dirname, "../..");
/** The benchmark measures azuread's plugin only if the plugin is on `PATH`. The engine searches for plugins there. */
const hasAzuread = (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, "pulumi-resource-azuread")));

export function isAvailable(subject: Subject): boolean {
    return subject !== "azuread" || hasAzuread;
}

export function prepare(workspace: Workspace, subject: Subject): void {
    workspace.write("index.js", PROGRAMS[subject]);
    workspace.write("emptyProvider.js", EMPTY_PROVIDER);
    const azuread = "node_modules/@pulumi/azuread";
    if (subject === "azuread") symlinkSync(join(ROOT, azuread), join(workspace.folder, azuread));
}

const START = `
const pulumi = require("@pulumi/pulumi");
const { count, host, certificatePem, notAfter } = JSON.parse(require("node:fs").readFileSync(__dirname + "/program.json", "utf8"));
const indices = Array.from({ length: count }, (_, index) => index);
const urlOf = (index) => "https://" + host + index + ".abc.com:4443";
`;

const OURS = `${START}
const { RestorePortalApp } = require("pulumi-restore-portal");
for (const index of indices)
    new RestorePortalApp("portal" + index, {
        displayName: "Portal " + index, portalUrl: urlOf(index), certificate: { certificatePem },
    });
`;

const PROGRAMS: Readonly<Record<Subject, string>> = {
    empty: "",
    "trivial dynamic": `${START}
class Empty extends pulumi.CustomResource {
    constructor(name, props) {
        const __provider = 'exports.handler=()=>require(process.cwd()+"/emptyProvider.js").empty;';
        super("pulumi-nodejs:dynamic/bench:Empty", name, { ...props, __provider });
    }
}
for (const index of indices) new Empty("portal" + index, { displayName: "Portal " + index, portalUrl: urlOf(index) });
`,
    "ours, dynamic": OURS,
    "ours, native": OURS,
    azuread: `${START}
const azuread = require("@pulumi/azuread");
const GRAPH = "00000003-0000-0000-c000-000000000000";
const graph = new azuread.ServicePrincipal("graph", { clientId: GRAPH, useExisting: true });
for (const index of indices) {
    const name = (part) => part + index;
    const portal = new azuread.ApplicationRegistration(name("portal"), { displayName: "Portal " + index });
    const { id: applicationId, clientId } = portal;
    const scope = new azuread.ApplicationPermissionScope(name("scope"), {
        applicationId,
        scopeId: "11111111-2222-4333-8444-" + String(index).padStart(12, "0"),
        value: "access_as_user",
        type: "Admin",
        adminConsentDisplayName: "Access Restore Portal",
        adminConsentDescription: "Access Restore Portal as the signed-in user",
    });
    new azuread.ApplicationIdentifierUri(name("uri"), { applicationId, identifierUri: clientId.apply((id) => "api://" + id) });
    new azuread.ApplicationRedirectUris(name("spa"), { applicationId, type: "SPA", redirectUris: [urlOf(index)] });
    const scopeIds = [graph.oauth2PermissionScopeIds.apply((ids) => ids["User.Read"])];
    new azuread.ApplicationApiAccess(name("graph"), { applicationId, apiClientId: GRAPH, scopeIds });
    new azuread.ApplicationApiAccess(name("own"), { applicationId, apiClientId: clientId, scopeIds: [scope.scopeId] });
    new azuread.ApplicationCertificate(name("certificate"), {
        applicationId, type: "AsymmetricX509Cert", encoding: "pem", value: certificatePem, endDate: notAfter,
    });
    const { objectId } = new azuread.ServicePrincipal(name("principal"), { clientId, featureTags: [{ enterprise: true }] });
    const grant = (part, resource, claim, options) =>
        new azuread.ServicePrincipalDelegatedPermissionGrant(name(part), {
            servicePrincipalObjectId: objectId, resourceServicePrincipalObjectId: resource, claimValues: [claim],
        }, options);
    grant("graph", graph.objectId, "User.Read");
    grant("own", objectId, "access_as_user", { dependsOn: [scope] });
}
`,
};

const EMPTY_PROVIDER = `
exports.empty = {
    check: async (_olds, news) => ({ inputs: news, failures: [] }),
    diff: async () => ({}),
    create: async (inputs) => ({ id: inputs.displayName, outs: inputs }),
    read: async (id, props) => ({ id, props }),
    update: async (_id, _olds, news) => ({ outs: news }),
    delete: async () => undefined,
};
`;
