// The resource: the Entra application of a Restore Portal. Hooks in the order check, diff, create, read, update, delete.
import * as pulumi from "@pulumi/pulumi";

import type { RestorePortalAppInputs, SignInAudience } from "./portal/rules/inputs";
import type { RetiringCertificate } from "./portal/rules/drift";
import { replacedBy } from "./portal/rules/replacement";
import {
    inputsOf,
    outputsFrom,
    retiringCertificates,
    type PortalState,
    type RegisteredCertificate,
} from "./portal/rules/state";
import { checkPortal } from "./portal/check";
import { HalfDone, IdentifiedResource, type Hooks } from "./pulumi/dynamicResource";
import { assertSameTenant } from "./entra/credentials";
import { clock } from "./entra/clock";
import { openSession, type Session } from "./entra/session";
import { registerOrAdopt } from "./portal/register";
import { readPortal } from "./portal/read";
import { noteRead, remindToRefresh } from "./pulumi/refreshed";
import { releasePortal } from "./portal/release";
import type { Reconciled } from "./portal/reconcile";
import { updatePortal } from "./portal/update";

/** The certificate that Restore Portal proves itself with; `certificate.certificate` of a PortalCertificate fits. */
export interface PortalCertificateReference {
    /** The public certificate, PEM: RSA, 2048 bits or more, within its dates. */
    certificatePem: pulumi.Input<string>;
    /** PortalCertificate's id; part of what finds a new application again after a broken deployment. */
    id?: pulumi.Input<string> | undefined;
    /** Description of the credential in Entra. */
    name?: pulumi.Input<string> | undefined;
    thumbprint?: pulumi.Input<string> | undefined;
    thumbprintSha256?: pulumi.Input<string> | undefined;
    notBefore?: pulumi.Input<string> | undefined;
    notAfter?: pulumi.Input<string> | undefined;
}

/** What the wizard "Configure Microsoft Entra Application" asks for, and what it leaves to hand work. */
export interface RestorePortalAppArgs {
    /**
     * Microsoft Entra region, in VB365's words: `Worldwide` (default), `China`, `USGovernment`, `USDefence`. An
     * application lives in one region: a change needs another `applicationId` and replaces the resource.
     */
    region?: pulumi.Input<"Worldwide" | "China" | "USGovernment" | "USDefence"> | undefined;
    /** The organization's tenant: GUID or verified domain. Default: the tenant of the credentials. A change replaces. */
    tenantId?: pulumi.Input<string> | undefined;
    /** Which credentials of the environment: `CHINA` reads `CHINA_AZURE_CLIENT_ID` and so on. Default: `AZURE_*`, `ARM_*`. */
    credentials?: pulumi.Input<string> | undefined;
    /** Application (client) ID of an existing application to configure. Exactly one of it and `displayName`. A change replaces. */
    applicationId?: pulumi.Input<string> | undefined;
    /** Name of a new application to register, 120 characters at most. A change renames it. */
    displayName?: pulumi.Input<string> | undefined;
    /** Needed for a new application; left out for an existing one, its certificates are left alone. A change rotates with overlap. */
    certificate?: pulumi.Input<PortalCertificateReference> | undefined;
    /** `false`: only verify that the certificate is registered, as the wizard demands for existing ones. Default `true`. */
    registerCertificate?: pulumi.Input<boolean> | undefined;
    /** Days that a replaced certificate of ours stays registered. Default: until it ends, since VB365 may still use it. */
    certificateOverlapDays?: pulumi.Input<number> | undefined;
    /** Restore Portal web address, `https://<DNS name or public IPv4>:<port>`; the port is always written. */
    portalUrl: pulumi.Input<string>;
    /** Port of VB365's REST API settings, which `portalUrl` must have. Default 4443. */
    restApiPort?: pulumi.Input<number> | undefined;
    /** Further web addresses to register; the wizard takes one only. Default none. */
    additionalPortalUrls?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /**
     * Who may sign in: `AzureADMyOrg` (default of a new application) or `AzureADMultipleOrgs` (service providers). Left
     * out for an existing application, its audience is left alone.
     */
    signInAudience?: pulumi.Input<SignInAudience> | undefined;
    /** Grant `User.Read` and `access_as_user` for the whole organization. Default `true`; `false` leaves consent alone. */
    adminConsent?: pulumi.Input<boolean> | undefined;
    /** Object ids of owners to add; owners are never removed. */
    owners?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /** Reference into a service or asset management database; some tenants demand it. */
    serviceManagementReference?: pulumi.Input<string> | undefined;
    /** Restore an `applicationId` that lies in Entra's 30-day bin. Default `false`: that is an error. */
    restoreDeleted?: pulumi.Input<boolean> | undefined;
    /** `assignment required`: only users assigned to the enterprise application may sign in. Default `enabled`: all users. */
    servicePrincipal?: pulumi.Input<"enabled" | "assignment required"> | undefined;
}

