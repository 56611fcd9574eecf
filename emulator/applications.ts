// Handles Graph's routes for applications. https://learn.microsoft.com/graph/api/resources/application
import { randomUUID } from "node:crypto";

import { alternateKey, keyInMessage } from "./alternateKey";
import { assertKeyLifetimes } from "./appManagementPolicy";
import { changedApplication } from "./applicationRules";
import { assertTypes } from "./applicationTypes";
import { createdApplication, HIDDEN, shownApplication } from "./applicationView";
import { blankApplication } from "./blankObjects";
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { denied, notFound } from "./graphError";
import type { Application } from "./graphTypes";
import * as keyActions from "./keyActions";
import { omit } from "./omit";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { deltaAnswer } from "./odata/delta";
import * as passwords from "./passwords";
import {
    assertMayAddOwners,
    assertMayCreate,
    assertMayReadApplications,
    assertMayWrite,
    writesOnlyOwned,
} from "./permissions";
import * as references from "./references";
import { relatedObjects } from "./relatedRoutes";
import { deleteServicePrincipal } from "./servicePrincipals";

const OWNER_TYPES = ["servicePrincipal", "user"] as const;

/** Finds an application by object id, `(appId='...')` or `(uniqueName='...')`. */
function findApplication({ tenant, params }: GraphCall, lagMs = 0): Application | undefined {
    const id = params["application"] ?? "";
    const key = alternateKey(id, "appId", "uniqueName");
    if (!key) return tenant.applications.asOf(id, lagMs);
    if (key.name === "appId") return tenant.applicationOf(key.value.toLowerCase(), lagMs);
    return tenant.applications.find(({ uniqueName }) => uniqueName === key.value, lagMs);
}

export function existingApplication(call: GraphCall, lagMs = 0): Application {
    const found = findApplication(call, lagMs);
    if (found) return found;
    throw notFound(keyInMessage(call.params["application"] ?? ""));
}

/** Returns the route's application. Throws if it does not exist, or if the caller may not change it. */
export function writableApplication(call: GraphCall): Application {
    const application = existingApplication(call);
    assertMayWrite(call, application.id);
    return application;
}

function kindFor(call: GraphCall): Kind {
    const ownersOf = ({ id }: Application) => relatedObjects(call, call.tenant.ownersOf(id));
    const federatedIdentityCredentials = ({ id }: Application) =>
        call.tenant.federatedCredentials.inGroup(id).map((one) => omit(one, "applicationId"));
    return {
        set: "applications",
        type: "application",
        hidden: HIDDEN,
        expand: { owners: ownersOf, federatedIdentityCredentials },
        filterable: {
            id: ["eq"],
            appId: ["eq"],
            applicationTemplateId: ["eq"],
            createdDateTime: ["eq", "ge", "le"],
            description: ["advanced", "eq", "startswith"],
            disabledByMicrosoftStatus: ["eq"],
            displayName: ["eq", "startswith"],
            federatedIdentityCredentials: ["advanced", "any"],
            "federatedIdentityCredentials/$count": ["count"],
            identifierUris: ["any"],
            keyCredentials: ["any"],
            notes: ["advanced", "eq", "startswith"],
            "publicClient/redirectUris": ["advanced", "any"],
            publisherDomain: ["eq", "startswith"],
            requiredResourceAccess: ["advanced", "any"],
            "requiredResourceAccess/resourceAppId": ["eq"],
            serviceManagementReference: ["advanced", "eq", "startswith"],
            signInAudience: ["eq", "startswith"],
            "spa/redirectUris": ["advanced", "any"],
            tags: ["any"],
            "tags/$count": ["count"],
            "identifierUris/$count": ["count"],
            uniqueName: ["eq", "startswith"],
            "owners/$count": ["count"],
            "web/homePageUrl": ["advanced", "eq"],
            "web/redirectUris": ["advanced", "any"],
        },
        searchable: ["displayName", "description", "createdDateTime"],
        orderableInAdvanced: ["displayName", "createdDateTime", "deletedDateTime"],
    };
}

export function getApplication(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const names = call.query.get("$select")?.toLowerCase().split(",") ?? [];
    const withKeys = names.some((name) => name.trim() === "keycredentials");
    const application = existingApplication(call, call.replica.behind("application"));
    return entityAnswer(call, kindFor(call), shownApplication(application, withKeys));
}

function listed(call: GraphCall): object[] {
    assertMayReadApplications(call);
    const { tenant } = call;
    const isFiltered = (name: string) => call.query.get("$filter")?.includes(name) === true;
    return tenant.applications.all(call.replica.listBehind("application")).map((one) => ({
        ...shownApplication(one),
        ...(isFiltered("owners") && { owners: tenant.ownersOf(one.id) }),
        ...(isFiltered("federated") && { federatedIdentityCredentials: tenant.federatedCredentials.inGroup(one.id) }),
    }));
}

export const listApplications = (call: GraphCall): Answer =>
    listAnswer(call, kindFor(call), { path: "/applications", objects: listed(call) });

export const countApplications = (call: GraphCall): Answer =>
    countAnswer(call, kindFor(call), { objects: listed(call) });

