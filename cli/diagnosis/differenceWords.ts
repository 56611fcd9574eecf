// Describes in words how an input differs, how `pulumi up` repairs it, and whether access is too wide. Each input of a
// RestorePortalApp or PortalTenantConsent that Entra stores has one row. Pure.
import type { ConsentInputs } from "../../provider/consent/rules/inputs";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED } from "../../provider/inputs/statusTexts";
import type { RestorePortalAppInputs } from "../../provider/portal/rules/inputs";
import { textOf } from "./check";

/** An input whose live value differs from the declared one. */
export interface Values {
    readonly live: unknown;
    readonly declared: unknown;
}

export interface Words {
    /** The input in words, such as `the web address`. */
    readonly label: string;
    /** The difference as a sentence, such as `the web address is not registered`. */
    readonly says: string;
    /** The action of `pulumi up`, such as `registers it`. */
    readonly up: string;
    /** Whether access is wider than declared. */
    readonly widened: boolean;
}

function words(label: string, says: string, up: string, widened = false): Words {
    return { label, says: `${label} ${says}`, up, widened };
}

type Row = (values: Values) => Words;
type Rows<Inputs> = { readonly [Key in keyof Inputs]?: Row };

const PORTAL_ROWS: Rows<RestorePortalAppInputs> = {
    applicationStatus: ({ live }) => applicationWords(textOf(live)),
    displayName: (values) => renamed("the display name", values),
    serviceManagementReference: (values) => renamed("the service management reference", values),
    signInAudience: ({ live, declared }) =>
        live === "AzureADMyOrg"
            ? words("the application", "lets only users of its own organization sign in", `sets ${textOf(declared)}`)
            : words("the application", `is open to ${textOf(live)}`, `sets ${textOf(declared)}`, true),
    applicationIdUri: () => words("the Application ID URI", "is missing", "adds it"),
    accessAsUserScope: ({ live }) =>
        words("the scope access_as_user", `is ${textOf(live)}`, live === "disabled" ? "enables it" : "adds it"),
    portalUrl: ({ live }) =>
        words("the web address", `is ${textOf(live)}`, "registers it on the platform Single-page application"),
    additionalPortalUrls: (values) =>
        words("additional web addresses", `are not registered: ${missing(values)}`, "registers them"),
    implicitGrant: () => words("implicit grant", "is on", "turns it off", true),
    certificate: ({ live }) =>
        words(
            "the certificate",
            `is ${textOf(live)}`,
            "registers it beside the other certificates, or fails if registerCertificate is false",
        ),
    retiredCertificates: ({ live }) =>
        words("replaced certificates", `are due for removal: ${textOf(live)}`, "removes them", true),
    requiredPermissions: (values) =>
        words("the API permissions", `lack ${missing(values)}`, "adds them to the application"),
    servicePrincipal: principalWords,
    grantedPermissions: grantWords,
    owners: (values) => words("the owners", `lack ${missing(values)}`, "adds them"),
};

const CONSENT_ROWS: Rows<ConsentInputs> = {
    status: ({ live }) =>
        words(
            "the customer's tenant",
            `is not ready: ${textOf(live)}`,
            'fails until signInAudience of the RestorePortalApp is "AzureADMultipleOrgs"',
        ),
    servicePrincipal: (values) => {
        const { label, says, up, widened } = principalWords(values);
        // Only `mode: "verify"` declares `present`. In this mode the deployment writes nothing, so an administrator of
        // the customer must act.
        const isByHand = values.declared === "present";
        const action = values.live === "disabled" ? "enable it" : "consent";
        return {
            label,
            says,
            up: isByHand ? `changes nothing: the customer's administrator must ${action} by hand` : up,
            widened,
        };
    },
    grantedPermissions: grantWords,
};

/** Returns `undefined` if Entra does not store the input. Then only the program can have changed it. */
export function portalWords(name: string, values: Values): Words | undefined {
    return (PORTAL_ROWS as Readonly<Record<string, Row | undefined>>)[name]?.(values);
}

/** The counterpart of `portalWords` for inputs of PortalTenantConsent. */
export function consentWords(name: string, values: Values): Words | undefined {
    return (CONSENT_ROWS as Readonly<Record<string, Row | undefined>>)[name]?.(values);
}

/** Adds to the text the sign-in errors that users get. */
export function withCodes(text: string, aadsts: readonly number[]): string {
    const codes = aadsts.map((code) => `AADSTS${code}`);
    // AADSTS50105 means that only assigned users can sign in.
    const who = aadsts.includes(50105) ? "all other users" : "users";
    return codes.length === 0 ? text : `${text}: ${who} get ${codes.join(" or ")}`;
}

function applicationWords(status: string): Words {
    const label = "the application";
    if (status === "disabled") return words(label, "is disabled", "enables it");
    if (status === "missing")
        return words(
            label,
            "is missing",
            "fails, because the program only adopts this application and cannot register it again",
        );
    const until = /^in the bin until (.*)$/.exec(status)?.[1];
    if (until !== undefined) {
        const up = "restores it if the program registered it or sets restoreDeleted: true; otherwise fails";
        return words(label, `is in deleted items until ${until}`, up);
    }
    return words(label, `is ${status}`, "reads it again");
}

function renamed(label: string, { live, declared }: Values): Words {
    return words(label, `is "${textOf(live)}"`, `changes it to "${textOf(declared)}"`);
}

function principalWords({ live, declared }: Values): Words {
    const label = "the service principal";
    const status = textOf(live);
    const isOpened = [ENABLED, ALL_USERS].includes(status) && declared === ASSIGNMENT_REQUIRED;
    if (isOpened) return words(label, "lets all users sign in, not only assigned ones", "requires assignment", true);
    const ups: Readonly<Record<string, string>> = {
        missing: "creates or restores it",
        disabled: "enables it",
        "not among enterprise applications": "lists it there",
        [ASSIGNMENT_REQUIRED]: "lets all users of the tenant sign in",
    };
    const says = status === ASSIGNMENT_REQUIRED ? "lets only assigned users sign in" : `is ${status}`;
    return words(label, says, ups[status] ?? `makes it ${textOf(declared)}`);
}

function grantWords(values: Values): Words {
    return words("admin consent", `to ${missing(values)} is missing`, "grants it for all users of the tenant");
}

/** Lists in a text the declared entries that Entra does not have. */
function missing({ live, declared }: Values): string {
    const has = Array.isArray(live) ? live : [];
    return textOf(Array.isArray(declared) ? declared.filter((one) => !has.includes(one)) : declared);
}