/** The Microsoft Entra application of a Restore Portal, kept as declared. */
export class RestorePortalApp extends IdentifiedResource {
    /** Application (client) ID: what VB365 calls "Application ID". */
    declare public readonly applicationId: pulumi.Output<string>;
    /** Object id of the application. */
    declare public readonly objectId: pulumi.Output<string>;
    /** The tenant, as GUID. */
    declare public readonly tenantId: pulumi.Output<string>;
    /** Object id of the service principal (enterprise application). */
    declare public readonly servicePrincipalId: pulumi.Output<string>;
    declare public readonly region: pulumi.Output<string>;
    declare public readonly portalUrl: pulumi.Output<string>;
    declare public readonly signInAudience: pulumi.Output<string | undefined>;
    /** URL at which users of the tenant sign in. */
    declare public readonly authority: pulumi.Output<string>;
    /** The scope that the portal's page asks for: `api://<applicationId>/access_as_user`. */
    declare public readonly apiScope: pulumi.Output<string>;
    /** Page on which an administrator consents by hand. */
    declare public readonly consentUrl: pulumi.Output<string>;
    /** All certificates on the application, ours and others'. */
    declare public readonly certificates: pulumi.Output<RegisteredCertificate[]>;

    constructor(name: string, args: RestorePortalAppArgs, options: pulumi.CustomResourceOptions = {}) {
        const type = "restorePortal:RestorePortalApp";
        super("restorePortalApp", type, name, { args, outputs: COMPUTED_OUTPUTS }, options);
    }
}

const COMPUTED_OUTPUTS = [
    "applicationId",
    "objectId",
    "tenantId",
    "servicePrincipalId",
    "authority",
    "apiScope",
    "consentUrl",
    "certificates",
    "managed",
    "region",
    "signInAudience",
];

export const restorePortalAppHooks: Hooks = {
    check: checkPortal,

    diff: (_id, olds, news) => {
        const state = olds as unknown as PortalState;
        assertSameTenant(state.tenantId, state.credentials);
        remindToRefresh();
        // Inputs that differ are named by the engine itself, with both values; only replacements are ours to say.
        return Promise.resolve({ replaces: replacedBy(state, news) });
    },

    create: async (news) => {
        const inputs = news as unknown as RestorePortalAppInputs;
        const session = await openSession(inputs);
        const job = { session, inputs, asked: inputs, retiring: [] };
        const { id, outs } = await keepingProgress(job, (progress) => registerOrAdopt(session, inputs, progress));
        return { id, outs };
    },

    read: async (id, props) => {
        noteRead();
        const state = props as unknown as PortalState;
        return readPortal(() => openSession(state), id, state);
    },

    update: async (_id, olds, news) => {
        const state = olds as unknown as PortalState;
        const inputs = news as unknown as RestorePortalAppInputs;
        const session = await openSession({ ...inputs, tenantId: state.tenantId });
        const retiring = retiringCertificates(state, inputs, clock.now());
        const job = { session, inputs, asked: inputsOf(state), retiring };
        const { outs } = await keepingProgress(job, (progress) =>
            updatePortal({ session, state, inputs, retiring, progress }),
        );
        return { outs };
    },

    delete: async (_id, props) => {
        const state = props as unknown as PortalState;
        const session = await openSession(state);
        await releasePortal(session, state);
    },
};

interface Job {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    /** What state keeps as asked for when the job fails half-way. */
    readonly asked: RestorePortalAppInputs;
    readonly retiring: readonly RetiringCertificate[];
}

/** Runs a job that writes. If it fails after its application was found or made, the engine is told what was reached. */
async function keepingProgress(
    { session, inputs, asked, retiring }: Job,
    run: (progress: (state: Reconciled) => void) => Promise<Reconciled>,
): Promise<{ id: string; outs: PortalState }> {
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    let reached: Reconciled | undefined;
    try {
        const done = await run((state) => (reached = state));
        return { id: done.live.application.appId, outs: outputsFrom(home, inputs, done, retiring) };
    } catch (error) {
        if (reached === undefined) throw error;
        throw new HalfDone(reached.live.application.appId, outputsFrom(home, asked, reached, retiring), error);
    }
}
