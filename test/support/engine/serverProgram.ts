export const PORTAL = "https://portal.abc.com:4443";

// The program exports nothing, because `handover` and `doctor` find the resources in state by their type.
export const serverProgram = (serverUrl: string, more = "") => `
    const { PortalCertificate, PortalServer, RestorePortalApp } = require("pulumi-restore-portal");
    const certificate = new PortalCertificate("certificate", { source: { generate: { name: "Restore Portal" } } });
    const portal = new RestorePortalApp("portal", {
        displayName: "Restore Portal", certificate: certificate.certificate, portalUrl: "${PORTAL}",
    });
    new PortalServer("server", {
        portalUrl: portal.portalUrl, serverUrl: "${serverUrl}", applicationId: portal.applicationId,
        authority: portal.authority, ${more}
    });
`;
