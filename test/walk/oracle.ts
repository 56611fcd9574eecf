// Checks from the directory itself whether a tenant matches a program. The oracle shares no code with provider/, so it
// cannot repeat a wrong rule of the provider.
import { X509Certificate } from "node:crypto";

import type { TestTenant } from "../support/tenant/testTenant";
import type { Program } from "./program";

type State = ReturnType<TestTenant["emulator"]["control"]["snapshot"]>[number];
type Application = State["applications"][number];

const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";

export function thumbprintOf(pem: string | Buffer): string {
    return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}

function stateOf(tenant: TestTenant): State {
    const [state] = tenant.emulator.control.snapshot();
    if (!state) throw new Error("the emulator does not have this tenant");
    return state;
}

/**
 * Returns the portal's application, even if it is in deleted items. `existing`: the `appId` of an adopted application.
 */
export function portalIn(tenant: TestTenant, existing: string | undefined): { app?: Application; living: number } {
    const { applications, deleted } = stateOf(tenant);
    const isPortal = ({ appId, uniqueName }: Application) =>
        existing === undefined ? uniqueName?.startsWith("restore-portal-") === true : appId === existing;
    const living = applications.filter(isPortal);
    const binned = deleted.filter((one): one is Application & { deletedDateTime: string } => "uniqueName" in one);
    const app = living[0] ?? binned.filter(isPortal).at(-1);
    return { ...(app ? { app } : {}), living: living.length };
}

/** Returns one text for each entry of an application and of its tenant-wide grants, except for our own tags. */
export function entriesOf(tenant: TestTenant, app: Application): Set<string> {
    const { servicePrincipals, grants } = stateOf(tenant);
    const scope = app.api.oauth2PermissionScopes.find(({ value }) => value === "access_as_user");
    const permission = (resource: string, id: string) => {
        if (resource === GRAPH && id === USER_READ) return "permission graph User.Read";
        if (resource === app.appId && id === scope?.id) return "permission self access_as_user";
        return `permission ${resource} ${id}`;
    };
    const clientId = servicePrincipals.find(({ appId }) => appId === app.appId)?.id;
    const resourceOf = (id: string) => {
        const found = servicePrincipals.find((one) => one.id === id)?.appId;
        return found === app.appId ? "self" : found === GRAPH ? "graph" : (found ?? id);
    };
    return new Set([
        ...app.identifierUris.map((uri) => `uri ${uri}`),
        ...app.spa.redirectUris.map((uri) => `spa ${uri}`),
        ...app.web.redirectUris.map((uri) => `web ${uri}`),
        ...app.publicClient.redirectUris.map((uri) => `native ${uri}`),
        ...app.tags.filter((tag) => !tag.startsWith("restore-portal")).map((tag) => `tag ${tag}`),
        ...app.api.oauth2PermissionScopes.map((one) => `scope ${one.value} ${one.isEnabled ? "enabled" : "disabled"}`),
        ...app.appRoles.map(({ value }) => `role ${value}`),
        ...app.keyCredentials.map(({ customKeyIdentifier }) => `key ${customKeyIdentifier}`),
        ...app.passwordCredentials.map(({ displayName }) => `secret ${displayName}`),
        ...app.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
            resourceAccess.map(({ id }) => permission(resourceAppId, id)),
        ),
        ...grants
            .filter((grant) => grant.clientId === clientId && grant.consentType === "AllPrincipals")
            .flatMap(({ resourceId, scope: scopes }) =>
                scopes.split(" ").map((one) => `grant ${resourceOf(resourceId)} ${one}`),
            ),
    ]);
}

export interface Expected {
    /** `undefined`: the program does not have the resource. */
    readonly program: Program | undefined;
    readonly existing: string | undefined;
    /** The walk's certificates as PEM text. */
    readonly certificates: readonly string[];
    /** Thumbprints of earlier certificates that must still be registered. */
    readonly kept: ReadonlySet<string>;
    /** The entries of others on the application. */
    readonly foreign: ReadonlySet<string>;
    /** Entries that the oracle neither requires nor reports as unexpected. */
    readonly doubtful: ReadonlySet<string>;
    /** The application's name at its adoption, or a name that somebody gave it later. */
    readonly name: string;
    /** `true`: somebody removed our tag. The next write restores the tag, but a missing tag alone is not drift. */
    readonly isTagInDoubt: boolean;
}

