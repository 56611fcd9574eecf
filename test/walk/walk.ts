// Runs one walk. The walk carries out steps on a tenant and a deployment, and records which entries must still exist.
// The oracle then checks the tenant.
import type { TestTenant } from "../support/tenant/testTenant";
import { change, type HandChange, type Outcome } from "./hands";
import { complaints, entriesOf, losses, portalIn, thumbprintOf } from "./oracle";
import { argumentsOf, FIRST_PROGRAM, type Program } from "./program";
import { TROUBLES, type Moment, type Plan, type Step } from "./steps";

type Json = Record<string, unknown>;

/** Deploys with the hooks alone, or with the real engine. */
export interface Deployment {
    /** Runs `pulumi up` of a program with or without the portal. Throws if it fails. */
    up(args: Json | undefined): Promise<void>;
    /** Runs an `up` that is killed at a request. Returns `false` if the `up` ended before that request. */
    upKilledAt(moment: Moment, args: Json | undefined): Promise<boolean>;
    /** Checks that a preview shows no change and writes nothing. */
    expectUnchanged(args: Json | undefined): Promise<void>;
    /** Returns whether the stack's state contains the portal. */
    hasPortal(): Promise<boolean>;
}

export interface WalkOptions {
    readonly tenant: TestTenant;
    readonly deployment: Deployment;
    /** The application that the program adopts. `undefined`: the program registers one. */
    readonly existing: string | undefined;
    /** The program's certificates, in the form of the input `certificate`. */
    readonly certificates: readonly Json[];
    readonly keys: Parameters<typeof change>[3];
}

const ADOPTED_NAME = "Existing application";
/** Before replicas begin to lag, the clock advances by this time. So each replica has the earlier changes by hand. */
const REPLICATED_MS = 60_000;
const LAG_MS = 5_000;

export class Walk {
    /** The number of steps by kind. A step for which `take` returns `false` is not counted. */
    readonly done = new Map<Step["kind"], number>();
    private declared: Program = FIRST_PROGRAM;
    private isDeclared = true;
    /**
     * The entries of others on an application, by its `appId`. `doubtful` contains the entries whose existence is
     * uncertain.
     */
    private readonly foreign = new Map<string, Set<string>>();
    private readonly doubtful = new Set<string>();
    /** The indexes of the certificates that must still be registered. */
    private standing = new Set<number>();
    private name = ADOPTED_NAME;
    /** `true`: the last deployment ran without a fault or a kill, or there was none yet. */
    private isCalm = true;
    private isTagInDoubt = false;

    constructor(private readonly options: WalkOptions) {
        const { tenant, existing } = options;
        const { app } = portalIn(tenant, existing);
        if (existing !== undefined && app) this.foreign.set(existing, entriesOf(tenant, app));
    }

    async run({ isDeployed, additions, steps }: Plan): Promise<void> {
        const first: readonly Step[] = isDeployed ? [{ kind: "up" }] : [];
        const hands = additions.map((hand): Step => ({ kind: "hand", hand }));
        for (const step of [...first, ...hands, ...steps, ...LAST_STEPS]) {
            if (await this.take(step)) this.done.set(step.kind, (this.done.get(step.kind) ?? 0) + 1);
            const lost = losses(this.options.tenant, this.options.existing, this.foreign);
            if (lost.length > 0) throw new Error(`after ${JSON.stringify(step)}: ${lost.join("; ")}`);
        }
    }

    /** Returns `false` if the step cannot run now, or if the deployment ended before its kill. */
    private take(step: Step): Promise<boolean> {
        switch (step.kind) {
            case "program":
                return this.changeProgram(step.change);
            case "hand":
                return this.changeByHand(step.hand);
            case "fault":
                return this.upInTrouble(step);
            case "kill":
                return this.upKilled(step);
            case "up":
                return this.calmUp();
        }
    }

    private async changeProgram(to: Partial<Program> | "removed"): Promise<boolean> {
        if (to !== "removed") {
            this.declared = { ...this.declared, ...to };
            this.isDeclared = true;
            return true;
        }
        // A resource must not leave the program before its interrupted creation is finished. Otherwise no resource
        // would own the application.
        if (!this.isDeclared || !(await this.options.deployment.hasPortal())) return false;
        this.isDeclared = false;
        return true;
    }

    private async changeByHand(hand: HandChange): Promise<boolean> {
        const { tenant, existing, keys } = this.options;
        const { app, living } = portalIn(tenant, existing);
        if (!app || living === 0 || ("damage" in hand && !this.isBearable(hand.damage))) return false;
        this.note(app.appId, hand, await change(tenant, await tenant.application(app.appId), hand, keys));
        return true;
    }

