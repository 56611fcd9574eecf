// Determines, in a preview, which certificate a PortalCertificate will have. Pure.
import type { ExpectedCertificate } from "../inputs/expectedCertificates";
import { isRecord } from "../inputs/inputRules";
import { isUnknown, type RawInputs } from "../inputs/rawInputs";
import type { CertificateState, GenerateSource } from "./inputs";
import { CURRENT } from "./renewal";

/**
 * `olds`: the inputs in state, or an empty object for a new resource. Returns `undefined` if the certificate is not
 * known yet, or if the inputs are invalid.
 */
export function expectedFrom(olds: RawInputs, inputs: RawInputs): ExpectedCertificate | undefined {
    const generate = generateIn(inputs);
    if (generate === undefined) return expectedImport(olds, inputs);
    if (isUnknown(generate.name) || typeof generate.name !== "string") return undefined;
    const before = generateIn(olds);
    const isSame = before?.name === generate.name && before.keySize === generate.keySize;
    const isDue = inputs["status"] === CURRENT && olds["status"] !== CURRENT;
    return isSame && !isDue ? { kind: "kept" } : { kind: "generated", name: generate.name };
}

/**
 * Returns a message if a changed name or key size makes a new certificate. A renewal needs no message, because a
 * preview shows it in `status`.
 */
export function newCertificateReason({ source, certificate }: CertificateState, news: RawInputs): string | undefined {
    const [before, now] = [generateIn({ source }), generateIn(news)];
    if (before === undefined || now === undefined) return undefined;
    const isChanged = (one: "name" | "keySize") =>
        now[one] !== undefined && !isUnknown(now[one]) && now[one] !== before[one];
    const changed = (["name", "keySize"] as const).find(isChanged);
    if (changed === undefined) return undefined;
    const change = `source.generate.${changed} changes from ${JSON.stringify(before[changed])} to ${JSON.stringify(now[changed])}`;
    return `certificate "${certificate.name}" (${certificate.thumbprint}): ${change}, so the deployment makes a new certificate, which has to be handed over to VB365`;
}

function expectedImport(olds: RawInputs, { thumbprint }: RawInputs): ExpectedCertificate | undefined {
    if (typeof thumbprint !== "string" || isUnknown(thumbprint)) return undefined;
    return olds["thumbprint"] === thumbprint ? { kind: "kept" } : { kind: "imported", thumbprint };
}

function generateIn({ source }: RawInputs): Partial<GenerateSource> | undefined {
    const generate = isRecord(source) ? source["generate"] : undefined;
    return isRecord(generate) ? generate : undefined;
}
