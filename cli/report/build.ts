// Makes the drift report from the previews of stacks. Pure.
import { plain } from "../../provider/plainText";
import { PortalError } from "../../provider/portalError";
import { assertDated } from "../diagnosis/stateCheck";
import { consentsOf, portalsOf, typesOf } from "../stackPortals";
import { customerRow } from "./customerRow";
import { REPORT_VERSION, type CertificateEnd, type Report, type Row, type RowKind, type StackReport } from "./model";
import { certificatesOf, portalRow } from "./portalRow";
import type { Preview, PreviewedResource } from "./preview";
import { withPortal } from "./rowStatus";
import { stackTitle } from "./stackName";
import { summed } from "./totals";
import { looseRow, wholeRow, withFailedPreview } from "./wholeRow";

/** The preview of one stack. If it failed: the error, and the part of the preview that could be read. */
export interface StackPreview {
    readonly name: string;
    readonly preview?: Preview;
    /**
     * The reason why the preview failed. The report still contains the resources that were previewed before the
     * failure.
     */
    readonly error?: string;
    readonly seconds?: number;
}

export interface BuildOptions {
    readonly now: Date;
    readonly tool: string;
    readonly engine?: string | undefined;
}

export function buildReport(stacks: readonly StackPreview[], { now, tool, engine }: BuildOptions): Report {
    const names = namesOf(stacks);
    const parts = stacks.map((stack, index) => stackPart({ ...stack, name: names[index] ?? stack.name }, now));
    const rows = parts.flatMap((part) => part.rows);
    const portals = rows.filter(({ kind }) => kind === "portal");
    return summed({
        version: REPORT_VERSION,
        createdAt: now.toISOString(),
        versions: { tool, ...(engine === undefined ? {} : { engine }) },
        partial: parts.flatMap(({ stack }) =>
            stack.error === undefined ? [] : [`${stackTitle(stack.name)}: ${stack.error}`],
        ),
        notes: [],
        stacks: parts.map(({ stack }) => stack),
        rows: rows.map((row) => (row.kind === "customer" ? withPortal(row, portals) : row)),
        certificates: parts
            .flatMap((part) => part.certificates)
            .sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter)),
        gone: [],
        trend: [],
        unusedDecisions: [],
    });
}

/**
 * Returns the name of each stack. If stacks of several projects have the same name, the project comes before the name.
 */
function namesOf(stacks: readonly StackPreview[]): string[] {
    const known = stacks.map(({ name, preview }) => {
        const [, project = ""] = preview?.resources[0]?.urn.split("::") ?? [];
        return { project, name: preview?.stack || name };
    });
    const twice = known.find(
        (one, index) => one.project !== "" && known.findIndex((other) => isSame(one, other)) < index,
    );
    if (twice)
        throw new Error(`the preview of stack ${twice.name} of project ${twice.project} is given twice; give it once`);
    return known.map(({ project, name }) => {
        const isShared = project !== "" && known.filter((other) => other.name === name).length > 1;
        return isShared ? `${project}/${name}` : name;
    });
}

function isSame(one: { project: string; name: string }, other: { project: string; name: string }): boolean {
    return one.project === other.project && one.name === other.name;
}

function isPart(kind: RowKind): boolean {
    return kind === "certificate" || kind === "server";
}

interface StackPart {
    readonly stack: StackReport;
    readonly rows: readonly Row[];
    readonly certificates: readonly CertificateEnd[];
}

const KINDS: Readonly<Record<string, RowKind>> = {
    ...kindOf("RestorePortalApp", "portal"),
    ...kindOf("PortalTenantConsent", "customer"),
    ...kindOf("PortalServer", "server"),
    ...kindOf("PortalCertificate", "certificate"),
};

function kindOf(resource: string, kind: RowKind): Readonly<Record<string, RowKind>> {
    return Object.fromEntries(typesOf(resource).map((type) => [type, kind]));
}

