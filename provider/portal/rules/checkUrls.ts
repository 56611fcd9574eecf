// The rules for all web addresses of a portal together: each by itself, their ports, and no address twice. Pure.
import { examineUrl, isSameRedirectUri, portOf, redirectUriOf } from "../../inputs/portalUrl";
import { isUnknown, type InputFailure, type InputFindings, type RawInputs } from "../../inputs/rawInputs";

export function examineUrls(inputs: RawInputs): InputFindings {
    const failures: InputFailure[] = [];
    const warnings: string[] = [];
    const port = inputs["restApiPort"];
    if (typeof port === "number" && (!Number.isInteger(port) || port < 1 || port > 65535)) {
        failures.push({ property: "restApiPort", reason: `must be a whole number between 1 and 65535, got ${port}` });
    }
    for (const { property, url } of listUrls(inputs)) {
        const { refusals, warnings: told } = examineUrl(url);
        failures.push(...refusals.map((reason) => ({ property, reason })));
        warnings.push(...told.map((warning) => `${property}: ${warning}`));
        if (refusals.length > 0 || typeof port !== "number" || portOf(url) === port) continue;
        const unequal = `must have the port of the REST API settings (restApiPort ${port}), got ${JSON.stringify(url)}`;
        if (property === "portalUrl")
            failures.push({ property, reason: `${unequal}; give the port of VB365 as restApiPort` });
        else warnings.push(`${property}: ${unequal}; the portal does not answer there unless something forwards it`);
    }
    return { failures: [...failures, ...duplicateFailures(inputs)], warnings };
}

function listUrls(inputs: RawInputs): { property: string; url: string }[] {
    const additional = Array.isArray(inputs["additionalPortalUrls"])
        ? (inputs["additionalPortalUrls"] as unknown[])
        : [];
    return [
        { property: "portalUrl", url: inputs["portalUrl"] },
        ...additional.map((url, index) => ({ property: `additionalPortalUrls[${index}]`, url })),
    ].filter(
        (entry): entry is { property: string; url: string } => typeof entry.url === "string" && !isUnknown(entry.url),
    );
}

function duplicateFailures(inputs: RawInputs): InputFailure[] {
    const urls = listUrls(inputs);
    const isMissing = inputs["portalUrl"] === undefined;
    const missing = { property: "portalUrl", reason: "must be given, such as https://portal.abc.com:4443; got none" };
    const twice = urls.flatMap(({ property, url }, index) => {
        const first = urls
            .slice(0, index)
            .find((other) => isSameRedirectUri(redirectUriOf(other.url), redirectUriOf(url)));
        return first
            ? [{ property, reason: `must not repeat ${first.property}, got ${JSON.stringify(url)} again` }]
            : [];
    });
    return [...(isMissing ? [missing] : []), ...twice];
}
