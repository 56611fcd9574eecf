// Handles Graph's routes for federated identity credentials. A federated identity credential lets an application trust
// the tokens of an outside issuer. https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
import { randomUUID } from "node:crypto";

import { alternateKey } from "./alternateKey";
import { existingApplication, writableApplication } from "./applications";
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, GraphFault, notFound } from "./graphError";
import { omit } from "./omit";
import { entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayReadApplications } from "./permissions";
import type { StoredFederation } from "./tenant";

const KIND: Kind = {
    set: "federatedIdentityCredentials",
    type: "federatedIdentityCredential",
    filterable: { name: ["eq"], issuer: ["eq"], subject: ["eq"] },
};

const MAX_COUNT = 20;
const MAX_LENGTH = 600;
const WRITABLE = ["audiences", "description", "issuer", "subject"];

function shown(credential: StoredFederation): object {
    return omit(credential, "applicationId");
}

export function listFederatedCredentials(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const { id } = existingApplication(call, call.replica.behind("application"));
    const objects = call.tenant.federatedCredentials.inGroup(id, call.replica.behind("federatedCredential")).map(shown);
    const context = { ...KIND, set: `applications('${id}')/federatedIdentityCredentials` };
    return listAnswer(call, context, { path: `/applications/${id}/federatedIdentityCredentials`, objects });
}

export function getFederatedCredential(call: GraphCall): Answer {
    assertMayReadApplications(call);
    const { id } = existingApplication(call, call.replica.behind("application"));
    const found = existing(call, id, call.replica.behind("federatedCredential"));
    return entityAnswer(call, { ...KIND, set: `applications('${id}')/federatedIdentityCredentials` }, shown(found));
}

/** Finds a credential by its id, by `(name='...')`, or by its name alone. */
function find({ tenant, params }: GraphCall, applicationId: string, lagMs = 0): StoredFederation | undefined {
    const key = params["credential"] ?? "";
    const name = alternateKey(key, "name")?.value ?? key;
    const all = tenant.federatedCredentials.inGroup(applicationId, lagMs);
    return all.find((one) => one.id === key || one.name === name);
}

function existing(call: GraphCall, applicationId: string, lagMs = 0): StoredFederation {
    const found = find(call, applicationId, lagMs);
    if (found) return found;
    throw notFound(call.params["credential"] ?? "");
}

export function postFederatedCredential(call: GraphCall): Answer {
    const { id: applicationId } = writableApplication(call);
    return create(call, applicationId, call.body);
}

function create(call: GraphCall, applicationId: string, body: GraphCall["body"]): Answer {
    const { name, description = null, ...rest } = body;
    assertName(name);
    const blank = { id: randomUUID(), applicationId, name, description: null, audiences: [], issuer: "", subject: "" };
    const credential = changed(blank, { ...rest, description });
    const others = call.tenant.federatedCredentials.inGroup(applicationId);
    if (others.some((one) => one.name === name)) {
        const message = `FederatedIdentityCredential with name ${name} already exists.`;
        throw new GraphFault(409, "Request_MultipleObjectsWithSameKeyValue", message);
    }
    if (others.length >= MAX_COUNT) {
        throw badRequest(`Total count of federated identity credentials exceeded the limit of ${MAX_COUNT}.`, INVALID);
    }
    assertDistinct(credential, others);
    call.tenant.federatedCredentials.put(credential);
    return created(call, `applications('${applicationId}')/federatedIdentityCredentials`, shown(credential));
}

export function patchFederatedCredential(call: GraphCall): Answer {
    const { id: applicationId } = writableApplication(call);
    const name = alternateKey(call.params["credential"] ?? "", "name")?.value;
    const stored = find(call, applicationId);
    if (!stored && name !== undefined && call.headers["prefer"]?.includes("create-if-missing") === true) {
        return create(call, applicationId, { ...call.body, name });
    }
    const before = existing(call, applicationId);
    const { id, name: sentName, ...rest } = call.body;
    if ((id ?? before.id) !== before.id || (sentName ?? before.name) !== before.name)
        throw invalid("The name of a federated identity credential cannot be changed", "Name");
    const next = changed(before, rest);
    const others = call.tenant.federatedCredentials.inGroup(applicationId).filter((one) => one.id !== before.id);
    assertDistinct(next, others);
    call.tenant.federatedCredentials.put(next);
    return NO_CONTENT;
}

export function deleteFederatedCredential(call: GraphCall): Answer {
    const { id } = writableApplication(call);
    call.tenant.federatedCredentials.remove(existing(call, id).id);
    return NO_CONTENT;
}

const INVALID = "InvalidFederatedIdentityCredentialValue";

function invalid(message: string, parameter: string, value = "") {
    const suffix = `paramName: FederatedIdentityCredential.${parameter}, paramValue: ${value}, objectType: Microsoft.Online.DirectoryServices.Application`;
    return badRequest(`${message}. ${suffix}`, INVALID);
}

function assertName(name: unknown): asserts name is string {
    if (typeof name === "string" && /^[A-Za-z0-9][\w-]{2,119}$/.test(name)) return;
    throw invalid("The name must have 3 to 120 characters that are valid in a URL", "Name", String(name));
}

function changed(base: StoredFederation, body: GraphCall["body"]): StoredFederation {
    for (const name of Object.keys(body)) {
        if (!WRITABLE.includes(name) && !name.includes("@odata")) throw badRequest(`Invalid property '${name}'.`);
    }
    const next = { ...base, ...(body as Partial<StoredFederation>) };
    const { issuer, subject, audiences, description } = next;
    if (!isText(issuer) || !isUrl(issuer)) throw invalid("The issuer must be a URL", "Issuer", issuer);
    if (!isText(subject)) throw invalid("The subject must have 1 to 600 characters", "Subject", String(subject));
    const isOne = Array.isArray(audiences) && audiences.length === 1 && audiences.every(isText);
    if (!isOne) throw invalid("Exactly one audience is required", "Audiences", String(audiences));
    if (description !== null && (typeof description !== "string" || description.length > MAX_LENGTH))
        throw invalid("The description has more than 600 characters", "Description");
    return next;
}

function isText(value: unknown): value is string {
    return typeof value === "string" && value.length > 0 && value.length <= MAX_LENGTH;
}

function isUrl(issuer: string): boolean {
    return URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol);
}

function assertDistinct({ issuer, subject }: StoredFederation, others: readonly StoredFederation[]): void {
    if (!others.some((one) => one.issuer === issuer && one.subject === subject)) return;
    const message = `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist`;
    throw invalid(message, "Subject", subject);
}
