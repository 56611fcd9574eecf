// Writes the output of `pulumi preview --json` in its streaming form, for stacks of any size. The provider's own rules
// fill in the defaults of all inputs, so that a test can change any input of any portal or customer.
import { createHash } from "node:crypto";

import { checkConsent } from "../../../provider/consent/rules/checkInputs";
import { completeInputs } from "../../../provider/portal/rules/checkInputs";
import { issueCertificate } from "../../../provider/certificate/issue";
import { parseCertificate } from "../../../provider/inputs/certificate";
import type { CertificateInput } from "../../../provider/portal/rules/inputs";

type Values = Record<string, unknown>;

export const TENANT = "3e63c275-4794-41a5-8428-214bdc0900d2";
const TYPE = "pulumi-nodejs:dynamic/restorePortal:";

/** The changes that a test makes to one resource. */
export interface Change {
    /** Live inputs that differ. */
    readonly live?: Values;
    /** Inputs of the program that differ from the last deployment. */
    readonly declared?: Values;
    /** Outputs that differ, such as `certificates`. */
    readonly outputs?: Values;
    readonly operation?: "create" | "delete" | "replace";
    /** The names of the inputs that the program marks as secret. */
    readonly secret?: readonly string[];
    /** The secret inputs that the engine reports as changed by the refresh. */
    readonly drifted?: readonly string[];
    /** The secret inputs that the engine reports as changed by the program. */
    readonly changed?: readonly string[];
}

/** A secret value in the form in which an event contains it. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };

export interface StackSpec {
    /** The certificate of every portal. */
    readonly certificate: CertificateInput;
    readonly stack?: string;
    /** Resource names. */
    readonly portals: readonly string[];
    /**
     * Resource names. The first customer belongs to the first portal, the second customer to the second portal, and so
     * on in turn.
     */
    readonly customers?: readonly string[];
    readonly changes?: Readonly<Record<string, Change>>;
    /** The warnings that the provider prints. */
    readonly warnings?: readonly string[];
    readonly error?: string;
}

/** Returns a GUID that depends only on the name. */
export function guidOf(name: string): string {
    const hex = createHash("sha256").update(name).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export function urnOf(stack: string, kind: string, name: string): string {
    return `urn:pulumi:${stack}::portals::${TYPE}${kind}::${name}`;
}

export async function exampleCertificate(validDays = 365, now = new Date()): Promise<CertificateInput> {
    const { certificatePem } = await issueCertificate({ name: "Restore Portal", keySize: 2048, validDays, now });
    const { thumbprint, thumbprintSha256, notBefore, notAfter } = parseCertificate(certificatePem);
    return { certificatePem, name: "Restore Portal", thumbprint, thumbprintSha256, notBefore, notAfter };
}

/** Returns the lines of the preview. */
export function streamedPreview({
    certificate,
    stack = "dev",
    portals,
    customers = [],
    changes = {},
    warnings = [],
    error,
}: StackSpec): string {
    const events = [
        ...portals.flatMap((name) =>
            resourceEvents(urnOf(stack, "RestorePortalApp", name), portalOf(stack, name, certificate), changes[name]),
        ),
        ...customers.flatMap((name, index) => {
            const portal = portals[index % Math.max(1, portals.length)] ?? "elsewhere";
            const urn = urnOf(stack, "PortalTenantConsent", name);
            return resourceEvents(urn, consentOf(stack, name, portal), changes[name]);
        }),
        ...warnings.map((message) => ({ diagnosticEvent: { severity: "info", message: `warning: ${message}\n` } })),
        ...(error === undefined
            ? [{ summaryEvent: { isPreview: true } }]
            : [{ diagnosticEvent: { severity: "error", message: `${error}\n` } }]),
    ];
    return events.map((event, sequence) => JSON.stringify({ sequence, timestamp: 0, ...event })).join("\n");
}

interface Deployed {
    readonly inputs: Values;
    readonly outputs: Values;
}

function resourceEvents(urn: string, deployed: Deployed, change: Change = {}): object[] {
    const { secret = [], drifted = [], changed = [] } = change;
    const hidden = Object.fromEntries(secret.map((name) => [name, SECRET]));
    const inputs = { ...deployed.inputs, ...hidden };
    // If one input is secret, the whole output `desired` is secret.
    const outputs = { ...deployed.outputs, ...hidden, ...(secret.length > 0 ? { desired: SECRET } : {}) };
    const live = { inputs: { ...inputs, ...change.live }, outputs: { ...outputs, ...change.live, ...change.outputs } };
    const declared = { ...inputs, ...change.declared };
    const isSame = JSON.stringify(live.inputs) === JSON.stringify(declared);
    const op = change.operation ?? (isSame && changed.length === 0 ? "same" : "update");
    const refresh = { op: "refresh", urn, old: { inputs, outputs }, new: live, ...differing(drifted) };
    const step = {
        ...{ op, urn, old: op === "create" ? null : live, new: op === "delete" ? null : { inputs: declared } },
        ...differing(changed),
    };
    return [
        ...(op === "create"
            ? []
            : [
                  { resourcePreEvent: { metadata: { ...refresh, new: { inputs, outputs } } } },
                  { resOutputsEvent: { metadata: refresh } },
              ]),
        { resourcePreEvent: { metadata: step } },
        { resOutputsEvent: { metadata: step } },
    ];
}

function differing(names: readonly string[]): Values {
    if (names.length === 0) return {};
    return { detailedDiff: Object.fromEntries(names.map((name) => [name, { diffKind: "update", inputDiff: true }])) };
}

function portalOf(stack: string, name: string, certificate: CertificateInput): Deployed {
    const inputs = completeInputs(
        {
            identity: `portals/${stack}//${name}`,
            displayName: name,
            tenantId: TENANT,
            portalUrl: "https://portal.abc.com:4443",
            signInAudience: "AzureADMultipleOrgs",
            certificate,
        },
        {},
    ) as unknown as Values;
    const applicationId = guidOf(`${stack} ${name} application`);
    const outputs = {
        ...inputs,
        applicationId,
        objectId: guidOf(`${stack} ${name} object`),
        tenantId: TENANT,
        servicePrincipalId: guidOf(`${stack} ${name} principal`),
        graphServicePrincipalId: guidOf("graph"),
        consentUrl: `https://login.microsoftonline.com/${TENANT}/adminconsent?client_id=${applicationId}`,
        certificates: [{ thumbprint: certificate.thumbprint, notAfter: certificate.notAfter, ours: true }],
        desired: inputs,
        managed: { created: true, scopeId: guidOf("scope"), holder: "0123456789abcdef", owned: [], tags: [] },
    };
    return { inputs, outputs };
}

function consentOf(stack: string, name: string, portal: string): Deployed {
    const applicationId = guidOf(`${stack} ${portal} application`);
    const tenantId = guidOf(`${stack} ${name} tenant`);
    const { inputs } = checkConsent({}, { identity: `portals/${stack}//${name}`, applicationId, tenantId });
    const outputs = {
        ...inputs,
        servicePrincipalId: guidOf(`${stack} ${name} principal`),
        graphServicePrincipalId: guidOf("graph"),
        authority: `https://login.microsoftonline.com/${tenantId}`,
        consentUrl: `https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${applicationId}`,
        consent: "granted",
        desired: inputs,
        managed: { holder: "0123456789abcdef", owned: [], tags: [], tenant: tenantId },
    };
    return { inputs: inputs as unknown as Values, outputs };
}
