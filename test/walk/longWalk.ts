// Runs one long walk in one tenant. Two stacks share an adopted application. Two components have portals with the same
// name. Programs change, resources are renamed, Entra refuses requests or loses answers, processes are killed, and
// owners replace objects and change values. A seed decides every choice.
import { HookError, ProcessGone } from "../support/hooks/hooksProcess";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { acceptedWrites } from "../support/hooks/ownership";
import { thumbprintOf } from "./oracle";
import {
    applicationOf,
    assignmentSaid,
    isTagged,
    registered,
    servicePrincipalOf,
    unfulfilled,
    VALUES,
    valuesOf,
    type Portal,
    type Value,
    type Values,
} from "./estate";
import { doByHand } from "./byHand";
import { argumentsOf, newPortal, type Slot } from "./longProgram";
import { CHOICES, ESSENTIAL_WRITES, MOST_REQUESTS, POOL, REFUSALS, WRITES, type LongStep } from "./longSteps";
import { addInBetween, HANDS, OwnersRecord, REPLACEMENTS, type Hands } from "./owners";
import { Random } from "./random";

type Json = Record<string, unknown>;

export interface LongWalkOptions {
    readonly world: HooksTenant;
    readonly existing: string;
    readonly seed: number;
    readonly length: number;
    readonly certificates: readonly Json[];
}

export class LongWalk {
    readonly done = new Map<LongStep, number>();
    private readonly random: Random;
    private readonly slots: Slot[];
    private readonly records = new Map<string, OwnersRecord>();
    private readonly hands: Hands;
    private readonly thumbprints: string[];
    private readonly trail: string[] = [];
    private renames = 0;
    private wasKilled = false;
    /** The shuffled entries of `CHOICES` that the walk has not used since it shuffled them. */
    private dealt: LongStep[] = [];
    /** Steps that an earlier step has chosen to follow it. They come before the entries of `dealt`. */
    private next: { readonly step: LongStep; readonly slot: Slot }[] = [];

    constructor(private readonly options: LongWalkOptions) {
        const { world, existing, seed, certificates } = options;
        this.random = new Random(seed);
        const pems = certificates.map((one) => String(one["certificatePem"]));
        this.thumbprints = pems.map((pem) => thumbprintOf(pem));
        const keys = pems.map((pem, index) => ({
            key: pem.replace(/-----[^-]+-----|\s/g, ""),
            thumbprint: this.thumbprints[index] ?? "",
        }));
        this.hands = { tenant: world.tenant, random: this.random, pool: POOL, keys };
        this.records.set(existing, new OwnersRecord(world.tenant, existing, true));
        this.slots = [
            this.slot("stack one", "portals/one//portal", true),
            this.slot("stack two", "portals/two//portal", true),
            this.slot("gateway", "portals/dev/abc:index:Gateway/portal", false),
            this.slot("archive", "portals/dev/abc:index:Archive/portal", false),
        ];
    }

    private slot(name: string, identity: string, isAdopted: boolean): Slot {
        const stack = this.options.world.stack();
        const state = { isCalm: false, isUnfinished: false, said: new Map<Value, Set<unknown>>() };
        return {
            name,
            identity,
            stack,
            portal: newPortal(this.random, this.options.certificates.length),
            isAdopted,
            ...state,
        };
    }

    async run(): Promise<void> {
        const { length } = this.options;
        try {
            for (let step = 0; step < length; step++) {
                const next = this.next.shift() ?? this.choose();
                await this.take(next.step, next.slot);
            }
            for (const slot of this.slots) await this.destroyed(slot);
            const left = registered(this.tenant);
            if (left.length > 0) throw new Error(`${left.length} registered applications are left`);
        } catch (error) {
            const last = this.trail.slice(-25).join("\n  ");
            throw new Error(`step ${this.trail.length}: ${String(error)}\n  ${last}`, { cause: error });
        }
    }

    /** Uses each entry of `CHOICES` once before any entry comes again, so that a walk has enough steps of each kind. */
    private choose(): { readonly step: LongStep; readonly slot: Slot } {
        if (this.dealt.length === 0) this.dealt = this.random.shuffled(CHOICES);
        const step = this.dealt.pop() ?? "up";
        const slots = step === "cloned" ? this.slots.filter(({ isAdopted }) => !isAdopted) : this.slots;
        return { step, slot: this.random.of(slots) };
    }

    private get tenant() {
        return this.options.world.tenant;
    }

