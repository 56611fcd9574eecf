/** A script with an inline program of the Automation API. The script runs `up` twice and prints both results. */
export const INLINE_PROGRAM = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { PortalCertificate } = require("pulumi-restore-portal");
const program = async () => {
    const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
    return { thumbprint: certificate.thumbprint };
};
const run = async () => {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "portals", program });
    const created = (await stack.up()).summary.resourceChanges;
    const again = (await stack.up()).summary.resourceChanges;
    await stack.destroy();
    console.log(JSON.stringify({ created, again }));
};
run().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
`;
