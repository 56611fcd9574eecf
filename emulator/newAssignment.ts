// Makes an app role assignment. As in Graph, its id contains the principal's id.
import { randomUUID } from "node:crypto";

import { isoTicks } from "./blankObjects";
import type { AppRoleAssignment } from "./graphTypes";
import { mixedEndian } from "./guids";

type Of = Pick<AppRoleAssignment, "principalId" | "principalType" | "resourceId" | "appRoleId">;

export function newAssignment(of: Of, now: Date): AppRoleAssignment {
    const id = Buffer.concat([of.principalId, randomUUID()].map(mixedEndian)).toString("base64url");
    return { ...of, id, createdDateTime: isoTicks(now), deletedDateTime: null };
}