    private async take(step: LongStep, slot: Slot): Promise<void> {
        const [before, said] = [this.valuesOfAll(), this.allSaid()];
        const isDone = step === "hand" ? await this.hand() : await this[step](slot);
        if (!isDone) return;
        this.done.set(step, (this.done.get(step) ?? 0) + 1);
        this.expectNothingLost();
        if (step !== "hand") this.expectUnsaidLeft(before, new Set([...said, ...this.allSaid()]));
        this.expectNothingDoubled();
    }

    private say(text: string): void {
        this.trail.push(text);
    }

    private change(slot: Slot): void {
        // If a registration was interrupted before its state was saved, the provider may refuse a changed program,
        // because the application could belong to another resource.
        const isCutOff = slot.isUnfinished && slot.stack.state === undefined;
        if (this.random.chance(0.7) && !isCutOff) {
            const next = newPortal(this.random, this.options.certificates.length);
            const keys = this.random.some(Object.keys(next) as (keyof Portal)[]);
            const changed = Object.fromEntries(keys.map((key) => [key, next[key]]));
            slot.portal = { ...slot.portal, ...changed };
        }
        const said: [Value, unknown][] = [
            ["audience", slot.portal.audience],
            ["reference", slot.portal.reference],
            ["assignment", assignmentSaid(slot.portal, true)],
        ];
        for (const [value, text] of said) {
            if (text !== undefined) slot.said.set(value, (slot.said.get(value) ?? new Set()).add(text));
        }
    }

    // Steps and their helpers follow. A step returns `false` if it could not run, or if it killed or replaced nothing.

    private async up(slot: Slot): Promise<boolean> {
        this.change(slot);
        return this.calmUp(slot);
    }

    private async calmUp(slot: Slot): Promise<boolean> {
        const args = argumentsOf(this.options, slot);
        this.say(`${slot.name}: up ${JSON.stringify(slot.portal)}`);
        const reason = this.reasonToRefuse(slot);
        this.tenant.clearLog();
        const failure = await this.attempt(slot, args);
        if (failure !== undefined) {
            if (reason === undefined || !reason.test(failure.message)) throw failure;
            if (acceptedWrites(this.tenant).length > 0) throw new Error(`refused after a write: ${failure.message}`);
            this.say(`  refused before any write: ${failure.message.slice(0, 120)}`);
            return true;
        }
        this.finish(slot);
        await this.expectCalm(slot, args);
        this.expectOthersWhole();
        return true;
    }

    /** If `up` may refuse the program before any write, returns the pattern of the message. */
    private reasonToRefuse(slot: Slot): RegExp | undefined {
        const app = applicationOf(this.tenant, slot.stack.state?.id ?? (slot.isAdopted ? this.options.existing : ""));
        const elsewhere = [...(app?.web.redirectUris ?? []), ...(app?.publicClient.redirectUris ?? [])];
        if (slot.portal.urls.some((url) => elsewhere.includes(url))) return /platform (Web|Mobile and desktop)/;
        const isRequired = app && servicePrincipalOf(this.tenant, app.appId)?.appRoleAssignmentRequired === true;
        return isRequired === true && slot.portal.servicePrincipal === "enabled" && slot.isAdopted
            ? /Assignment required/
            : undefined;
    }

    private async attempt(slot: Slot, args: Json | undefined): Promise<HookError | undefined> {
        slot.stack.hooks = this.options.world.hooks;
        slot.isCalm = false;
        slot.isUnfinished = true;
        const error: unknown = await slot.stack.up(args).then(
            () => undefined,
            (failure: unknown) => failure,
        );
        this.noteApplications();
        if (error === undefined || error instanceof HookError) return error;
        throw error as Error;
    }

    private finish(slot: Slot): void {
        slot.isUnfinished = false;
        slot.isCalm = true;
        const missing = unfulfilled(
            this.tenant,
            slot.stack.state?.id ?? "",
            slot.portal,
            this.thumbprints,
            slot.isAdopted,
        );
        if (missing.length > 0) throw new Error(`after a successful up of ${slot.name}: ${missing.join("; ")}`);
    }

    private async expectCalm(slot: Slot, args: Json): Promise<void> {
        this.tenant.clearLog();
        await slot.stack.refresh();
        const { hook, named } = await slot.stack.preview(args);
        if (hook !== "none")
            throw new Error(`after a successful up of ${slot.name}, a preview shows ${named.join(", ")}`);
        if (this.tenant.writes().length > 0) throw new Error("a preview wrote to Entra");
    }

    private async refused(slot: Slot): Promise<boolean> {
        const write = this.random.of(WRITES);
        const refusal = this.random.of(REFUSALS);
        const count = this.random.chance(0.5) ? 1 : 99;
        const fault = { ...write, ...refusal, skip: this.random.number(2), count };
        return this.disturbed(slot, `${refusal.status} for ${write.method} ${write.path}`, fault);
    }

