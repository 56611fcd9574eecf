// Lets tests control the emulator, through methods and through routes under /_emulator/. The request log does not
// contain requests to these routes.
import { AUDIT_DEFAULTS, type AuditSettings } from "./auditLog/auditLog";
import { faultOfBody } from "./controlForms";
import type { Answer, DuplicateGrantStatus } from "./context";
import type { Fault } from "./faults";
import type { Lag } from "./replication";
import { userSessionToken, type UserSession } from "./signIn/userSession";
import type { TenantState } from "./tenant";
import { exportTenant, importTenant } from "./tenantState";
import { GRAPH_LIMITS, type Limits } from "./throttling";
import type { World } from "./world";

export class Control {
    constructor(private readonly world: World) {}

    /**
     * Makes reads return the directory as it was this many milliseconds ago. `lag` is one number for all kinds of
     * object, or one number per kind.
     */
    setLag(lag: number | Lag): void {
        this.world.replication.set(lag);
    }

    /** If `alternates` is true, two replicas answer in turn: one with the lag and one without. */
    setAlternatingReplicas(alternates: boolean): void {
        this.world.replication.alternate(alternates);
    }

    /** Sets the throttling limits. An omitted limit gets Graph's own value. */
    setLimits(limits: Partial<Limits>): void {
        this.world.throttling.limits = { ...GRAPH_LIMITS, ...limits };
    }

    /** Returns a copy of all tenants, for `restore`. */
    snapshot(): readonly TenantState[] {
        return [...this.world.tenants.values()].map((tenant) => copyOf(exportTenant(tenant)));
    }

    /** Restores the tenants in `states`. Every replica shows the restored objects at once. */
    restore(states: readonly TenantState[]): void {
        for (const state of states) {
            const settings = this.world.tenants.get(state.tenantId)?.auditLog.settings ?? AUDIT_DEFAULTS;
            const tenant = importTenant(copyOf(state), this.world.now);
            tenant.auditLog.settings = settings;
            this.world.tenants.set(state.tenantId, tenant);
        }
    }

    /** Makes a tenant unknown to Entra until `restore` brings it back. */
    removeTenant(tenantId: string): void {
        if (!this.world.tenants.delete(tenantId)) throw new Error(`the emulator has no tenant ${tenantId}`);
    }

    setLatency(ms: number): void {
        this.world.latencyMs = ms;
    }

    /**
     * Signs this user in without a page. `mfa` says whether multifactor authentication counts as completed. If `user`
     * is undefined, the sign-in page offers the accounts again.
     */
    signInAs(user: { readonly id: string } | undefined, { mfa = false }: { readonly mfa?: boolean } = {}): void {
        this.world.signedInUserId = user?.id;
        this.world.isMfaDone = mfa;
    }

    /** Sets the address from which users sign in. Conditional access compares it with named locations. */
    setClientAddress(address: string): void {
        this.world.clientAddress = address;
    }

    /** Trusts the certificate authority of an outside issuer of federated tokens. */
    trustCertificate(pem: string): void {
        this.world.trustedCertificates.push(pem);
    }

    /**
     * Sets the HTTP status with which Graph refuses a grant that already exists. Graph answers 400 now, and answered
     * 409 in 2021.
     */
    setDuplicateGrantStatus(status: DuplicateGrantStatus): void {
        this.world.duplicateGrantStatus = status;
    }

    /** Changes the settings of every tenant's audit log. An omitted setting returns to its default. */
    setAuditLog(settings: Partial<AuditSettings>): void {
        for (const { auditLog } of this.world.tenants.values()) auditLog.settings = { ...AUDIT_DEFAULTS, ...settings };
    }

    /** Returns an access token of a user who signed in to one of Microsoft's own applications. */
    userToken(session: UserSession): string {
        return userSessionToken(this.world, session);
    }

    addFault(fault: Fault): void {
        this.world.faults.add(fault);
    }

    clearFaults(): void {
        this.world.faults.clear();
    }

    /** Moves the tenants' clock forward, so that tokens and certificates expire. */
    advanceClock(ms: number): void {
        this.world.clockOffsetMs += ms;
    }

    clearRequests(): void {
        this.world.log.clear();
    }

    /**
     * Resets all settings of this class, and clears the faults and the request log. The tenants' objects and the
     * trusted certificates stay.
     */
    reset(): void {
        this.clearFaults();
        this.clearRequests();
        this.setLag(0);
        this.setAlternatingReplicas(false);
        this.world.throttling.reset();
        this.setLatency(0);
        this.setDuplicateGrantStatus(400);
        this.setAuditLog({});
        this.signInAs(undefined);
        this.setClientAddress("127.0.0.1");
        this.world.clockOffsetMs = 0;
    }
}

/** The copy and the original share the entries of the audit log, because entries never change. */
function copyOf({ auditLog = [], ...state }: TenantState): TenantState {
    return { ...structuredClone(state), auditLog };
}

export function answerControl(world: World, control: Control, method: string, path: string, body: unknown): Answer {
    const { ms, offsetMs, alternate, userId, status, mfa, address, pem } = (body ?? {}) as {
        ms?: number;
        offsetMs?: number;
        alternate?: boolean;
        userId?: string;
        status?: number;
        mfa?: boolean;
        address?: string;
        pem?: string;
    };
    const actions: Readonly<Record<string, () => unknown>> = {
        "GET requests": () => world.log.list(),
        "DELETE requests": () => control.clearRequests(),
        "POST faults": () => control.addFault(body ?? {}),
        "DELETE faults": () => control.clearFaults(),
        "PUT lag": () => control.setLag(ms ?? (body as Lag)),
        "PUT replicas": () => control.setAlternatingReplicas(alternate === true),
        "PUT limits": () => control.setLimits(body as Partial<Limits>),
        "PUT latency": () => control.setLatency(Number(ms)),
        "PUT clock": () => (world.clockOffsetMs = Number(offsetMs)),
        "PUT duplicateGrant": () => control.setDuplicateGrantStatus(status === 409 ? 409 : 400),
        "GET users": () => [...world.tenants.values()].flatMap(({ users }) => [...users.values()]),
        "PUT user": () => control.signInAs(userId === undefined ? undefined : { id: userId }, { mfa: mfa === true }),
        "PUT clientAddress": () => control.setClientAddress(address ?? "127.0.0.1"),
        "PUT auditLog": () => control.setAuditLog(body as Partial<AuditSettings>),
        "POST userToken": () => ({ token: control.userToken(body as UserSession) }),
        "POST trustedCertificates": () => control.trustCertificate(pem ?? ""),
        "POST reset": () => control.reset(),
    };
    const name = `${method} ${path.replace("/_emulator/", "")}`;
    const action = actions[name];
    if (!action)
        return { status: 404, body: { error: `unknown control: ${method} ${path}`, known: Object.keys(actions) } };
    const fault = faultOfBody(name, body);
    if (fault !== undefined) return { status: 400, body: { error: fault } };
    return { status: 200, body: action() ?? {} };
}