/** Returns a text for every difference from the program. */
export function complaints(tenant: TestTenant, expected: Expected): string[] {
    const { program, existing } = expected;
    const { app, living } = portalIn(tenant, existing);
    if (program === undefined && existing === undefined) {
        return living === 0 ? [] : [`${living} applications are left`];
    }
    if (living !== 1 || app === undefined) return [`${living} applications belong to the portal`];
    return [
        ...aboutEntries(tenant, app, expected),
        ...aboutScalars(app, expected),
        ...aboutServicePrincipal(tenant, app, expected),
    ];
}

function aboutEntries(tenant: TestTenant, app: Application, expected: Expected): string[] {
    const { program, certificates, foreign, doubtful, kept } = expected;
    const all = certificates.map((pem) => `key ${thumbprintOf(pem)}`);
    const must = new Set(foreign);
    const may = new Set(doubtful);
    if (program) {
        for (const one of needed(app.appId, program)) must.add(one);
        must.add(all[program.certificate] ?? "");
        for (const thumbprint of kept) must.add(`key ${thumbprint}`);
        if (program.certificateOverlapDays === undefined) for (const one of all) may.add(one);
        if (!program.adminConsent) for (const one of CONSENTS) may.add(one);
    }
    const live = entriesOf(tenant, app);
    return [
        ...[...must].filter((one) => !live.has(one)).map((one) => `missing: ${one}`),
        ...[...live].filter((one) => !must.has(one) && !may.has(one)).map((one) => `unexpected: ${one}`),
    ];
}

const CONSENTS = ["grant graph User.Read", "grant self access_as_user"];

function needed(appId: string, program: Program): string[] {
    return [
        `uri api://${appId}`,
        "scope access_as_user enabled",
        "permission graph User.Read",
        "permission self access_as_user",
        ...[program.portalUrl, ...program.additionalPortalUrls].map((url) => `spa ${url}`),
        ...(program.adminConsent ? CONSENTS : []),
    ];
}

function aboutScalars(app: Application, { program, existing, name, isTagInDoubt }: Expected): string[] {
    const isTagged = app.tags.some((tag) => tag.startsWith("restore-portal:"));
    const called = existing === undefined && program ? program.displayName : name;
    return [
        ...(app.displayName === called ? [] : [`called ${app.displayName}, not ${called}`]),
        ...(program && app.signInAudience !== program.signInAudience ? [`audience ${app.signInAudience}`] : []),
        ...(isTagged === (program !== undefined) || (isTagInDoubt && program) ? [] : [`tags ${app.tags.join(" ")}`]),
    ];
}

function aboutServicePrincipal(
    tenant: TestTenant,
    { appId }: Application,
    { program, foreign, doubtful }: Expected,
): string[] {
    const found = stateOf(tenant).servicePrincipals.filter((one) => one.appId === appId);
    if (!program) {
        const mayStay = [...foreign, ...doubtful].some((entry) => entry.startsWith("grant "));
        return found.length === 0 || mayStay ? [] : ["the service principal is left"];
    }
    const [servicePrincipal] = found;
    if (found.length !== 1 || !servicePrincipal) return [`${found.length} service principals`];
    const needsAssignment = program.servicePrincipal === "assignment required";
    return [
        ...(servicePrincipal.accountEnabled ? [] : ["the service principal is disabled"]),
        ...(servicePrincipal.appRoleAssignmentRequired === needsAssignment
            ? []
            : ["the assignment requirement differs from the program"]),
    ];
}

/** Returns the damage that must never occur, even after a kill: a lost entry of others, or a second application. */
export function losses(
    tenant: TestTenant,
    existing: string | undefined,
    foreign: ReadonlyMap<string, Set<string>>,
): string[] {
    const { app, living } = portalIn(tenant, existing);
    if (living > 1) return [`${living} applications belong to the portal`];
    if (!app) return [];
    // Entra deletes the grants together with their service principal. A restore brings them back, so they are not lost.
    const hasServicePrincipal = stateOf(tenant).servicePrincipals.some(({ appId }) => appId === app.appId);
    const live = entriesOf(tenant, app);
    const theirs = [...(foreign.get(app.appId) ?? [])];
    return theirs
        .filter((one) => !live.has(one) && (hasServicePrincipal || !one.startsWith("grant ")))
        .map((one) => `lost: ${one}`);
}
