// Checks which live values keep a portal from being replaced.
import { UNKNOWN } from "../../../provider/inputs/rawInputs";
import { liveValuesIn } from "../../../provider/portal/rules/liveValues";
import { portalInputs } from "../../support/rules/observation";

test.each<[name: string, live: unknown]>([
    ["applicationStatus", "disabled"],
    ["applicationStatus", "not readable: 503"],
    ["applicationIdUri", "missing"],
    ["accessAsUserScope", "disabled"],
    ["portalUrl", "not registered"],
    ["portalUrl", "registered as Web"],
    ["certificate", { certificatePem: "pem", thumbprint: "not registered" }],
    ["requiredPermissions", ["User.Read"]],
    ["grantedPermissions", []],
    ["servicePrincipal", "missing"],
    ["servicePrincipal", "not among enterprise applications"],
    ["signInAudience", "AzureADandPersonalMicrosoftAccount"],
])("%s: %j is a live value", (name, live) => {
    expect(liveValuesIn({ ...portalInputs({ [name]: live }) })).toEqual([name]);
});

test.each<[what: string, inputs: Record<string, unknown>]>([
    ["the defaults", {}],
    ["without admin consent", { adminConsent: false }],
    ["values of a program", { servicePrincipal: "assignment required", signInAudience: "AzureADMultipleOrgs" }],
    ["parts that are left alone", { leaveAlone: ["portalUrl", "servicePrincipal"] }],
    ["values that are not known yet", { portalUrl: UNKNOWN, certificate: UNKNOWN, adminConsent: UNKNOWN }],
    ["certificates that are due for removal", { retiredCertificates: ["A".repeat(40)] }],
    ["an implicit grant", { applicationId: undefined, displayName: "Portal", implicitGrant: true }],
])("%s: no live value", (_, inputs) => {
    expect(liveValuesIn({ ...portalInputs(inputs) })).toEqual([]);
});
