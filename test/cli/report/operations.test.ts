// Builds reports from previews in which Pulumi creates, renames, replaces or deletes resources. The steps have the
// order and the members that the engine 3.259.0 prints.
import { buildReport } from "../../../cli/report/build";
import type { Report } from "../../../cli/report/model";
import { outcomeOf } from "../../../cli/report/totals";
import { NOW, readPreview } from "../../support/report/examples";
import { exampleCertificate, streamedPreview, urnOf } from "../../support/report/previews";

interface Metadata {
    readonly op: string;
    readonly urn: string;
    readonly old: object | null;
    readonly new: object | null;
    readonly detailedDiff?: object;
}
interface Event {
    readonly resourcePreEvent?: { readonly metadata: Metadata };
    readonly resOutputsEvent?: { readonly metadata: Metadata };
}

const GATEWAY = urnOf("dev", "RestorePortalApp", "gateway");

let events: Event[];
beforeAll(async () => {
    const certificate = await exampleCertificate(365, NOW);
    events = streamedPreview({ certificate, portals: ["gateway"] })
        .split("\n")
        .map((line) => JSON.parse(line) as Event);
});

const metadataOf = ({ resourcePreEvent, resOutputsEvent }: Event) =>
    resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
const isRefresh = (event: Event) => metadataOf(event)?.op === "refresh";

/** Replaces each step `same` by the steps that `change` returns, and builds the report. Each step has two events. */
function reportWith(change: (same: Metadata) => readonly Metadata[], kept = events): Report {
    const changed = kept.flatMap((event): Event[] => {
        const same = metadataOf(event);
        if (same?.op !== "same") return [event];
        if (event.resOutputsEvent) return [];
        return change(same).flatMap((metadata) => [
            { resourcePreEvent: { metadata } },
            { resOutputsEvent: { metadata } },
        ]);
    });
    const lines = changed.map((event, sequence) => JSON.stringify({ ...event, sequence: 2 * sequence }));
    return buildReport([{ name: "dev", preview: readPreview(lines.join("\n")) }], { now: NOW, tool: "0" });
}

const rowsOf = ({ rows }: Report) => rows.map(({ name, status, operation, words }) => [name, status, operation, words]);

test("the first preview of a stack has nothing to read, so its portals are only not deployed yet", () => {
    const added = (same: Metadata) => [{ ...same, op: "create", old: null }];
    const report = reportWith(
        added,
        events.filter((event) => !isRefresh(event)),
    );
    expect(report.partial).toEqual([]);
    expect(rowsOf(report)).toEqual([
        ["gateway", "drifted", "create", "the portal is in the program and not deployed yet"],
    ]);
    const document = {
        steps: [{ op: "create", urn: GATEWAY, newState: { inputs: {} } }],
        changeSummary: { create: 1 },
    };
    expect(readPreview(JSON.stringify(document)).isRefreshed).toBe(true);
    const others = { ...document, changeSummary: { create: 1, same: 1 } };
    expect(readPreview(JSON.stringify(others)).isRefreshed).toBe(false);
});

test("a resource that an alias renames is one row, with its live values", () => {
    const urn = urnOf("dev", "RestorePortalApp", "renamed");
    const report = reportWith((same) => [{ ...same, urn, old: { ...same.old, urn: GATEWAY } }]);
    expect(rowsOf(report)).toEqual([["renamed", "asDeclared", "none", "as declared"]]);
    expect(report.sentence).toBe("1 of 1 portals and customers is as declared");
    expect(outcomeOf(report)).toBe("ok");
});

test.each([
    ["delete-replaced", "replace", "create-replacement"],
    ["create-replacement", "replace", "delete-replaced"],
])("a replacement is a difference, and what it changes too: %s, %s, %s", (...ops) => {
    const report = reportWith((same) => {
        const inputs = { ...(same.new as { inputs: object }).inputs, displayName: "Two" };
        return ops.map((op) =>
            op === "delete-replaced"
                ? { ...same, op, new: null }
                : { ...same, op, new: { inputs }, detailedDiff: { displayName: {} } },
        );
    });
    const words = "the program has changed displayName, and the change is not deployed yet";
    expect(rowsOf(report)).toEqual([["gateway", "drifted", "replace", `pulumi up replaces the resource; ${words}`]]);
    expect(report.rows[0]?.differences[0]?.up).toMatch(/^deletes the resource and creates it again; .* in VB365/);
});

test.each(["create-replacement", "delete-replaced", "replace"])(
    "a replacement with retainOnDelete deletes nothing: %s",
    (op) => {
        const report = reportWith((same) => [{ ...same, op, old: { ...same.old, retainOnDelete: true } }]);
        expect(report.rows[0]?.differences[0]?.up).toMatch(
            /^creates the resource again; the objects of the earlier one stay as they are, .* retainOnDelete; .* in VB365/,
        );
    },
);

test("a replacement of which no input differs is a difference", () => {
    const report = reportWith((same) => [{ ...same, op: "replace" }]);
    expect(rowsOf(report)).toEqual([["gateway", "drifted", "replace", "pulumi up replaces the resource"]]);
});

test("the rest of an earlier replacement, which Pulumi still has to delete, is not the resource", () => {
    const report = reportWith((same) => [
        { ...same, op: "delete-replaced", old: { ...same.old, delete: true }, new: null },
        same,
    ]);
    expect(rowsOf(report)).toEqual([["gateway", "asDeclared", "none", "as declared"]]);
});

test.each([
    [{}, "deletes the objects that the program created, and undoes its changes to other objects"],
    [
        { retainOnDelete: true },
        "removes it from the state only, because it has retainOnDelete; its objects stay as they are",
    ],
])("the report says what happens to the objects of a removed portal with the options %j", (options, up) => {
    const report = reportWith((same) => [{ ...same, op: "delete", old: { ...same.old, ...options }, new: null }]);
    expect(report.rows[0]?.differences.map((one) => one.up)).toEqual([up]);
});

test.each([
    ["RestorePortalApp", "the application was permanently deleted: users get AADSTS700016", /Application ID in VB365$/],
    ["PortalTenantConsent", "the consent of the customer no longer exists", /^creates it again$/],
    ["PortalServer", "the portal server no longer exists", /^creates it again$/],
    ["PortalCertificate", "the certificate no longer exists", /^creates it again$/],
])("a %s that the refresh did not find is created again", (type, words, up) => {
    const urn = urnOf("dev", type, "gateway");
    const typed = events.map((event) => JSON.parse(JSON.stringify(event).replaceAll(GATEWAY, urn)) as Event);
    const missing = typed.map((event) =>
        isRefresh(event) && event.resOutputsEvent
            ? { resOutputsEvent: { metadata: { ...event.resOutputsEvent.metadata, new: null } } }
            : event,
    );
    const report = reportWith((same) => [{ ...same, op: "create", old: null }], missing);
    expect(rowsOf(report)).toEqual([["gateway", "drifted", "create", words]]);
    expect(report.rows[0]?.differences.map((one) => one.up)).toEqual([expect.stringMatching(up)]);
});

test("names of JavaScript's own objects are neither a kind of resource nor an operation", () => {
    const urn = urnOf("dev", "RestorePortalApp", "x").replace(
        "pulumi-nodejs:dynamic/restorePortal:RestorePortalApp",
        "constructor",
    );
    const report = reportWith((same) => [same, { ...same, urn, op: "toString" }]);
    expect(rowsOf(report)).toEqual([["gateway", "asDeclared", "none", "as declared"]]);
});
