// A new assignment of an app role. Its id holds the principal's id, as Graph's does.
import { randomUUID } from "node:crypto";

import { isoTicks } from "./blankObjects";
import type { AppRoleAssignment } from "./graphTypes";
import { mixedEndian } from "./guids";

type Of = Pick<AppRoleAssignment, "principalId" | "principalType" | "resourceId" | "appRoleId">;

export function newAssignment(of: Of, now: Date): AppRoleAssignment {
    const id = Buffer.concat([of.principalId, randomUUID()].map(mixedEndian)).toString("base64url");
    return { ...of, id, createdDateTime: isoTicks(now), deletedDateTime: null };
}
