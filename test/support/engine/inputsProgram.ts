// Sets up a test file that deploys its own programs on the real engine. All programs can use the same certificate.
import { issueCertificate } from "../../../provider/certificate/issue";
import { TestTenant } from "../tenant/testTenant";
import { Workspace } from "./workspace";

export type IssuedCertificate = Awaited<ReturnType<typeof issueCertificate>>;

export interface InputsProgram {
    readonly tenant: TestTenant;
    readonly workspace: Workspace;
    readonly issued: IssuedCertificate;
    /** Writes the program. The program can use the four classes, `pulumi`, `certificatePem` and `portalUrl`. */
    readonly program: (text: string) => void;
}

/** Gives each test its own project. `begin` receives the project before the test. */
export function withInputsProgram(begin: (given: InputsProgram) => void): void {
    let tenant: TestTenant;
    let issued: IssuedCertificate;
    let workspace: Workspace;
    beforeAll(async () => {
        tenant = await TestTenant.start();
        issued = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 365, now: new Date() });
    });
    beforeEach(async () => {
        workspace = await new Workspace({ env: tenant.env }).init();
        const program = (text: string) => workspace.write("index.js", `${preludeWith(issued.certificatePem)}${text}`);
        begin({ tenant, workspace, issued, program });
    });
    afterEach(() => workspace.remove());
    afterAll(() => tenant.close());
}

function preludeWith(certificatePem: string): string {
    return `const pulumi = require("@pulumi/pulumi");
const { PortalCertificate, PortalServer, PortalTenantConsent, RestorePortalApp } = require("pulumi-restore-portal");
const certificatePem = ${JSON.stringify(certificatePem)};
const portalUrl = "https://portal.abc.com:4443";
`;
}
