// Checks the advice for a caller that lacks a permission. An application needs Graph permissions, a user needs a role.
import { callerOf, neededForConsent, withRemedy } from "../../provider/entra/callerPermissions";
import type { Session } from "../../provider/entra/session";
import { PortalError } from "../../provider/portalError";

const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const USER = { callerObjectId: "<user>", callerAppId: AZURE_CLI, permissions: undefined } as unknown as Session;
const APP = { callerObjectId: "<object>", callerAppId: "<app>", permissions: new Set() } as unknown as Session;

async function advised(session: Session, path: string): Promise<string> {
    const details = { status: 403, graphCode: "Authorization_RequestDenied" };
    const error = new PortalError("ERR_GRAPH_DENIED", `changing ${path}: 403`, details);
    return ((await withRemedy(error, session)) as PortalError).message;
}

test.each([
    [
        "an application",
        APP,
        "/applications",
        /make the deploying identity <app> an owner .* grant Application\.ReadWrite\.OwnedBy/,
    ],
    [
        "an application",
        APP,
        "/oauth2PermissionGrants",
        /grant DelegatedPermissionGrant\.ReadWrite\.All to the deploying identity <app>/,
    ],
    ["an application", APP, "(POST /v1.0/applications)", /; grant Application\.ReadWrite\.OwnedBy to the .* <app>$/],
    [
        "an application",
        APP,
        "(POST /v1.0/applications(appId='<id>')/owners/$ref)",
        /; grant Application\.ReadWrite\.All and Directory\.Read\.All to the deploying identity <app>$/,
    ],
    [
        "an application that adds an owner",
        APP,
        "(POST /v1.0/applications/x/owners/$ref)",
        /: 403; grant Application\.ReadWrite\.All and Directory\.Read\.All to the deploying identity <app>$/,
    ],
    ["a user who adds an owner", USER, "(POST /v1.0/applications/x/owners/$ref)", /; make the .* <user> an owner /],
    ["a user", USER, "(POST /v1.0/applications)", /; assign the directory role [\w ]+ to the signed-in user <user>$/],
    [
        "a user",
        USER,
        "/applications",
        /make the signed-in user <user> an owner .*, or assign the directory role Cloud Application Administrator/,
    ],
    [
        "a user",
        USER,
        "/oauth2PermissionGrants",
        /assign the directory role Cloud Application Administrator to the signed-in user <user>/,
    ],
])("%s gets the advice that it can follow: %#", async (_who, session, path, says) => {
    const message = await advised(session, path);
    expect(message).toMatch(says);
    expect(message).not.toContain(AZURE_CLI);
});

test("a refused release has no advice about adminConsent, because a release removes the grant in any case", async () => {
    const details = { status: 403, graphCode: "Authorization_RequestDenied" };
    const adviceOn = async (action: string) => {
        const error = new PortalError("ERR_GRAPH_DENIED", `${action} (/oauth2PermissionGrants): 403`, details);
        return ((await withRemedy(error, APP)) as PortalError).message;
    };
    expect(await adviceOn("granting User.Read")).toMatch(/ <app>, or set adminConsent to false$/);
    expect(await adviceOn("removing a grant of application x")).toMatch(/\.All to the deploying identity <app>$/);
});

test("for consent in a customer's tenant, a user needs the role", () => {
    expect(callerOf(USER)).toBe("the signed-in user <user>");
    expect(neededForConsent(USER)).toMatch(/<user> needs the directory role Cloud Application Administrator$/);
    expect(neededForConsent(APP)).toMatch(/<app> needs Application\.ReadWrite\.All and DelegatedPermission/);
});