    /** Entra carries out a write, but its answer is lost: once, or at every attempt. */
    private async lost(slot: Slot): Promise<boolean> {
        const write = this.random.of(WRITES);
        const count = this.random.chance(0.5) ? 1 : 99;
        const fault = { ...write, status: 504, effect: "after" as const, skip: this.random.number(2), count };
        return this.disturbed(slot, `lost answer of ${write.method} ${write.path}`, fault);
    }

    private async disturbed(
        slot: Slot,
        what: string,
        fault: Parameters<HooksTenant["control"]["addFault"]>[0],
    ): Promise<boolean> {
        const isDestroy = slot.stack.state !== undefined && this.random.chance(0.25);
        if (!isDestroy) this.change(slot);
        this.say(`${slot.name}: ${isDestroy ? "destroy" : `up ${JSON.stringify(slot.portal)}`} with ${what}`);
        const { control, tenant } = this.options.world;
        control.addFault({ ...fault, appId: tenant.emulator.identity("deployer").clientId });
        const failure = await this.attempt(slot, isDestroy ? undefined : argumentsOf(this.options, slot));
        control.clearFaults();
        this.say(`  ${failure === undefined ? "green" : failure.message.slice(0, 160)}`);
        if (failure === undefined) {
            if (isDestroy) this.ended(slot);
            else this.finish(slot);
        }
        return true;
    }

    private async killed(slot: Slot): Promise<boolean> {
        const { world } = this.options;
        this.change(slot);
        const [skip, effect] = [this.random.number(MOST_REQUESTS), this.random.of(["before", "after"] as const)];
        this.say(`${slot.name}: up ${JSON.stringify(slot.portal)}, killed ${effect} request ${skip}`);
        slot.stack.hooks = world.hooks;
        slot.isCalm = false;
        slot.isUnfinished = true;
        this.wasKilled = false;
        const appId = this.tenant.emulator.identity("deployer").clientId;
        const meanwhile = async () => {
            this.wasKilled = true;
            await slot.stack.hooks.kill();
        };
        world.control.addFault({ level: "request", skip, effect, drop: true, appId, meanwhile });
        const error: unknown = await slot.stack.up(argumentsOf(this.options, slot)).then(
            () => undefined,
            (failure: unknown) => failure,
        );
        world.control.clearFaults();
        this.noteApplications();
        if (this.hasKilled()) {
            slot.stack.hooks = world.hooks = world.startHooks();
            if (!(error instanceof ProcessGone)) throw new Error(`the process was not killed: ${String(error)}`);
        } else if (error === undefined) this.finish(slot);
        return this.hasKilled();
    }

    /** TypeScript assumes that a field keeps its value during a call. A method avoids that assumption. */
    private hasKilled(): boolean {
        return this.wasKilled;
    }

    /** Somebody writes immediately before each of the deployment's first three batches. */
    private async raced(slot: Slot): Promise<boolean> {
        const record = this.records.get(slot.stack.state?.id ?? (slot.isAdopted ? this.options.existing : ""));
        if (record === undefined || applicationOf(this.tenant, record.appId) === undefined) return false;
        this.change(slot);
        this.say(`${slot.name}: up ${JSON.stringify(slot.portal)}, and somebody writes in between`);
        const appId = this.tenant.emulator.identity("deployer").clientId;
        const meanwhile = () => addInBetween(this.hands, record);
        const { control } = this.options.world;
        control.addFault({ level: "request", path: "/$batch", appId, count: 3, meanwhile });
        const failure = await this.attempt(slot, argumentsOf(this.options, slot));
        control.clearFaults();
        if (failure === undefined) this.finish(slot);
        else this.say(`  ${failure.message.slice(0, 160)}`);
        return true;
    }

    private async hand(): Promise<boolean> {
        const record = this.random.of([...this.records.values()]);
        const name = this.random.of(Object.keys(HANDS));
        if (applicationOf(this.tenant, record.appId) === undefined) return false;
        const isDone = await HANDS[name]?.(this.hands, record);
        if (isDone !== true) return false;
        this.say(`owner of ${record.appId.slice(0, 4)} ${name}`);
        this.touched(record);
        return true;
    }

