// Makes the row of a resource that `pulumi up` creates or deletes, that the refresh did not return, or that belongs to
// no portal of the stack. Pure.
import { failed, unknown } from "../diagnosis/check";
import { signInErrors } from "../diagnosis/signInErrors";
import { withCodes } from "../diagnosis/differenceWords";
import { isUnknown } from "../../provider/inputs/rawInputs";
import { plain } from "../../provider/plainText";
import type { PortalServerState } from "../../provider/server/observe";
import { nameOf } from "../stackPortals";
import { certificatePart, serverPart, type Part } from "./attached";
import { wholeDifference } from "./difference";
import { linksOf } from "./links";
import type { Difference, Row, RowKind } from "./model";
import type { PreviewedResource } from "./preview";
import { rowOf } from "./rowStatus";

const NOUNS: Readonly<Record<RowKind, string>> = {
    portal: "portal",
    customer: "consent of the customer",
    server: "portal server",
    certificate: "certificate",
};

/** `undefined`: the resource exists, and no create or delete is planned. Then it is compared input by input. */
export function wholeRow(stack: string, kind: RowKind, resource: PreviewedResource): Row | undefined {
    const { urn, before, live, operation } = resource;
    if (operation === "create") return row(stack, kind, resource, before ? gone(urn, kind) : planned(urn, kind));
    if (operation === "delete") return row(stack, kind, resource, leaving(resource, kind));
    if (live !== undefined) return undefined;
    return row(stack, kind, resource, {
        differences: [],
        checks: [unknown("entra", "the refresh did not return the resource; preview the stack again")],
    });
}

/** Makes the row of a certificate or server that belongs to no portal of the stack. */
export function looseRow(stack: string, kind: RowKind, resource: PreviewedResource): Row {
    const state = resource.live?.outputs as unknown as PortalServerState;
    const server = { name: nameOf(resource.urn), urn: resource.urn, state };
    return row(stack, kind, resource, kind === "server" ? serverPart(resource, server) : certificatePart(resource));
}

function planned(urn: string, kind: RowKind): Part {
    const says = `the ${NOUNS[kind]} is in the program and not deployed yet`;
    return { differences: [wholeDifference(urn, { says, up: "creates it", isMissing: true })], checks: [] };
}

function leaving({ urn, isRetained }: PreviewedResource, kind: RowKind): Part {
    const says = `the program no longer has the ${NOUNS[kind]}`;
    const kept = "removes it from the state only, because it has retainOnDelete; its objects stay as they are";
    const deleted = "deletes the objects that the program created, and undoes its changes to other objects";
    const hasObjects = kind === "portal" || kind === "customer";
    const none = "removes it from the state only, because it has no object in Entra";
    const up = !hasObjects ? none : isRetained === true ? kept : deleted;
    return { differences: [wholeDifference(urn, { says, up, isMissing: false })], checks: [] };
}

/**
 * The refresh reported that the object no longer exists. Our provider reports this only for an application that the
 * stack had registered, after somebody or Entra deleted it permanently. Entra does this after 30 days in deleted items.
 */
function gone(urn: string, kind: RowKind): Part {
    const aadsts = kind === "portal" ? signInErrors({ ...GONE, application: undefined }) : [];
    const [says, up] =
        kind === "portal"
            ? [
                  "the application was permanently deleted",
                  "registers a new application; then enter the new Application ID in VB365",
              ]
            : [`the ${NOUNS[kind]} no longer exists`, "creates it again"];
    const difference: Difference = {
        ...wholeDifference(urn, { says: withCodes(says, aadsts), up, isMissing: true }),
        ...(kind === "portal" ? { property: GONE.name, label: "the application" } : {}),
        cause: "drift",
        risk: aadsts.length > 0 ? "signIn" : "cosmetic",
        aadsts,
    };
    const [code] = aadsts;
    const check = failed(GONE.name, "missing instead of present", {
        ...(code === undefined ? {} : { aadsts: code }),
        remedy: `run pulumi up, which ${up}`,
    });
    return { differences: [difference], checks: kind === "portal" ? [check] : [] };
}

const GONE = { name: "applicationStatus", live: "missing", desired: "present" } as const;

function row(stack: string, kind: RowKind, resource: PreviewedResource, part: Part): Row {
    const { urn, before, live, declared = {}, operation = "none" } = resource;
    const known = { ...declared, ...before?.outputs, ...live?.outputs };
    const text = (name: string) => {
        const value = known[name];
        return typeof value === "string" && !isUnknown(value) ? plain(value) : "";
    };
    const optional = (name: "credentials" | "objectId" | "servicePrincipalId") =>
        text(name) === "" ? {} : { [name]: text(name) };
    const address = {
        region: text("region"),
        tenantId: text("tenantId"),
        applicationId: text("applicationId"),
        ...optional("objectId"),
        ...optional("servicePrincipalId"),
        ...optional("credentials"),
    };
    return rowOf({
        urn,
        stack,
        kind,
        name: plain(nameOf(urn)),
        ...address,
        operation: part.differences.length === 0 ? "none" : operation,
        ...part,
        links: operation === "create" ? {} : linksOf(address),
    });
}

/** Marks a row as not readable. If the preview failed or did not read Entra, the row may have values from the state. */
export function withFailedPreview(one: Row): Row {
    return rowOf({ ...one, checks: [unknown("preview", "the preview of its stack failed or did not read Entra")] });
}
