// Checks `restApiPort` and the web addresses of a portal: their form and ports, that `portalUrl` is given, and that no
// address occurs twice. Pure.
import { examineUrl, isSameRedirectUri, portOf, redirectUriOf, withoutUserInfo } from "../../inputs/portalUrl";
import { isUnknown, type InputFailure, type InputFindings, type RawInputs } from "../../inputs/rawInputs";

export function examineUrls(inputs: RawInputs): InputFindings {
    const failures: InputFailure[] = [];
    const warnings: string[] = [];
    const port = inputs["restApiPort"];
    if (typeof port === "number" && (!Number.isInteger(port) || port < 1 || port > 65535)) {
        failures.push({ property: "restApiPort", reason: `must be a whole number between 1 and 65535, got ${port}` });
    }
    for (const { property, url } of listUrls(inputs)) {
        const { refusals, warnings: warningsOfUrl } = examineUrl(url);
        failures.push(...refusals.map((reason) => ({ property, reason })));
        warnings.push(...warningsOfUrl.map((warning) => `${property}: ${warning}`));
        if (refusals.length > 0 || typeof port !== "number" || portOf(url) === port) continue;
        const wanted = `the port of VB365's REST API settings (restApiPort ${port})`;
        if (property === "portalUrl")
            failures.push({
                property,
                reason: `must have ${wanted}, got ${JSON.stringify(url)}; correct the address, or set restApiPort to the port in VB365`,
            });
        else
            warnings.push(
                `${property}: ${JSON.stringify(url)} does not have ${wanted}; the portal answers at this address only if a reverse proxy forwards the requests`,
            );
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
    const missing = {
        property: "portalUrl",
        reason: "is missing: give the web address of the portal, such as https://portal.abc.com:4443",
    };
    const twice = urls.flatMap(({ property, url }, index) => {
        const first = urls
            .slice(0, index)
            .find((other) => isSameRedirectUri(redirectUriOf(other.url), redirectUriOf(url)));
        return first
            ? [
                  {
                      property,
                      reason: `must not repeat ${first.property}, got "${withoutUserInfo(url)}" again; remove this entry`,
                  },
              ]
            : [];
    });
    return [...(isMissing ? [missing] : []), ...twice];
}
