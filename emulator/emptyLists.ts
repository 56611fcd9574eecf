// Makes the routes of relationships for which the emulator's tenants have no objects. Their lists are empty.
import type { GraphCall, Route } from "./context";
import type { Find } from "./memberships";
import { listAnswer } from "./odata/collection";
import { assertMayReadApplications } from "./permissions";

/** The type of the objects in each list. */
const OF_APPLICATION = {
    appManagementPolicies: "appManagementPolicy",
    extensionProperties: "extensionProperty",
    tokenIssuancePolicies: "tokenIssuancePolicy",
    tokenLifetimePolicies: "tokenLifetimePolicy",
};
const OF_SERVICE_PRINCIPAL = {
    appManagementPolicies: "appManagementPolicy",
    claimsMappingPolicies: "claimsMappingPolicy",
    createdObjects: "directoryObject",
    delegatedPermissionClassifications: "delegatedPermissionClassification",
    endpoints: "endpoint",
    homeRealmDiscoveryPolicies: "homeRealmDiscoveryPolicy",
    tokenIssuancePolicies: "tokenIssuancePolicy",
    tokenLifetimePolicies: "tokenLifetimePolicy",
};

const LISTS = { applications: OF_APPLICATION, servicePrincipals: OF_SERVICE_PRINCIPAL };

export function emptyLists(collection: keyof typeof LISTS, key: string, find: Find): readonly Route[] {
    return Object.entries(LISTS[collection]).map(([name, type]): Route => {
        const answer = (call: GraphCall) => {
            assertMayReadApplications(call);
            const path = `/${collection}/${find(call).id}/${name}`;
            return listAnswer(call, { set: name, type }, { path, objects: [] });
        };
        return ["GET", `/${collection}/${key}/${name}`, answer];
    });
}
