// Defines which properties of a group a client may write, and shows a group with every property that Graph returns.
// https://learn.microsoft.com/graph/api/resources/group
import { randomUUID } from "node:crypto";

import { isoSeconds } from "./blankObjects";
import type { GraphCall } from "./context";
import { badRequest, invalidValue } from "./graphError";
import type { Group } from "./graphTypes";

export function blankGroup(now: Date): Group {
    return {
        createdDateTime: isoSeconds(now),
        deletedDateTime: null,
        description: null,
        displayName: "",
        groupTypes: [],
        id: randomUUID(),
        isAssignableToRole: null,
        mail: null,
        mailEnabled: false,
        mailNickname: "",
        membershipRule: null,
        membershipRuleProcessingState: null,
        securityEnabled: true,
        visibility: null,
    };
}

/**
 * The values that Graph returns for properties that no client has set. Most of these properties belong to other
 * services.
 */
const UNSET = {
    classification: null,
    creationOptions: [],
    expirationDateTime: null,
    onPremisesDomainName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesNetBiosName: null,
    onPremisesProvisioningErrors: [],
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    serviceProvisioningErrors: [],
    theme: null,
    uniqueName: null,
};
/** Only the beta version returns this property. */
const UNSET_IN_BETA = { writebackConfiguration: { isEnabled: null, onPremisesGroupType: null } };

export function shownGroup({ graphUrl }: Pick<GraphCall, "graphUrl">, group: Group): object {
    const { writebackConfiguration, ...stored } = group;
    const beta = { ...UNSET_IN_BETA, ...(writebackConfiguration && { writebackConfiguration }) };
    return {
        ...UNSET,
        renewedDateTime: group.createdDateTime,
        ...stored,
        ...(graphUrl.endsWith("/beta") ? beta : {}),
    };
}

type IsRight = (value: unknown) => boolean;

const isText: IsRight = (value) => value === null || typeof value === "string";
const isTexts: IsRight = (value) => Array.isArray(value) && value.every((one) => typeof one === "string");

const TYPES: Readonly<Record<string, IsRight>> = {
    classification: isText,
    description: (value) => value === null || (typeof value === "string" && value.length > 0 && value.length <= 1024),
    displayName: (value) => typeof value === "string" && value.length > 0 && value.length <= 256,
    groupTypes: (value) =>
        Array.isArray(value) && value.every((one) => ["Unified", "DynamicMembership"].includes(one as string)),
    isAssignableToRole: (value) => value === null || typeof value === "boolean",
    mailEnabled: (value) => typeof value === "boolean",
    mailNickname: (value) =>
        typeof value === "string" && /^[\x21-\x7e]{1,64}$/.test(value) && !/[@()\\[\]";:<>,]/.test(value),
    membershipRule: isText,
    membershipRuleProcessingState: (value) => value === null || value === "On" || value === "Paused",
    preferredDataLocation: isText,
    preferredLanguage: isText,
    resourceBehaviorOptions: isTexts,
    resourceProvisioningOptions: isTexts,
    securityEnabled: (value) => typeof value === "boolean",
    theme: isText,
    visibility: (value) => value === null || ["Private", "Public", "HiddenMembership"].includes(value as string),
    writebackConfiguration: (value) => value === null || (typeof value === "object" && !Array.isArray(value)),
};

export function changedGroup(base: Group, body: GraphCall["body"]): Group {
    const sent = Object.entries(body).filter(
        ([name, value]) => !name.includes("@odata") && !(name === "id" && value === base.id),
    );
    for (const [name, value] of sent) {
        const isRight = TYPES[name];
        if (!isRight) throw badRequest(`Invalid property '${name}'.`);
        if (!isRight(value)) throw invalidValue(name, "Group");
    }
    const next = { ...base, ...(Object.fromEntries(sent) as Partial<Group>) };
    if (next.mailEnabled && !next.groupTypes.includes("Unified"))
        throw badRequest(
            "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
        );
    if (!next.mailEnabled && !next.securityEnabled) throw invalidValue("securityEnabled", "Group");
    return next;
}
