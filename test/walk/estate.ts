// Reads the contents of one tenant from the directory alone: each object and entry by its id, and the values that both
// programs and owners can set. This file shares no code with provider/.
import type { TestTenant } from "../support/tenant/testTenant";

type State = ReturnType<TestTenant["emulator"]["control"]["snapshot"]>[number];
type Application = State["applications"][number];

export const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const TAG_OF_PROVIDER = /^restore-portal(-stack|-consent)?:[0-9a-f]{16}:/;

function stateOf(tenant: TestTenant): State {
    const [state] = tenant.emulator.control.snapshot();
    if (!state) throw new Error("the emulator does not have this tenant");
    return state;
}

export function applicationOf(tenant: TestTenant, appId: string): Application | undefined {
    return stateOf(tenant).applications.find((one) => one.appId === appId);
}

/** Returns the `appId` of each application that the provider registered and that is not deleted. */
export function registered(tenant: TestTenant): string[] {
    const isPortal = ({ uniqueName }: Application) => uniqueName?.startsWith("restore-portal-") === true;
    return stateOf(tenant)
        .applications.filter(isPortal)
        .map(({ appId }) => appId);
}

export function servicePrincipalOf(tenant: TestTenant, appId: string) {
    return stateOf(tenant).servicePrincipals.find((one) => one.appId === appId);
}

/**
 * Returns one text, with kind and id, for the service principal and for each entry that a walk can change. Leaves out
 * the provider's tags.
 */
export function thingsOf(tenant: TestTenant, appId: string): Set<string> {
    const { grants } = stateOf(tenant);
    const app = applicationOf(tenant, appId);
    if (app === undefined) return new Set();
    const principal = servicePrincipalOf(tenant, appId);
    const ownTags = (principal?.tags ?? []).filter((tag) => !app.tags.includes(tag) && !TAG_OF_PROVIDER.test(tag));
    const granted = grants.filter(({ clientId, consentType }) => {
        return clientId === principal?.id && consentType === "AllPrincipals";
    });
    const nameOf = (resourceId: string) => (resourceId === principal?.id ? "self" : "graph");
    return new Set([
        ...app.identifierUris.map((uri) => `uri ${uri}`),
        ...app.spa.redirectUris.map((uri) => `spa ${uri}`),
        ...app.web.redirectUris.map((uri) => `web ${uri}`),
        ...app.publicClient.redirectUris.map((uri) => `native ${uri}`),
        ...app.tags.filter((tag) => !TAG_OF_PROVIDER.test(tag)).map((tag) => `tag ${tag}`),
        ...app.api.oauth2PermissionScopes.map(({ id }) => `scope ${id}`),
        ...app.keyCredentials.map(({ keyId }) => `key ${keyId}`),
        ...app.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
            resourceAccess.map(({ id }) => `permission ${resourceAppId}/${id}`),
        ),
        ...(principal ? [`principal ${principal.id}`] : []),
        ...ownTags.map((tag) => `principal tag ${tag}`),
        ...granted.flatMap(({ resourceId, scope }) =>
            scope
                .split(" ")
                .filter(Boolean)
                .map((one) => `grant ${nameOf(resourceId)} ${one}`),
        ),
    ]);
}

/** Returns whether the application or its service principal has a tag of this provider. */
export function isTagged(tenant: TestTenant, appId: string): boolean {
    const tags = [applicationOf(tenant, appId), servicePrincipalOf(tenant, appId)].flatMap((one) => one?.tags ?? []);
    return tags.some((tag) => TAG_OF_PROVIDER.test(tag));
}

export const VALUES = ["audience", "reference", "assignment", "enabled"] as const;
export type Value = (typeof VALUES)[number];
export type Values = Readonly<Record<Value, string | boolean | undefined>>;

export function valuesOf(tenant: TestTenant, appId: string): Values {
    const app = applicationOf(tenant, appId);
    const principal = servicePrincipalOf(tenant, appId);
    return {
        audience: app?.signInAudience,
        reference: app?.serviceManagementReference ?? "",
        assignment: principal?.appRoleAssignmentRequired,
        enabled: principal?.accountEnabled,
    };
}

/** The values that a program sets for one portal. */
export interface Portal {
    readonly urls: readonly string[];
    /** The index into the walk's certificates. */
    readonly certificate: number;
    readonly adminConsent: boolean;
    readonly audience: string | undefined;
    readonly reference: string | undefined;
    readonly servicePrincipal: "enabled" | "assignment required" | undefined;
}

/** Returns the parts of a portal that the tenant lacks, and the values that differ from the program. */
export function unfulfilled(
    tenant: TestTenant,
    appId: string,
    portal: Portal,
    thumbprints: readonly string[],
    isAdopted: boolean,
): string[] {
    const app = applicationOf(tenant, appId);
    if (app === undefined) return [`no application ${appId}`];
    const [things, values] = [thingsOf(tenant, appId), valuesOf(tenant, appId)];
    const scope = app.api.oauth2PermissionScopes.find(
        ({ value, isEnabled }) => value === "access_as_user" && isEnabled,
    );
    const needed = [
        `uri api://${appId}`,
        ...portal.urls.map((url) => `spa ${url}`),
        `permission ${GRAPH}/${USER_READ}`,
        `permission ${appId}/${scope?.id ?? "no scope"}`,
        ...(portal.adminConsent ? ["grant graph User.Read", "grant self access_as_user"] : []),
    ];
    const isRegistered = app.keyCredentials.some(
        ({ customKeyIdentifier }) => customKeyIdentifier === thumbprints[portal.certificate],
    );
    const said: [Value, string | boolean | undefined][] = [
        ["audience", portal.audience ?? (isAdopted ? undefined : "AzureADMyOrg")],
        ["reference", portal.reference],
        ["assignment", assignmentSaid(portal, isAdopted)],
        ["enabled", true],
    ];
    return [
        ...needed.filter((one) => !things.has(one)).map((one) => `missing: ${one}`),
        ...(isRegistered ? [] : [`missing: certificate ${portal.certificate}`]),
        ...said
            .filter(([value, text]) => text !== undefined && values[value] !== text)
            .map(([value]) => `${value} is ${String(values[value])}`),
    ];
}

/**
 * Returns the desired setting of "assignment required". The owner of an adopted application decides it if the program
 * does not set it.
 */
export function assignmentSaid({ servicePrincipal }: Portal, isAdopted: boolean): boolean | undefined {
    if (servicePrincipal === undefined && isAdopted) return undefined;
    return servicePrincipal === "assignment required";
}
