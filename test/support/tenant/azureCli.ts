// Runs the real Azure CLI on the embedded tenant, if `az` is on PATH. A separate folder contains its configuration.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeIf } from "../describeIf";
import { run, type CommandResult } from "../engine/workspace";
import type { TestTenant } from "./testTenant";

const version = spawnSync("az", ["version", "--output", "json"], { encoding: "utf8", timeout: 120_000 });

export function describeWithAzureCli(name: string, tests: () => void): void {
    const isThere = version.status === 0;
    const how = isThere
        ? `run with az ${(JSON.parse(version.stdout) as Record<string, string>)["azure-cli"] ?? ""}`
        : "were left out: az is not on PATH";
    describeIf({ program: "Azure CLI", isThere, how }, name, tests);
}

export class AzureCli {
    readonly folder = mkdtempSync(join(tmpdir(), "azure-cli-"));

    private constructor(private readonly tenant: TestTenant) {}

    /** Registers the embedded tenant as a cloud, and selects this cloud. */
    static async start(tenant: TestTenant): Promise<AzureCli> {
        const cli = new AzureCli(tenant);
        const { url } = tenant.emulator;
        const endpoints = {
            "active-directory": url,
            "active-directory-graph-resource-id": `${url}/`,
            "active-directory-resource-id": "https://management.core.windows.net/",
            management: `${url}/`,
            "microsoft-graph-resource-id": `${url}/`,
            "resource-manager": `${url}/`,
        };
        const named = Object.entries(endpoints).flatMap(([name, value]) => [`--endpoint-${name}`, value]);
        await cli.text("cloud", "register", "--name", "Embedded", ...named);
        await cli.text("cloud", "set", "--name", "Embedded");
        return cli;
    }

    get env(): Record<string, string> {
        return {
            PATH: process.env["PATH"] ?? "",
            HOME: this.folder,
            AZURE_CONFIG_DIR: this.folder,
            AZURE_CORE_COLLECT_TELEMETRY: "false",
            // Without this setting, the CLI would ask Microsoft's own sign-in host whether the tenant's host is valid.
            AZURE_CORE_INSTANCE_DISCOVERY: "false",
            REQUESTS_CA_BUNDLE: this.tenant.emulator.caFile,
        };
    }

    run(...args: string[]): Promise<CommandResult> {
        return run("az", args, { cwd: this.folder, env: this.env, timeoutMs: 120_000 });
    }

    async text(...args: string[]): Promise<string> {
        const { code, stdout, stderr } = await this.run(...args);
        if (code !== 0) throw new Error(`az ${args.slice(0, 3).join(" ")}: exit code ${code}\n${stderr}`);
        return stdout.trim();
    }

    async json<T>(...args: string[]): Promise<T> {
        const text = await this.text(...args, "--output", "json");
        return (text === "" ? undefined : JSON.parse(text)) as T;
    }

    /** Signs in as an application, with its secret or with a file that has its certificate and key. */
    async login(clientId: string, proof: { readonly secret: string } | { readonly pem: string }): Promise<void> {
        const given = "secret" in proof ? ["--password", proof.secret] : ["--certificate", this.write(proof.pem)];
        const who = ["--service-principal", "--username", clientId, "--tenant", this.tenant.tenantId];
        await this.text("login", ...who, ...given, "--allow-no-subscriptions");
    }

    private write(pem: string): string {
        const path = join(this.folder, "client.pem");
        writeFileSync(path, pem, { mode: 0o600 });
        return path;
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