export function deltaOfApplications(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const { applications: history, deleted } = call.tenant;
    const show = (one: Application) => shownApplication(one);
    return deltaAnswer(call, { kind: kindFor(call), path: "/applications", history, deleted, show });
}

export function postApplication(call: GraphCall): Answer {
    return createdAnswer(call, call.body);
}

function createdAnswer(call: GraphCall, body: GraphCall["body"]): Answer {
    assertMayCreate(call);
    const now = new Date(call.tenant.now());
    return created(call, "applications", createdApplication(create(call, body, now), now));
}

function create(call: GraphCall, body: GraphCall["body"], now: Date): Application {
    const { tenant } = call;
    const { acceptMappedClaims } = (body["api"] ?? {}) as { acceptMappedClaims?: unknown };
    if (writesOnlyOwned(call) && acceptMappedClaims !== undefined && acceptMappedClaims !== null) throw denied();
    assertTypes(body);
    const { passwordCredentials, ...rest } = body;
    const base = blankApplication(randomUUID(), randomUUID(), now, tenant.verifiedDomains[0] ?? "");
    const application = changedApplication(tenant, { base, stored: undefined, body: rest, region: call.region });
    const secrets = (Array.isArray(passwordCredentials) ? passwordCredentials : []).slice(0, 1);
    const passwordsMade = secrets.map((one) => passwords.newPassword(call, one as object));
    const bound = references.boundIds({ ...call, body }, { name: "owners", types: OWNER_TYPES });
    const owners = new Set([...(writesOnlyOwned(call) ? [call.caller.objectId] : []), ...bound]);
    const stored = passwordsMade.map((one) => ({ ...one, secretText: null }));
    tenant.applications.put({ ...application, passwordCredentials: stored });
    tenant.setOwners(application.id, [...owners]);
    return { ...application, passwordCredentials: passwordsMade };
}

export function patchApplication(call: GraphCall): Answer {
    const stored = findApplication(call);
    const key = alternateKey(call.params["application"] ?? "", "uniqueName");
    if (!stored && key && call.headers["prefer"]?.includes("create-if-missing") === true) {
        return createdAnswer(call, { ...call.body, uniqueName: key.value });
    }
    // If the replica does not have the application yet, the answer is 404.
    existingApplication(call, call.replica.behind("application"));
    const before = writableApplication(call);
    const change = { base: before, stored: before, body: call.body, region: call.region };
    call.tenant.applications.put(changedApplication(call.tenant, change));
    return NO_CONTENT;
}

export function deleteApplication(call: GraphCall): Answer {
    const application = writableApplication(call);
    const { tenant } = call;
    tenant.applications.remove(application.id);
    tenant.deleted.put({ ...application, deletedDateTime: new Date(tenant.now()).toISOString() });
    // Entra deletes the service principal of the home tenant too.
    const servicePrincipal = tenant.servicePrincipalOf(application.appId);
    if (servicePrincipal) deleteServicePrincipal(tenant, servicePrincipal);
    return NO_CONTENT;
}

function ownersOf({ tenant }: GraphCall, { id }: Application, lagMs = 0): references.Relationship {
    return {
        name: "owners",
        types: OWNER_TYPES,
        path: `/applications/${id}`,
        ids: tenant.ownersOf(id, lagMs),
        set: (ids) => tenant.setOwners(id, ids),
    };
}

export function readOwners(call: GraphCall): references.Relationship {
    assertMayReadApplications(call);
    const application = existingApplication(call, call.replica.behind("application"));
    return ownersOf(call, application, call.replica.behind("owner"));
}

export function addOwner(call: GraphCall): Answer {
    const application = writableApplication(call);
    assertMayAddOwners(call);
    return references.addReference(call, ownersOf(call, application));
}

export const removeOwner = (call: GraphCall): Answer =>
    references.removeReference(call, ownersOf(call, writableApplication(call)));

function passwordsOf(call: GraphCall): passwords.HasPasswords {
    const application = writableApplication(call);
    const { passwordCredentials } = application;
    return {
        passwordCredentials,
        set: (next) => call.tenant.applications.put({ ...application, passwordCredentials: next }),
    };
}

/** An application needs no permission to roll its own keys. */
function keysOf(call: GraphCall): keyActions.HasKeys {
    const application = existingApplication(call);
    if (call.caller.appId !== application.appId) assertMayWrite(call, application.id);
    const { id, keyCredentials } = application;
    return {
        id,
        keyCredentials,
        set: (next) => {
            const changed = { ...application, keyCredentials: next };
            assertKeyLifetimes(call.tenant, changed, keyCredentials);
            call.tenant.applications.put(changed);
        },
    };
}

export const addKey = (call: GraphCall): Answer => keyActions.addKey(call, keysOf(call));
export const removeKey = (call: GraphCall): Answer => keyActions.removeKey(call, keysOf(call));
export const addPassword = (call: GraphCall): Answer => passwords.addPassword(call, passwordsOf(call));
export const removePassword = (call: GraphCall): Answer => passwords.removePassword(call, passwordsOf(call));
