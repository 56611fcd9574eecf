// Stands in for the machine on which a pipeline runs. Each job gets a fresh copy of the repository and the real Pulumi
// CLI. The token service issues tokens as the pipeline's own service does.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

import { DEPLOYER_ROLES } from "../../../emulator/seed";
import { OutsideIssuer } from "../tenant/outsideIssuer";
import { TestTenant } from "../tenant/testTenant";
import { run, Workspace, type CommandResult } from "../engine/workspace";
import { StandIns } from "./standIns";

const ROOT = resolve(__dirname, "../../..");
const AUDIENCE = "api://AzureADTokenExchange";
/** The bearer token that a job must send to the token service. */
const BEARER = "token-of-the-job";

export const ROLES = {
    deployer: DEPLOYER_ROLES,
    reader: ["Application.Read.All", "Directory.Read.All"],
} as const;

/** The files of `workspace` are the repository of the pipeline. The pipeline deploys the stack of `workspace`. */
export class Machine {
    readonly folder = mkdtempSync(join(tmpdir(), "pipeline-"));
    readonly standIns = new StandIns(this.folder);
    /** The subject of a job's token. The code that runs the job, or the whole pipeline, sets this subject. */
    subject = "";

    private constructor(
        readonly tenant: TestTenant,
        readonly workspace: Workspace,
        readonly issuer: OutsideIssuer,
        private readonly service: Server,
        readonly clientIds: Record<keyof typeof ROLES, string>,
    ) {}

    /** `subjects`: the subjects that Entra accepts for each identity. */
    static async start(subjects: Readonly<Record<keyof typeof ROLES, readonly string[]>>): Promise<Machine> {
        const [tenant, issuer] = await Promise.all([TestTenant.start(), OutsideIssuer.start()]);
        const identity = (name: keyof typeof ROLES) =>
            name === "deployer" ? tenant.emulator.identity(name) : tenant.emulator.addIdentity({ roles: ROLES[name] });
        const clientIds = { deployer: identity("deployer").clientId, reader: identity("reader").clientId };
        for (const [name, values] of Object.entries(subjects)) {
            const path = `/applications(appId='${clientIds[name as keyof typeof ROLES]}')/federatedIdentityCredentials`;
            for (const [index, subject] of values.entries()) {
                const audiences = [AUDIENCE];
                await tenant.graph("POST", path, { name: `${name}-${index}`, issuer: issuer.url, subject, audiences });
            }
        }
        const service = createServer();
        const workspace = await new Workspace({ stack: "production" }).init();
        mkdirSync(join(workspace.folder, "node_modules/.bin"));
        const cli = join(workspace.folder, "node_modules/.bin/pulumi-restore-portal");
        writeFileSync(cli, `#!/bin/sh\nexec node ${join(ROOT, "dist/cli/main.js")} "$@"\n`, { mode: 0o755 });
        const machine = new Machine(tenant, workspace, issuer, service, clientIds);
        service.on("request", ({ headers, url }, answer) => {
            const isAllowed = headers.authorization === `Bearer ${BEARER}` && !String(url).includes("unknown");
            const token = issuer.token({ sub: machine.subject });
            answer.statusCode = isAllowed ? 200 : 401;
            answer.setHeader("Content-Type", "application/json");
            answer.end(JSON.stringify(isAllowed ? { value: token, oidcToken: token } : { message: "unauthorized" }));
        });
        await new Promise<void>((done) => service.listen(0, "127.0.0.1", done));
        // The packages are already installed, so npm only records its calls.
        machine.standIns.add("npm");
        return machine;
    }

    get tokenUrl(): string {
        return `http://127.0.0.1:${(this.service.address() as AddressInfo).port}/token?job=1`;
    }

    readonly bearer = BEARER;

    /** Makes a folder with a fresh copy of the repository, as each job gets it. */
    checkout(): string {
        const folder = mkdtempSync(join(this.folder, "job-"));
        for (const name of ["home", "tmp"]) mkdirSync(join(folder, name));
        const left = ["state", "home", "tmp"].map((name) => join(this.workspace.folder, name));
        const filter = (path: string) => !left.includes(path);
        cpSync(this.workspace.folder, join(folder, "repository"), { recursive: true, verbatimSymlinks: true, filter });
        return folder;
    }

    /** Returns the variables of a machine, without those that the pipeline itself sets. */
    environment(folder: string): Record<string, string> {
        const { ARM_METADATA_HOSTNAME, NODE_EXTRA_CA_CERTS } = this.tenant.env;
        const engine = join(ROOT, "node_modules/.bin");
        return {
            PATH: [this.standIns.bin, engine, process.env["PATH"] ?? ""].join(delimiter),
            HOME: join(folder, "home"),
            TMPDIR: join(folder, "tmp"),
            PULUMI_CONFIG_PASSPHRASE: "",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            RESTORE_PORTAL_WAIT_SECONDS: "10",
            ARM_METADATA_HOSTNAME: ARM_METADATA_HOSTNAME ?? "",
            NODE_EXTRA_CA_CERTS: NODE_EXTRA_CA_CERTS ?? "",
        };
    }

    get backend(): string {
        return `file://${this.workspace.stateFolder}`;
    }

    /** Runs a script in bash, as the pipelines do. */
    async bash(script: string, cwd: string, env: Record<string, string>): Promise<CommandResult> {
        const file = join(env["TMPDIR"] ?? tmpdir(), "script.sh");
        writeFileSync(file, script);
        return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], { cwd, env, timeoutMs: 240_000 });
    }

    async close(): Promise<void> {
        this.workspace.endOrphans();
        this.workspace.remove();
        this.service.closeAllConnections();
        await new Promise((done) => this.service.close(done));
        await this.issuer.close();
        await this.tenant.close();
        rmSync(this.folder, { recursive: true, force: true });
    }
}
