// Makes the audit log entries about users, groups, members of groups, policies and named locations. These entries
// name the objects, but not the changed values.
import type { Change, Changes } from "./journal";
import { included, oneSided, target, type Draft, type Target } from "./record";

interface Kind {
    readonly noun: string;
    readonly type: string;
    readonly category: string;
    readonly service?: string;
}

const USER: Kind = { noun: "user", type: "User", category: "UserManagement" };
const GROUP: Kind = { noun: "group", type: "Group", category: "GroupManagement" };
const CONDITIONAL_ACCESS = { category: "Policy", type: "Policy", service: "Conditional Access" };
const POLICY: Kind = { ...CONDITIONAL_ACCESS, noun: "conditional access policy" };
const LOCATION: Kind = { ...CONDITIONAL_ACCESS, noun: "named location" };
const APP_POLICY: Kind = { noun: "policy", type: "Policy", category: "Policy" };

export function otherEntries(changes: Changes): Draft[] {
    return [
        ...changes.of("user").map((one) => entryOf(one, USER, { userPrincipalName: shown(one).userPrincipalName })),
        ...changes.of("group").map((one) => entryOf(one, GROUP)),
        ...changes.of("conditionalAccessPolicy").map((one) => entryOf(one, POLICY)),
        ...changes.of("namedLocation").map((one) => entryOf(one, LOCATION)),
        ...changes.of("appManagementPolicy").map((one) => entryOf(one, APP_POLICY)),
        ...changes.of("members").flatMap(memberEntries),
    ];
}

function shown<T>({ before, after }: Change<T>): T {
    return (after ?? before) as T;
}

function entryOf<T extends { readonly id: string; readonly displayName: string }>(
    change: Change<T>,
    { noun, type, category, service }: Kind,
    more: Partial<Target> = {},
): Draft {
    const operation = change.before === undefined ? "Add" : change.after === undefined ? "Delete" : "Update";
    const { id, displayName } = shown(change);
    const modifiedProperties = operation === "Update" ? included([]) : [];
    return {
        activity: `${operation} ${noun}`,
        operation,
        category,
        ...(service === undefined ? {} : { service }),
        targets: [target(type, id, { displayName, modifiedProperties, ...more })],
    };
}

function memberEntries({ before, after }: Change<{ readonly id: string; readonly ids: readonly string[] }>): Draft[] {
    const [olds, news] = [before?.ids ?? [], after?.ids ?? []];
    const groupId = (after ?? before)?.id ?? "";
    const entry = (id: string, isAdded: boolean): Draft => ({
        activity: isAdded ? "Add member to group" : "Remove member from group",
        operation: isAdded ? "Assign" : "Unassign",
        category: "GroupManagement",
        targets: [
            target("User", id, { modifiedProperties: [oneSided("Group.ObjectID", groupId, isAdded)] }),
            target("Group", groupId),
        ],
    });
    return [
        ...news.filter((one) => !olds.includes(one)).map((one) => entry(one, true)),
        ...olds.filter((one) => !news.includes(one)).map((one) => entry(one, false)),
    ];
}