function stackPart(stack: StackPreview, now: Date): StackPart {
    try {
        return readPart(stack, now);
    } catch (error) {
        // A preview from another release, or a preview that somebody has edited, may be unreadable. The report still
        // contains the other stacks.
        const isOther = error instanceof TypeError || error instanceof RangeError;
        const why = isOther
            ? "its values have another form than this release expects"
            : error instanceof Error
              ? error.message
              : String(error);
        // The message about a damaged state says what to do.
        const isDamaged = error instanceof PortalError && error.code === "ERR_STATE_INVALID";
        const said = isDamaged ? why : `its preview cannot be read (${why}); ${AGAIN}`;
        return readPart({ name: stack.name, error: said }, now);
    }
}

const AGAIN = "preview the stack again, with this release of pulumi-restore-portal in its program";

function readPart({ name, preview, error, seconds }: StackPreview, now: Date): StackPart {
    const resources = new Map((preview?.resources ?? []).map((one) => [one.urn, one]));
    const found = preview ? rowsOf({ ...preview, stack: plain(name) }, resources, now) : { rows: [], certificates: [] };
    const count = (kind: RowKind) => found.rows.filter((row) => row.kind === kind).length;
    const others = [...resources.values()].filter(
        ({ type, operation = "none" }) => !Object.hasOwn(KINDS, type) && operation !== "none",
    );
    const why = error ?? firstError(preview) ?? (preview?.isRefreshed === false ? NOT_REFRESHED : undefined);
    return {
        stack: {
            name: plain(name),
            status: why === undefined ? "ok" : "failed",
            ...(why === undefined ? {} : { error: plain(why) }),
            portals: count("portal"),
            customers: count("customer"),
            otherChanges: others.length,
            ...(seconds === undefined ? {} : { seconds }),
        },
        rows: why === undefined ? found.rows : found.rows.map(withFailedPreview),
        certificates: found.certificates,
    };
}

/** Returns the first error, because the engine's last error only says that the preview failed. */
function firstError(preview: Preview | undefined): string | undefined {
    const [first] = preview?.errors ?? [];
    return first?.replace(/^(error: )?(Preview failed: )?/, "");
}

const NOT_REFRESHED =
    "the preview did not read Entra, so its drift is unknown; run pulumi preview with --refresh, or set refresh: always in the options of Pulumi.yaml";

function rowsOf(preview: Preview, resources: ReadonlyMap<string, PreviewedResource>, now: Date) {
    const { stack, messages } = preview;
    const living = preview.resources
        .filter(({ live }) => live !== undefined)
        .map(({ urn, type, live }) => ({ urn, type, outputs: live?.outputs ?? {} }));
    const portals = portalsOf(living);
    const consents = consentsOf(living);
    const attached = new Set(portals.flatMap((one) => [one.certificateUrn, ...one.servers.map(({ urn }) => urn)]));
    const certificates: CertificateEnd[] = [];
    const rows = preview.resources.flatMap((resource): Row[] => {
        const kind = Object.hasOwn(KINDS, resource.type) ? KINDS[resource.type] : undefined;
        if (kind === undefined) return [];
        const whole = wholeRow(stack, kind, resource);
        // If the refresh did not return a certificate or server, the preview failed, and the row of the portal says so.
        if (whole) return whole.unreadable !== undefined && isPart(kind) ? [] : [whole];
        const portal = portals.find(({ urn }) => urn === resource.urn);
        if (portal) {
            assertDated(portal.state);
            const row = portalRow(resource, { stack, portal, resources, messages, now });
            certificates.push(...certificatesOf(row, portal, now));
            return [row];
        }
        const consent = consents.find(({ urn }) => urn === resource.urn);
        if (consent) return [customerRow(stack, resource, consent)];
        return attached.has(resource.urn) ? [] : [looseRow(stack, kind, resource)];
    });
    return { rows, certificates };
}
