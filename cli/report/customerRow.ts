// Makes the report's row of a PortalTenantConsent. Pure.
import { checksOfConsent, NOT_READABLE } from "../diagnosis/consentRows";
import { consentWords } from "../diagnosis/differenceWords";
import { consentErrors } from "../diagnosis/signInErrors";
import type { ConsentInputs } from "../../provider/consent/rules/inputs";
import type { StackConsent } from "../stackPortals";
import { differencesOf } from "./difference";
import { linksOf } from "./links";
import { isSecret, SECRET } from "./masked";
import type { Row } from "./model";
import type { PreviewedResource } from "./preview";
import { rowOf } from "./rowStatus";

export function customerRow(stack: string, resource: PreviewedResource, { name, state }: StackConsent): Row {
    const { applicationId, tenantId, region, servicePrincipalId, credentials, consent, consentUrl } = state;
    const { desired } = state;
    const live = (resource.live?.inputs ?? state) as unknown as ConsentInputs;
    const declared = (resource.declared ?? desired) as unknown as ConsentInputs;
    const compared = differencesOf({
        resource: resource.urn,
        engine: resource,
        live: { ...live },
        declared: { ...declared },
        deployed: { ...desired },
        wordsOf: consentWords,
        errorsOf: (property, values) => consentErrors(property as keyof ConsentInputs, values.live),
    });
    // If the tenant could not be read, its status is not a difference.
    const isUnreadable = live.status.startsWith(NOT_READABLE);
    const differences = isUnreadable ? compared.filter(({ cause }) => cause === "program") : compared;
    const address = { region, tenantId, applicationId, servicePrincipalId };
    return rowOf({
        urn: resource.urn,
        stack,
        kind: "customer",
        name,
        ...address,
        ...(credentials === undefined ? {} : { credentials }),
        operation: differences.length === 0 ? "none" : (resource.operation ?? "none"),
        differences,
        checks: checksOfConsent({ desired, live, consent, consentUrl: isSecret(tenantId) ? SECRET : consentUrl }),
        links: linksOf(address),
    });
}
