// The hooks of PortalCertificate, in the order check, diff, create, read, update, delete. They never talk to Entra.
import { randomUUID } from "node:crypto";

import { clock } from "../entra/clock";
import { isUnknown, UNKNOWN } from "../inputs/rawInputs";
import { warn } from "../log";
import type { Hooks } from "../pulumi/hooks";
import { CertificateError } from "./certificateError";
import { checkSource } from "./checkInputs";
import { adopt, generate, rewrap } from "./generate";
import { checkImport, importIdentity } from "./importIdentity";
import {
    generateSource,
    withoutSecrets,
    type CertificateInputs,
    type CertificateState,
    type ImportedSource,
} from "./inputs";
import { CURRENT, renewalStatus, renewalWarning } from "./renewal";

export const portalCertificateHooks: Hooks<CertificateInputs, CertificateState> = {
    check: (olds, news) => {
        const { inputs, failures } = checkSource(news);
        const imported = importedSource(inputs["source"]);
        if (!imported || failures.length > 0) return Promise.resolve({ inputs, failures });
        if (hasUnknown(imported)) return Promise.resolve({ inputs: { ...inputs, thumbprint: UNKNOWN }, failures });
        const found = checkImport(imported, olds["thumbprint"], clock.now());
        for (const warning of found.warnings) warn(warning);
        const { thumbprint } = found;
        const completed = { ...inputs, ...(thumbprint === undefined ? {} : { thumbprint }) };
        return Promise.resolve({ inputs: completed, failures: found.failures });
    },

    // Never replaced: the id stays through renewals. What differs is named by the engine itself.
    diff: () => Promise.resolve({}),

    create: async (inputs) => {
        const id = randomUUID();
        return { id, outs: await make(id, inputs) };
    },

    read: (id, state) => {
        // Nobody else changes what an imported certificate is; without inputs the engine keeps those that it has.
        if (!generateSource(state.source)) return Promise.resolve({ id, props: state });
        const status = renewalStatus(state, clock.now());
        const warning = renewalWarning(state, clock.now());
        if (warning !== undefined) warn(warning);
        const { source, pfxEncryption, exportPfx } = state;
        const inputs = { source, pfxEncryption, status, ...(exportPfx === undefined ? {} : { exportPfx }) };
        return Promise.resolve({ id, props: { ...state, status }, inputs });
    },

    update: async (id, state, inputs) => {
        if (!isSameCertificate(state, inputs)) return { outs: await make(id, inputs) };
        const isSameFile = state.pfxEncryption === inputs.pfxEncryption && state.exportPfx === inputs.exportPfx;
        if (isSameFile) return { outs: { ...state, ...inputs, source: withoutSecrets(inputs.source) } };
        return { outs: generateSource(inputs.source) ? rewrap(state, inputs, clock.now()) : await make(id, inputs) };
    },

    // Nothing to do: the certificate lives in state alone. On an application it is RestorePortalApp's to remove.
    delete: () => Promise.resolve(),
};

async function make(id: string, inputs: CertificateInputs): Promise<CertificateState> {
    const { source } = inputs;
    if ("generate" in source) return generate(id, inputs, source.generate, clock.now());
    const identity = importIdentity(source, clock.now());
    const { thumbprint } = identity.certificate;
    // What was judged and shown is what is used.
    if (thumbprint !== inputs.thumbprint) {
        throw new CertificateError(
            "ambiguous",
            `importing the certificate: it was ${inputs.thumbprint ?? "unknown"} when it was checked and is ${thumbprint} now; run the deployment again`,
        );
    }
    return adopt(id, inputs, identity);
}

/** A changed validity counts for the next certificate; a changed name or key size asks for a new one now. */
function isSameCertificate(state: CertificateState, inputs: CertificateInputs): boolean {
    const [old, now] = [generateSource(state.source), generateSource(inputs.source)];
    if (!old || !now) return !old && !now && inputs.thumbprint === state.certificate.thumbprint;
    const isDue = renewalStatus({ ...state, source: inputs.source }, clock.now()) !== CURRENT;
    return old.name === now.name && old.keySize === now.keySize && !isDue;
}

function importedSource(source: unknown): ImportedSource | undefined {
    const { pfx, store } = (source ?? {}) as { pfx?: unknown; store?: unknown };
    return pfx === undefined && store === undefined ? undefined : (source as ImportedSource);
}

function hasUnknown(source: ImportedSource): boolean {
    const value: unknown = "pfx" in source ? source.pfx : source.store;
    return isUnknown(value) || Object.values(value as object).some(isUnknown);
}