    /** Entra refuses a write until the deployment ends. Then somebody makes some of the program's changes by hand. */
    private async byHand(slot: Slot): Promise<boolean> {
        // Half of the adopted portals are destroyed first and adopted again: at the refusal, no tag names our entries yet.
        if (slot.isAdopted && this.random.chance(0.5)) await this.destroyed(slot);
        const isFirst = slot.isAdopted && slot.stack.state === undefined;
        const write = isFirst ? ESSENTIAL_WRITES[0] : this.random.of(ESSENTIAL_WRITES);
        const [refusal = REFUSALS[0]] = this.random.some(REFUSALS);
        await this.disturbed(slot, `${refusal?.status ?? ""} for ${write.method} ${write.path}`, {
            ...write,
            ...refusal,
            count: 99,
        });
        const record = this.records.get(slot.stack.state?.id ?? (slot.isAdopted ? this.options.existing : ""));
        if (!slot.isUnfinished || record === undefined) return true;
        const made = await doByHand(this.hands, record, slot.portal);
        this.say(`owner of ${record.appId.slice(0, 4)} does by hand: ${made.join(", ")}`);
        this.touched(record);
        this.next = [{ step: this.random.of(["destroyed", "up", "renamed"] as const), slot }];
        if (this.random.chance(0.5)) this.next.push({ step: "destroyed", slot });
        return true;
    }

    /** The owner replaces some of our objects with their own. */
    private async replaced(slot: Slot): Promise<boolean> {
        const record = this.records.get(slot.stack.state?.id ?? "");
        if (record === undefined || applicationOf(this.tenant, record.appId) === undefined) return false;
        const names = this.random.some(Object.keys(REPLACEMENTS) as (keyof typeof REPLACEMENTS)[]);
        for (const name of names) await REPLACEMENTS[name](this.hands, record, slot.portal);
        this.say(`owner of ${record.appId.slice(0, 4)} ${names.join(", ")}`);
        this.touched(record);
        const steps = this.random.of([
            ["destroyed"],
            ["destroyed"],
            ["up", "destroyed"],
            ["renamed", "destroyed"],
        ] as const);
        this.next = steps.map((step) => ({ step, slot }));
        return names.length > 0;
    }

    private touched({ appId }: OwnersRecord): void {
        for (const slot of this.slots) if (slot.stack.state?.id === appId) slot.isCalm = false;
    }

    /** Renames the resource without an alias. The engine creates the new resource, then deletes the old one. */
    private async renamed(slot: Slot): Promise<boolean> {
        // An interrupted registration is not in state yet. After a rename, nobody could delete its application.
        if (slot.stack.state === undefined || this.reasonToRefuse(slot) !== undefined) return false;
        const old = slot.stack;
        slot.identity = `${slot.identity.replace(/-\d+$/, "")}-${++this.renames}`;
        slot.stack = this.options.world.stack();
        await this.calmUp(slot);
        const isSame = slot.stack.state?.id === old.state?.id;
        if (isSame !== slot.isAdopted)
            throw new Error(`${slot.name} has ${isSame ? "the same" : "another"} application after its rename`);
        old.hooks = this.options.world.hooks;
        await old.up(undefined);
        this.noteApplications();
        this.say(`${slot.name}: renamed to ${slot.identity}`);
        this.finish(slot);
        await this.expectCalm(slot, argumentsOf(this.options, slot));
        return true;
    }

    private async destroyed(slot: Slot): Promise<boolean> {
        if (slot.isUnfinished && slot.stack.state === undefined) {
            if (this.reasonToRefuse(slot) !== undefined) await this.clearPlatforms(slot);
            await this.calmUp(slot);
        }
        if (slot.stack.state === undefined) return false;
        this.say(`${slot.name}: destroy`);
        const before = valuesOf(this.tenant, slot.stack.state.id);
        const failure = await this.attempt(slot, undefined);
        if (failure) throw failure;
        this.expectGivenBack(slot, before);
        this.ended(slot);
        this.expectOthersWhole();
        return true;
    }

    private async clearPlatforms(slot: Slot): Promise<void> {
        const record = this.records.get(this.options.existing);
        if (record) await HANDS["removes the redirect URIs of Web and Mobile"]?.(this.hands, record);
        slot.portal = { ...slot.portal, servicePrincipal: undefined };
    }

    private ended(slot: Slot): void {
        slot.isUnfinished = false;
        slot.isCalm = false;
        slot.said.clear();
        const { existing } = this.options;
        const isHeld = this.slots.some((one) => one.isAdopted && (one.stack.state !== undefined || one.isUnfinished));
        if (!slot.isAdopted || isHeld) return;
        const record = this.records.get(existing);
        const left = record?.stranded() ?? [];
        if (left.length > 0) throw new Error(`the last release did not remove: ${left.join("; ")}`);
        if (isTagged(this.tenant, existing)) throw new Error("the last release did not remove a tag of ours");
        const values = valuesOf(this.tenant, existing);
        const strange = VALUES.filter((one) => values[one] !== undefined && !record?.hasHeld(one, values[one]));
        if (strange.length > 0) {
            throw new Error(`after the last release: ${strange.map((one) => `${one} ${String(values[one])}`).join()}`);
        }
    }

