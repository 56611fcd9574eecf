// Answers Graph's requests for applications. https://learn.microsoft.com/graph/api/resources/application
import { randomBytes, randomUUID } from "node:crypto";

import { blankApplication, changedApplication } from "./applicationRules";
import { created, entity, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, denied, notFound } from "./graphError";
import type { Application, PasswordCredential } from "./graphTypes";
import { assertKnownOptions, filter, page, select } from "./odata";
import {
    assertMayAddOwners,
    assertMayCreate,
    assertMayReadApplications,
    assertMayWrite,
    writesOnlyOwned,
} from "./permissions";
import { hashSecret } from "./tenant";
import { deleteServicePrincipal } from "./servicePrincipals";

/** Finds an application by object id, `(appId='...')` or `(uniqueName='...')`. */
function findApplication({ tenant, params }: GraphCall, lagMs = 0): Application | undefined {
    const key = params["application"] ?? "";
    const [, name, value = ""] = /^\((appId|uniqueName)='([^']*)'\)$/.exec(key) ?? [];
    if (name === undefined) return tenant.applications.asOf(key, lagMs);
    if (name === "appId") return tenant.applicationOf(value, lagMs);
    return tenant.applications.find(({ uniqueName }) => uniqueName === value, lagMs);
}

function existing(call: GraphCall, lagMs = 0): Application {
    const found = findApplication(call, lagMs);
    if (found) return found;
    throw notFound(/'([^']*)'/.exec(call.params["application"] ?? "")?.[1] ?? call.params["application"] ?? "");
}

/** Graph returns the bytes of keys only if a GET of one object selects `keyCredentials`. */
function present(application: Application, withKeys = false): Application {
    return withKeys
        ? application
        : { ...application, keyCredentials: application.keyCredentials.map((key) => ({ ...key, key: null })) };
}

export function getApplication(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const withKeys = call.query.get("$select")?.split(",").includes("keyCredentials") === true;
    const application = present(existing(call, call.replica.behind("application")), withKeys);
    return { status: 200, body: entity(call, "applications", select(call, application, "application")) };
}

export function listApplications(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select", "$filter", "$top", "$count", "$skiptoken"]);
    const matches = filter(call, {
        appId: ["eq"],
        displayName: ["eq", "startswith"],
        uniqueName: ["eq"],
        identifierUris: ["any"],
    });
    const found = call.tenant.applications.all(call.replica.listBehind("application")).filter(matches);
    const shown = found.map((one) => select(call, present(one), "application"));
    return { status: 200, body: page(call, "applications", shown, "/applications") };
}

export function postApplication(call: GraphCall): Answer {
    assertMayCreate(call);
    return created(call, "applications", present(create(call, call.body)));
}

function create(call: GraphCall, body: Readonly<Record<string, unknown>>): Application {
    const { tenant } = call;
    const now = new Date(tenant.now());
    if (
        writesOnlyOwned(call) &&
        (body["api"] as { acceptMappedClaims?: unknown } | undefined)?.acceptMappedClaims !== undefined
    ) {
        throw denied();
    }
    const { passwordCredentials, ...rest } = body;
    const base = blankApplication(randomUUID(), randomUUID(), now, tenant.verifiedDomains[0] ?? "");
    const application = changedApplication(tenant, { base, stored: undefined, body: rest, region: call.region });
    if (Array.isArray(passwordCredentials)) {
        application.passwordCredentials = passwordCredentials
            .slice(0, 1)
            .map((one) => newPassword(call, one as object));
    }
    const bound = (body["owners@odata.bind"] as string[] | undefined) ?? [];
    if (bound.length > 20) throw badRequest("A maximum of 20 references can be bound in one request.");
    const owners = new Set([
        ...(writesOnlyOwned(call) ? [call.caller.objectId] : []),
        ...bound.map((one) => ownerIdOf(call, one)),
    ]);
    tenant.applications.put(application);
    tenant.setOwners(application.id, [...owners]);
    return application;
}

export function patchApplication(call: GraphCall): Answer {
    const stored = findApplication(call);
    const name = /^\(uniqueName='([^']*)'\)$/.exec(call.params["application"] ?? "")?.[1];
    if (!stored && name !== undefined && call.headers["prefer"]?.includes("create-if-missing") === true) {
        assertMayCreate(call);
        return created(call, "applications", present(create(call, { ...call.body, uniqueName: name })));
    }
    // A replica that does not know the application yet cannot change it.
    existing(call, call.replica.behind("application"));
    const before = existing(call);
    assertMayWrite(call, before.id);
    const next = changedApplication(call.tenant, {
        base: before,
        stored: before,
        body: call.body,
        region: call.region,
    });
    call.tenant.applications.put(next);
    return NO_CONTENT;
}

