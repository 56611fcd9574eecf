// Names the actor of an audit log entry, and the client program. Pure.
import { plain } from "../../../provider/plainText";
import type { WhoCandidate } from "../model";
import type { Entry, Initiator } from "./entry";

export interface Actor extends Pick<WhoCandidate, "actor" | "client" | "kind"> {
    /** The actor in a sentence, such as `the application "Backup script"`. */
    readonly words: string;
}

/** Our own deploying identities in the tenant: the object ids of their service principals, in lower case. */
export type Deployers = ReadonlySet<string>;

/** The `User-Agent` of this provider. */
const OWN_AGENT = /^pulumi-restore-portal\b/;

export function actorOf(entry: Entry, deployers: Deployers): Actor {
    const { user, app } = entry.initiatedBy;
    if (user?.userPrincipalName || user?.id) return personOf(user, entry);
    const id = app?.servicePrincipalId?.toLowerCase();
    const name = plain(app?.displayName ?? "");
    if (id === undefined || MICROSOFT.has(name)) return microsoftOf(name);
    const actor = name === "" ? id : name;
    const client = clientOf(entry.userAgent, false);
    if (deployers.has(id)) return named({ kind: "deployment", actor, words: `our own deployment "${actor}"` }, client);
    return named({ kind: "application", actor, words: `the application "${actor}"` }, client);
}

/** `displayName` contains the name of the client program, not of the person. */
function personOf({ userPrincipalName, id, displayName }: NonNullable<Initiator["user"]>, { userAgent }: Entry): Actor {
    const actor = plain(userPrincipalName || `the user with the object id ${id ?? ""}`);
    return named({ kind: "user", actor, words: actor }, displayName ? plain(displayName) : clientOf(userAgent, true));
}

function microsoftOf(name: string): Actor {
    if (name === "") return { kind: "service", actor: "Microsoft", words: "Microsoft (the entry names nobody)" };
    return { kind: "service", actor: name, words: `Microsoft's ${name}` };
}

function named(actor: Actor, client: string | undefined): Actor {
    return client === undefined ? actor : { ...actor, client, words: `${actor.words} (${client})` };
}

/**
 * Microsoft's own services, which Entra can name as actors:
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/unknown-actors-in-audit-reports
 */
const MICROSOFT = new Set([
    "AAD App Management",
    "MAPG",
    "Managed Service Identity",
    "Microsoft Azure AD Internal - Jit Provisioning",
    "Microsoft Online Services",
    "Microsoft Online Services Garbage Collector",
    "Microsoft Substrate Management",
    "Office 365 SharePoint Online",
    "Windows Azure Service Management API",
]);

/** The User-Agent of PowerShell also begins with Mozilla, so `clientOf` tries this list before it tries browsers. */
const CLIENTS: readonly (readonly [RegExp, string])[] = [
    [OWN_AGENT, "pulumi-restore-portal"],
    [/PowerShell\//i, "PowerShell"],
    [/AZURECLI\//i, "Azure CLI"],
    [/^EvoSTS/i, "consent page"],
    [/^O365AdminPortal/i, "Microsoft 365 admin center"],
    [/Terraform/i, "Terraform"],
];

function clientOf(userAgent: string | undefined, isUser: boolean): string | undefined {
    if (userAgent === undefined || userAgent.trim() === "") return undefined;
    const known = CLIENTS.find(([pattern]) => pattern.test(userAgent))?.[1];
    if (known !== undefined) return known;
    if (/^Mozilla\//i.test(userAgent)) return isUser ? "Azure portal" : undefined;
    // The name and version of the program, such as `python-requests/2.31`.
    const [product = ""] = userAgent.trim().split(/\s/);
    return plain(product.slice(0, 60));
}
