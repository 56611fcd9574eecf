// Reads an application for `pulumi import`, without writing to Entra. The resource adopts the application. The
// generated program names the application, its web address, and its port if that is not 4443.
import { clock } from "../entra/clock";
import { observe } from "../entra/directory";
import { readObject } from "../entra/directoryObjects";
import type { Live, LiveApplication } from "../entra/live";
import { applicationObjectPath } from "../entra/paths";
import { openSession, type Session } from "../entra/session";
import { examineUrl, portOf } from "../inputs/portalUrl";
import { GUID } from "../inputs/rawInputs";
import { warn } from "../log";
import { PortalError } from "../portalError";
import type { ExistingObject } from "../pulumi/hooks";
import { checkPortal } from "./check";
import { liveInputs } from "./rules/drift";
import { observeOptions, type RestorePortalAppInputs } from "./rules/inputs";
import { findScope } from "./rules/live";
import { initialManaged } from "./rules/registration";
import { outputsFrom, type PortalState } from "./rules/state";

const DEFAULT_PORT = 4443;

/** `id`: the Application ID or the object id of the application. */
export async function readExistingPortal({ id, identity, settings }: ExistingObject) {
    if (!GUID.test(id)) throw notFound(`"${id}" is not a GUID; give the Application (client) ID`);
    const session = await openSession({ region: "Worldwide", ...settings });
    const first = (await observe(session, id)) ?? (await observeObject(session, id));
    if (first === undefined)
        throw notFound(
            `tenant ${session.tenantId} has no application with the id ${id}; give the Application (client) ID of an application in this tenant`,
        );
    const applicationId = first.application.appId;
    const inputs = await desiredInputs(first, { ...settings, identity, applicationId });
    const live = (await observe(session, applicationId, observeOptions(inputs))) ?? first;
    return { id: applicationId, ...stateOf(session, inputs, live) };
}

async function observeObject(session: Session, objectId: string): Promise<Live | undefined> {
    const object = await readObject(session, applicationObjectPath(objectId), ["id", "appId"]);
    return typeof object?.["appId"] === "string" ? observe(session, object["appId"]) : undefined;
}

/** Returns the inputs that `check` makes from the generated program. */
async function desiredInputs(
    live: Live,
    given: { readonly identity: string; readonly applicationId: string },
): Promise<RestorePortalAppInputs> {
    const portalUrl = webAddressOf(live);
    const port = portOf(portalUrl);
    const program = { ...given, portalUrl, ...(port === DEFAULT_PORT ? {} : { restApiPort: port }) };
    const { inputs, failures } = await checkPortal({}, program);
    if (failures.length === 0) return inputs;
    const reasons = failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `importing application ${given.applicationId}: ${reasons.join("; ")}`,
    );
}

/** Returns the redirect URIs that may be the web address of a Restore Portal, as a program writes them. */
export function webAddressesOf({ spa }: Pick<LiveApplication, "spa">): string[] {
    return spa.redirectUris
        .map((uri) => uri.replace(/\/$/, ""))
        .map((uri) => (/^https:\/\/[^/?#:]+$/.test(uri) ? `${uri}:443` : uri))
        .filter((uri) => examineUrl(uri).refusals.length === 0);
}

/** Prefers a redirect URI with the default port, because another single-page application may share the registration. */
function webAddressOf({ application }: Live): string {
    const addresses = webAddressesOf(application);
    const portalUrl = addresses.find((uri) => portOf(uri) === DEFAULT_PORT) ?? addresses[0];
    if (portalUrl === undefined) {
        throw new PortalError(
            "ERR_APPLICATION_CONFLICT",
            `importing application ${application.appId}: it has no web address of a Restore Portal (a redirect URI on the platform Single-page application, such as https://portal.abc.com:4443); declare it with applicationId and portalUrl instead, and "pulumi up" adds the address`,
        );
    }
    const others = addresses.filter((uri) => uri !== portalUrl);
    if (others.length > 0) {
        warn(
            `application ${application.appId} has further redirect URIs, which are left alone: ${others.join(", ")}; if the portal uses them, add them to additionalPortalUrls`,
        );
    }
    return portalUrl;
}

function stateOf(session: Session, desired: RestorePortalAppInputs, live: Live) {
    const managed = initialManaged(desired, findScope(live.application)?.id);
    const observation = { live, managed, before: undefined, retiring: [], now: clock.now() };
    const inputs = liveInputs(desired, observation);
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    const props: PortalState = outputsFrom(home, { inputs, desired, live, managed, retiring: [], isNew: "imported" });
    return { inputs, props };
}

function notFound(reason: string): PortalError {
    return new PortalError("ERR_APPLICATION_NOT_FOUND", `importing a RestorePortalApp: ${reason}`);
}
