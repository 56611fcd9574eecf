// Prepares deployments on the real engine that sign in as a pipeline does: with the token of an outside issuer, and
// without any secret.
import { OutsideIssuer } from "../tenant/outsideIssuer";
import { createPipelineIdentity, workflowVariables } from "../tenant/pipelineIdentity";
import { TestTenant } from "../tenant/testTenant";
import { Workspace } from "./workspace";

export class PipelineDeployment {
    private constructor(
        readonly tenant: TestTenant,
        readonly issuer: OutsideIssuer,
        readonly clientId: string,
        readonly workspace: Workspace,
    ) {}

    static async start(): Promise<PipelineDeployment> {
        const [tenant, issuer] = await Promise.all([TestTenant.start(), OutsideIssuer.start()]);
        const clientId = await createPipelineIdentity(tenant, issuer);
        const env = workflowVariables(tenant, issuer, clientId);
        return new PipelineDeployment(tenant, issuer, clientId, await new Workspace({ env }).init());
    }

    /** Makes another workspace, for another identity of the same tenant. */
    async workspaceWith(roles: readonly string[]): Promise<Workspace> {
        const clientId = await createPipelineIdentity(this.tenant, this.issuer, roles);
        return new Workspace({ env: workflowVariables(this.tenant, this.issuer, clientId) }).init();
    }

    async close(): Promise<void> {
        this.workspace.remove();
        await this.issuer.close();
        await this.tenant.close();
    }
}
