// Implements the hooks of PortalCertificate. These hooks never connect to Entra.
import { randomUUID } from "node:crypto";

import { clock } from "../entra/clock";
import { isUnknown, UNKNOWN, type RawInputs } from "../inputs/rawInputs";
import { noteExpectedCertificate } from "../inputs/expectedCertificates";
import { logOnce, warn } from "../log";
import type { Hooks } from "../pulumi/hooks";
import { object, text, time } from "../shape";
import { assertState } from "../stateShape";
import { CertificateError } from "./certificateError";
import { expectedFrom, newCertificateReason } from "./expected";
import { checkCertificateInputs, inputsIn } from "./checkInputs";
import { checkImport } from "./checkImport";
import { importInWorker } from "./importInWorker";
import {
    generateSource,
    withoutSecrets,
    type CertificateInputs,
    type CertificateState,
    type ImportedSource,
} from "./inputs";
import { generateState, importState, rewrapState } from "./makeState";
import { CURRENT, renewalStatus, renewalWarning } from "./renewal";

export const portalCertificateHooks: Hooks<CertificateInputs, CertificateState> = {
    check: async (olds, news) => {
        const { inputs, failures } = checkCertificateInputs(news, olds);
        const imported = importedSource(inputs["source"]);
        return !imported || failures.length > 0 ? { inputs, failures } : await checkImported(imported, inputs, olds);
    },

    preview: (olds, inputs, { place }) => {
        const expected = expectedFrom(olds, inputs as unknown as RawInputs);
        if (expected) noteExpectedCertificate(place, expected);
        return Promise.resolve();
    },

    // No changed input replaces a PortalCertificate, so that its id stays the same when the certificate is renewed.
    diff: (_id, state, news) => {
        // If an edit damaged the state, `update` refuses it and says how to restore it. So nothing is printed here.
        const reason = aState(state) === undefined ? newCertificateReason(state, news) : undefined;
        if (reason !== undefined) logOnce(reason);
        return Promise.resolve({});
    },

    create: async (inputs) => {
        const id = randomUUID();
        return { id, outs: await make(id, inputs) };
    },

    read: (id, state) => {
        assertCertificateState(state);
        // An imported certificate cannot change by itself. Returning no inputs makes the engine keep the ones it has.
        if (!generateSource(state.source)) return Promise.resolve({ id, props: state });
        const warning = renewalWarning(state, clock.now());
        if (warning !== undefined) warn(warning);
        const live = { ...state, status: renewalStatus(state, clock.now()) };
        return Promise.resolve({ id, props: live, inputs: inputsIn(live) });
    },

    update: async (id, state, inputs) => {
        assertCertificateState(state);
        if (!keepsCertificate(state, inputs)) return { outs: await make(id, inputs) };
        const keepsPfx = state.pfxEncryption === inputs.pfxEncryption && state.exportPfx === inputs.exportPfx;
        if (keepsPfx) return { outs: { ...state, ...inputs, source: withoutSecrets(inputs.source) } };
        return {
            outs: generateSource(inputs.source) ? rewrapState(state, inputs, clock.now()) : await make(id, inputs),
        };
    },

    // A PortalCertificate exists only in state, so there is nothing to delete. RestorePortalApp removes the certificate
    // from the application.
    delete: () => Promise.resolve(),
};

const aState = object({
    source: object({}),
    certificate: object({ certificatePem: text, thumbprint: text, notAfter: time }),
});

function assertCertificateState(state: CertificateState): void {
    assertState("the certificate", state, aState);
}

async function checkImported(source: ImportedSource, inputs: RawInputs, olds: RawInputs) {
    const isIgnored = inputs["thumbprint"] !== undefined;
    if (hasUnknown(source)) return { inputs: { thumbprint: UNKNOWN, ...inputs }, failures: [] };
    const { thumbprint, failures, warnings } = await checkImport(source, olds["thumbprint"], clock.now());
    for (const warning of warnings) warn(warning);
    return { inputs: { ...inputs, ...(thumbprint === undefined || isIgnored ? {} : { thumbprint }) }, failures };
}

async function make(id: string, inputs: CertificateInputs): Promise<CertificateState> {
    const { source } = inputs;
    if ("generate" in source) return generateState(id, inputs, source.generate, clock.now());
    const identity = await importInWorker(source, clock.now());
    const { thumbprint } = identity.certificate;
    // The file or store may have changed since `check`. Only the certificate that `check` accepted may be used.
    if (thumbprint !== inputs.thumbprint) {
        throw new CertificateError(
            "ambiguous",
            `importing the certificate: the file or store contained certificate ${inputs.thumbprint ?? "unknown"} when it was checked and now contains ${thumbprint}; run the deployment again`,
        );
    }
    return importState(id, inputs, identity);
}

/**
 * Returns whether an update keeps the certificate. A changed `validDays` applies to the next certificate. A changed
 * name or key size makes a new certificate immediately. A due certificate is renewed only if a refresh has put its
 * status into state. So a preview names each renewal.
 */
function keepsCertificate(state: CertificateState, inputs: CertificateInputs): boolean {
    const [old, now] = [generateSource(state.source), generateSource(inputs.source)];
    if (!old || !now) return !old && !now && inputs.thumbprint === state.certificate.thumbprint;
    // If `status` is in `ignoreChanges`, the engine passes the status in state. After a refresh this may be `due for
    // renewal: ends ...`, and then the certificate is not renewed.
    const isDue = inputs.status === CURRENT && state.status !== CURRENT;
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