    /** Deploys the program again with another `displayName` and no state. The provider must refuse before any write. */
    private async cloned(slot: Slot): Promise<boolean> {
        if (slot.isAdopted || slot.isUnfinished || slot.stack.state === undefined) return false;
        const clone = this.options.world.stack();
        const args = { ...argumentsOf(this.options, slot), displayName: "Portal of a clone" };
        this.say(`${slot.name}: a clone with another name`);
        this.tenant.clearLog();
        const failure: unknown = await clone.up(args).then(
            () => undefined,
            (error: unknown) => error,
        );
        if (!(failure instanceof HookError)) throw new Error("a clone took the application");
        if (acceptedWrites(this.tenant).length > 0) throw new Error("a clone wrote to the application");
        return true;
    }

    // The following methods check the rules, or collect the values for these checks.

    private valuesOfAll(): Map<string, Values & { principal: string | undefined }> {
        const ids = [...this.records.keys()];
        return new Map(
            ids.map((id) => [id, { ...valuesOf(this.tenant, id), principal: servicePrincipalOf(this.tenant, id)?.id }]),
        );
    }

    private noteApplications(): void {
        for (const appId of registered(this.tenant)) {
            if (!this.records.has(appId)) this.records.set(appId, new OwnersRecord(this.tenant, appId, false));
        }
        for (const appId of this.records.keys())
            if (applicationOf(this.tenant, appId) === undefined) this.records.delete(appId);
        if (!this.records.has(this.options.existing)) throw new Error("the adopted application is gone");
    }

    private expectNothingLost(): void {
        for (const record of this.records.values()) {
            const lost = record.lost();
            if (lost.length > 0) throw new Error(`lost: ${lost.join("; ")}`);
        }
    }

    /** Values that no program sets must stay as they are. */
    private expectUnsaidLeft(before: ReturnType<LongWalk["valuesOfAll"]>, said: ReadonlySet<Value>): void {
        const { existing } = this.options;
        const [then, now] = [before.get(existing), valuesOf(this.tenant, existing)];
        if (then === undefined || then.principal !== servicePrincipalOf(this.tenant, existing)?.id) return;
        for (const value of ["audience", "reference", "assignment"] as const) {
            if (said.has(value) || now[value] === then[value]) continue;
            throw new Error(`${value} is now ${String(now[value])}, although no program sets it`);
        }
    }

    private allSaid(): Set<Value> {
        return new Set(this.slots.flatMap((one) => (one.isAdopted ? [...one.said.keys()] : [])));
    }

    /** A release must not change a live value that only the owner or programs of other resources have set. */
    private expectGivenBack(slot: Slot, before: Values): void {
        if (!slot.isAdopted) return;
        const now = valuesOf(this.tenant, this.options.existing);
        for (const value of ["audience", "reference", "assignment"] as const) {
            if (now[value] === undefined || slot.said.get(value)?.has(before[value])) continue;
            if (now[value] !== before[value]) throw new Error(`the release changed ${value}, which its owner had set`);
        }
    }

    private expectNothingDoubled(): void {
        const living = this.slots.filter(({ isAdopted, stack }) => !isAdopted && stack.state !== undefined);
        const ids = living.map(({ stack }) => stack.state?.id ?? "");
        if (new Set(ids).size < ids.length) throw new Error("two resources have the same application");
        const unknown = registered(this.tenant).filter((id) => !ids.includes(id));
        const pending = this.slots.filter((one) => !one.isAdopted && one.isUnfinished && !one.stack.state);
        if (unknown.length > pending.length) throw new Error(`${unknown.length} applications belong to no resource`);
    }

    /** A step of one resource must not damage the other resources. */
    private expectOthersWhole(): void {
        for (const slot of this.slots.filter(({ isCalm }) => isCalm)) {
            const { portal, isAdopted, stack } = slot;
            const missing = unfulfilled(this.tenant, stack.state?.id ?? "", portal, this.thumbprints, isAdopted);
            const values = /^(audience|reference|assignment) /;
            const things = missing.filter((one) => !values.test(one));
            if (things.length > 0) throw new Error(`${slot.name} was not deployed, but lacks: ${things.join("; ")}`);
        }
    }
}