export function deleteApplication(call: GraphCall): Answer {
    const application = existing(call);
    assertMayWrite(call, application.id);
    const { tenant } = call;
    tenant.applications.remove(application.id);
    tenant.deleted.put({ ...application, deletedDateTime: new Date(tenant.now()).toISOString() });
    // Entra deletes the service principal of the home tenant too.
    const servicePrincipal = tenant.servicePrincipalOf(application.appId);
    if (servicePrincipal) deleteServicePrincipal(tenant, servicePrincipal);
    return NO_CONTENT;
}

export function listOwners(call: GraphCall): Answer {
    assertMayReadApplications(call);
    assertKnownOptions(call, ["$select"]);
    const { id } = existing(call, call.replica.behind("application"));
    const owners = call.tenant
        .ownersOf(id, call.replica.behind("owner"))
        .map((owner) => ({ "@odata.type": "#microsoft.graph.servicePrincipal", id: owner }));
    return { status: 200, body: page(call, "directoryObjects", owners, `/applications/${id}/owners`) };
}

export function addOwner(call: GraphCall): Answer {
    const { id } = existing(call);
    assertMayWrite(call, id);
    assertMayAddOwners(call);
    const owner = ownerIdOf(call, call.body["@odata.id"]);
    const owners = call.tenant.ownersOf(id);
    if (owners.includes(owner)) {
        throw badRequest(
            "One or more added object references already exist for the following modified properties: 'owners'.",
        );
    }
    if (owners.length >= 100)
        throw badRequest(
            "The directory object quota limit for the owners has been exceeded.",
            "Directory_QuotaExceeded",
        );
    call.tenant.setOwners(id, [...owners, owner]);
    return NO_CONTENT;
}

export function removeOwner(call: GraphCall): Answer {
    const { id } = existing(call);
    assertMayWrite(call, id);
    const owner = call.params["owner"] ?? "";
    if (!call.tenant.ownersOf(id).includes(owner)) throw notFound(owner);
    call.tenant.setOwners(
        id,
        call.tenant.ownersOf(id).filter((one) => one !== owner),
    );
    return NO_CONTENT;
}

function ownerIdOf({ tenant }: GraphCall, reference: unknown): string {
    const id = /\/(?:directoryObjects|users|servicePrincipals)\/([0-9a-f-]{36})$/i.exec(
        typeof reference === "string" ? reference : "",
    )?.[1];
    if (id === undefined) throw badRequest("The reference-property 'owners' needs the URL of a directory object.");
    if (!tenant.servicePrincipals.current(id)) throw notFound(id);
    return id;
}

export function addPassword(call: GraphCall): Answer {
    const application = existing(call);
    assertMayWrite(call, application.id);
    const password = newPassword(call, (call.body["passwordCredential"] as object | undefined) ?? {});
    const stored = { ...password, secretText: null };
    call.tenant.applications.put({ ...application, passwordCredentials: [...application.passwordCredentials, stored] });
    return { status: 200, body: entity(call, "passwordCredential", password) };
}

export function removePassword(call: GraphCall): Answer {
    const application = existing(call);
    assertMayWrite(call, application.id);
    const { keyId } = call.body as { keyId?: string };
    if (!application.passwordCredentials.some((one) => one.keyId === keyId)) {
        throw badRequest(`No password credential found with keyId '${String(keyId)}'.`);
    }
    const rest = application.passwordCredentials.filter((one) => one.keyId !== keyId);
    call.tenant.applications.put({ ...application, passwordCredentials: rest });
    return NO_CONTENT;
}

const TWO_YEARS_MS = 2 * 365 * 24 * 60 * 60 * 1000;

function newPassword(
    { tenant }: GraphCall,
    requested: { displayName?: string; startDateTime?: string; endDateTime?: string },
): PasswordCredential {
    const secretText = `${randomBytes(3).toString("base64url")}~${randomBytes(24).toString("base64url")}`;
    const keyId = randomUUID();
    tenant.secrets.set(keyId, hashSecret(secretText));
    return {
        customKeyIdentifier: null,
        displayName: requested.displayName ?? null,
        endDateTime: requested.endDateTime ?? new Date(tenant.now() + TWO_YEARS_MS).toISOString(),
        hint: secretText.slice(0, 3),
        keyId,
        secretText,
        startDateTime: requested.startDateTime ?? new Date(tenant.now()).toISOString(),
    };
}