    private note(appId: string, hand: HandChange, { added, doubtful, removed = () => false }: Outcome): void {
        const damage = "damage" in hand ? hand.damage : undefined;
        const foreign = this.foreign.get(appId) ?? new Set<string>();
        this.foreign.set(appId, foreign);
        if (doubtful !== undefined) this.doubtful.add(doubtful);
        // If an entry is doubtful, others may have created the service principal. The deploying identity is not allowed
        // to restore such a service principal, so the consent on it may be lost.
        const isConsentLost = damage === "application deleted" && this.doubtful.size > 0;
        const isConsent = (entry: string) => entry.startsWith("grant ");
        for (const entry of [...foreign].filter((one) => removed(one) || (isConsentLost && isConsent(one)))) {
            foreign.delete(entry);
            // If the service principal was deleted, a deployment may restore it. Entra then also restores the grant.
            if (isConsent(entry)) this.doubtful.add(entry);
        }
        if (added?.startsWith("name ") === true) this.name = added.slice("name ".length);
        else if (added !== undefined) foreign.add(added);
        if (damage === "tags of ours removed") this.isTagInDoubt = true;
        if (damage === "certificates removed" || damage === "application purged") this.standing.clear();
    }

    /** Returns whether a deployment can repair the damage without a decision of the owner. */
    private isBearable(damage: string): boolean {
        // Removed tags: an interrupted deployment needs its tag to continue. Changed assignment: after an interruption or
        // without the portal, the next deployment adopts again, which `servicePrincipal: "enabled"` then forbids.
        if (["tags of ours removed", "assignment turned"].includes(damage)) return this.isCalm && this.isDeclared;
        return !(damage === "application purged" && this.options.existing !== undefined);
    }

    private args(): Json | undefined {
        const { certificates, existing } = this.options;
        return this.isDeclared ? argumentsOf(this.declared, certificates, existing) : undefined;
    }

    private async upInTrouble({ trouble, ...where }: Extract<Step, { kind: "fault" }>): Promise<boolean> {
        const { control, identity } = this.controls();
        const fault = TROUBLES[trouble];
        if (fault === "lag") {
            control.advanceClock(REPLICATED_MS);
            control.setLag(LAG_MS);
            control.setAlternatingReplicas(true);
        } else {
            control.addFault({ ...where, ...fault, appId: identity });
        }
        this.begin();
        await this.options.deployment.up(this.args()).catch(() => undefined);
        this.calmTenant();
        return true;
    }

    private async upKilled({ skip, effect }: Moment): Promise<boolean> {
        this.begin();
        const wasKilled = await this.options.deployment.upKilledAt({ skip, effect }, this.args());
        this.calmTenant();
        return wasKilled;
    }

    private async calmUp(): Promise<boolean> {
        const { tenant, deployment, existing, certificates } = this.options;
        this.begin();
        await deployment.up(this.args());
        const { app, living } = portalIn(tenant, existing);
        const wrong =
            // The owner has deleted the application, and no program needs it any more.
            existing !== undefined && !this.isDeclared && living === 0
                ? []
                : complaints(tenant, {
                      program: this.isDeclared ? this.declared : undefined,
                      existing,
                      certificates: certificates.map(({ certificatePem }) => String(certificatePem)),
                      kept: new Set([...this.standing].map((index) => this.thumbprint(index))),
                      foreign: this.foreign.get(app?.appId ?? "") ?? new Set(),
                      doubtful: this.doubtful,
                      name: this.name,
                      isTagInDoubt: this.isTagInDoubt,
                  });
        if (wrong.length > 0) throw new Error(`after an undisturbed up: ${wrong.join("; ")}`);
        await deployment.expectUnchanged(this.args());
        if (this.isDeclared) this.standing.add(this.declared.certificate);
        this.isCalm = true;
        return true;
    }

    /** Forgets the certificates that the next deployment may remove, even if it does not finish. */
    private begin(): void {
        this.isCalm = false;
        if (!this.isDeclared) this.standing.clear();
        const { certificate, certificateOverlapDays } = this.declared;
        if (certificateOverlapDays === 0)
            this.standing = new Set([...this.standing].filter((one) => one === certificate));
    }

    private thumbprint(index: number): string {
        return thumbprintOf(String(this.options.certificates[index]?.["certificatePem"]));
    }

    private controls() {
        const { emulator } = this.options.tenant;
        return { control: emulator.control, identity: emulator.identity("deployer").clientId };
    }

    private calmTenant(): void {
        const { control } = this.controls();
        control.clearFaults();
        control.setLag(0);
        control.setAlternatingReplicas(false);
    }
}

/** Each walk ends with a complete deployment and the removal of the resource. */
const LAST_STEPS: readonly Step[] = [{ kind: "up" }, { kind: "program", change: "removed" }, { kind: "up" }];
