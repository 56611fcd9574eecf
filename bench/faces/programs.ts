// Makes the measured programs: the same portals as dynamic resources, through the native plugin, and as eleven resources
// of azuread. An empty program, and one resource of a dynamic provider that does nothing, show the cost of Pulumi.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Workspace } from "../../test/support/engine/workspace";

export const SUBJECTS = ["empty", "trivial dynamic", "ours, dynamic", "ours, native", "azuread"] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface Declared {
    readonly count: number;
    readonly host: string;
    readonly certificatePem: string;
}

const ROOT = resolve(__dirname, "../..");
/** A folder with `pulumi-resource-azuread`, which is not on this machine by default. */
export const AZUREAD_PLUGIN = process.env["AZUREAD_PLUGIN"] ?? "";

export function isAvailable(subject: Subject): boolean {
    return subject !== "azuread" || existsSync(join(AZUREAD_PLUGIN, "pulumi-resource-azuread"));
}

export function prepare(workspace: Workspace, subject: Subject): void {
    workspace.write("index.js", PROGRAMS[subject]);
    workspace.write("emptyProvider.js", EMPTY_PROVIDER);
    if (subject !== "azuread") return;
    // The engine requests the plugin of the SDK's own version.
    const manifest = readFileSync(join(ROOT, "node_modules/@pulumi/azuread/package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    symlinkSync(join(ROOT, "node_modules/@pulumi/azuread"), join(workspace.folder, "node_modules/@pulumi/azuread"));
    const folder = join(workspace.folder, `home/.pulumi/plugins/resource-azuread-v${version}`);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(AZUREAD_PLUGIN)) symlinkSync(join(AZUREAD_PLUGIN, name), join(folder, name));
}

const START = `
const pulumi = require("@pulumi/pulumi");
const { count, host, certificatePem } = JSON.parse(require("node:fs").readFileSync(__dirname + "/program.json", "utf8"));
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
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const graph = azuread.getServicePrincipalOutput({ clientId: GRAPH });
for (const index of indices) {
    const name = (part) => part + index;
    const app = new azuread.ApplicationRegistration(name("app"), { displayName: "Portal " + index });
    const applicationId = app.id;
    const scopeId = "11111111-2222-4333-8444-" + String(index).padStart(12, "0");
    const scope = new azuread.ApplicationPermissionScope(name("scope"), {
        applicationId, scopeId, value: "access_as_user", type: "Admin",
        adminConsentDisplayName: "Access", adminConsentDescription: "Access",
    });
    new azuread.ApplicationIdentifierUri(name("uri"), {
        applicationId, identifierUri: pulumi.interpolate\`api://\${app.clientId}\`,
    });
    new azuread.ApplicationRedirectUris(name("addresses"), { applicationId, type: "SPA", redirectUris: [urlOf(index) + "/"] });
    new azuread.ApplicationApiAccess(name("graphAccess"), { applicationId, apiClientId: GRAPH, scopeIds: [USER_READ] });
    new azuread.ApplicationApiAccess(name("ownAccess"), { applicationId, apiClientId: app.clientId, scopeIds: [scope.scopeId] });
    new azuread.ApplicationCertificate(name("certificate"), { applicationId, type: "AsymmetricX509Cert", value: certificatePem });
    const principal = new azuread.ServicePrincipal(name("principal"), { clientId: app.clientId });
    for (const [part, resource, claim] of [["graphGrant", graph.objectId, "User.Read"], ["ownGrant", principal.objectId, "access_as_user"]])
        new azuread.ServicePrincipalDelegatedPermissionGrant(name(part), {
            servicePrincipalObjectId: principal.objectId, resourceServicePrincipalObjectId: resource, claimValues: [claim],
        }, { dependsOn: scope });
    new azuread.ApplicationOptionalClaims(name("claims"), { applicationId });
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
