// Handles Graph's routes for named locations. https://learn.microsoft.com/graph/api/resources/namedlocation
import { randomUUID } from "node:crypto";
import { isIP } from "node:net";

import { isoTicks } from "../blankObjects";
import { created, NO_CONTENT, type Answer, type GraphCall } from "../context";
import { badRequest, notFound } from "../graphError";
import { omit } from "../omit";
import { entityAnswer, listAnswer, type Kind } from "../odata/collection";
import { assertMayReadConditionalAccess, assertMayWriteConditionalAccess } from "../permissions";
import type { NamedLocation } from "./types";

const KIND: Kind = {
    set: "identity/conditionalAccess/namedLocations",
    type: "namedLocation",
    filterable: { id: ["eq"], displayName: ["eq", "startswith"] },
};

const IP = "#microsoft.graph.ipNamedLocation";
const COUNTRY = "#microsoft.graph.countryNamedLocation";

function existing({ tenant, params }: GraphCall): NamedLocation {
    const id = params["location"] ?? "";
    const found = tenant.namedLocations.get(id);
    if (found) return found;
    throw notFound(id);
}

export function listNamedLocations(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    const objects = [...call.tenant.namedLocations.values()];
    return listAnswer(call, KIND, { path: "/identity/conditionalAccess/namedLocations", objects });
}

export function getNamedLocation(call: GraphCall): Answer {
    assertMayReadConditionalAccess(call);
    return entityAnswer(call, KIND, existing(call));
}

export function postNamedLocation(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    const now = isoTicks(new Date(call.tenant.now()));
    const location = checked({ ...call.body, id: randomUUID(), createdDateTime: now, modifiedDateTime: now });
    call.tenant.namedLocations.set(location.id, location);
    return created(call, KIND.set, location);
}

export function patchNamedLocation(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    const before = existing(call);
    const body = omit(call.body, "id");
    const modifiedDateTime = isoTicks(new Date(call.tenant.now()));
    call.tenant.namedLocations.set(before.id, checked({ ...before, ...body, modifiedDateTime }));
    return NO_CONTENT;
}

/** Entra refuses to delete a location that a policy uses. */
export function deleteNamedLocation(call: GraphCall): Answer {
    assertMayWriteConditionalAccess(call);
    const { id } = existing(call);
    const isUsed = [...call.tenant.conditionalAccessPolicies.values()].some(({ conditions: { locations } }) =>
        [...(locations?.includeLocations ?? []), ...(locations?.excludeLocations ?? [])].includes(id),
    );
    if (isUsed) throw badRequest(`1066: Named location ${id} is referenced by a policy.`, "BadRequest");
    call.tenant.namedLocations.delete(id);
    return NO_CONTENT;
}

function checked(location: Readonly<Record<string, unknown>>): NamedLocation {
    const { displayName, ipRanges, countriesAndRegions } = location;
    const type = location["@odata.type"];
    if (typeof displayName !== "string" || displayName === "")
        throw badRequest("1067: The display name of the named location is missing.", "BadRequest");
    if (type === IP) {
        const isRight = Array.isArray(ipRanges) && ipRanges.length > 0 && ipRanges.every(isRange);
        if (!isRight) throw badRequest("1068: The IP ranges of the named location are invalid.", "BadRequest");
        return { isTrusted: false, ...(location as unknown as NamedLocation) };
    }
    if (type !== COUNTRY) throw badRequest("1069: The type of the named location is missing.", "BadRequest");
    const isCountries = Array.isArray(countriesAndRegions) && countriesAndRegions.length > 0;
    if (!isCountries) throw badRequest("1070: The countries of the named location are missing.", "BadRequest");
    const blank = { countryLookupMethod: "clientIpAddress", includeUnknownCountriesAndRegions: false };
    return { ...blank, ...(location as unknown as NamedLocation) };
}

function isRange(range: unknown): boolean {
    const { cidrAddress } = (range ?? {}) as { cidrAddress?: unknown };
    const [, address = "", bits = ""] = /^([\da-f.:]+)\/(\d+)$/i.exec(String(cidrAddress)) ?? [];
    const version = isIP(address);
    return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}
