// @ts-check
// Lists the resources that docs/reference/ describes.

/**
 * Describes a resource: the file with its arguments and its class, the interface of the inputs that `check` completes,
 * the file with its hooks, and links to the documents for its users.
 *
 * @typedef {{ name: string, file: string, completed: [file: string, name: string], hooks: string, job: string }} Resource
 */

/** @type {readonly Resource[]} */
export const RESOURCES = [
    {
        name: "RestorePortalApp",
        file: "provider/restorePortalApp.ts",
        completed: ["provider/portal/rules/inputs.ts", "RestorePortalAppInputs"],
        hooks: "provider/portal/hooks.ts",
        job: "[Get started](../get-started.md), [Adopt an existing application](../adopt.md)",
    },
    {
        name: "PortalCertificate",
        file: "provider/portalCertificate.ts",
        completed: ["provider/certificate/inputs.ts", "CertificateInputs"],
        hooks: "provider/certificate/hooks.ts",
        job: "[Certificates](../certificates.md)",
    },
    {
        name: "PortalTenantConsent",
        file: "provider/portalTenantConsent.ts",
        completed: ["provider/consent/rules/inputs.ts", "ConsentInputs"],
        hooks: "provider/consent/hooks.ts",
        job: "[Service providers](../service-providers.md)",
    },
    {
        name: "PortalServer",
        file: "provider/portalServer.ts",
        completed: ["provider/server/inputs.ts", "PortalServerInputs"],
        hooks: "provider/server/hooks.ts",
        job: "[Watch the portal server](../portal-server.md)",
    },
];
