// Describes the federated credentials that let pipelines sign in to Entra without a secret.
import type { Input } from "@pulumi/pulumi";

import { Entry, IDENTITIES, type IdentityName } from "./entry";

/** A federated credential. Entra compares its issuer and its subject with the pipeline's token. */
export interface PipelineCredential {
    /**
     * The name in Entra. Nobody can rename a credential, and another name means another credential. So the name depends
     * only on the fields of the pipeline, and not on its place in the list.
     */
    readonly name: string;
    readonly issuer: Input<string>;
    readonly subject: string;
    readonly description: string;
}

export interface Pipeline {
    readonly name: string;
    readonly identity: IdentityName;
    readonly credentials: readonly PipelineCredential[];
    /** Environment variables that the pipeline sets, besides the tenant ID and the client ID of the identity. */
    readonly variables: Readonly<Record<string, string>>;
    /** The prefix of the environment variables for the tenant ID and the client ID, such as `ARM_TENANT_ID`. */
    readonly prefix: "ARM" | "AZURE";
}

export interface Surroundings {
    /**
     * Entra as the issuer for new service connections of Azure DevOps:
     * `https://login.microsoftonline.com/<tenant>/v2.0`.
     */
    readonly tenantIssuer: Input<string>;
    /** Whether the applications are multi-tenant. Azure DevOps keeps its old issuer for multi-tenant applications. */
    readonly multiTenant: boolean;
}

/** Entra stores at most this many federated credentials per application. */
const MAX_CREDENTIALS = 20;
const GITHUB = "https://token.actions.githubusercontent.com";
const AZURE_DEVOPS = "https://vstoken.dev.azure.com";

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const NUMBER = /^\d+$/;
const URL_FORM = /^https:\/\/[^\s/]+(\/\S*)?$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Parts = Pick<Pipeline, "name" | "credentials" | "variables" | "prefix">;

/**
 * GitHub writes a subject in one of two forms. For repositories that were created or renamed since 15 July 2026, the
 * subject contains the ids of owner and repository, so that nobody can misuse a deleted name. For older repositories,
 * the subject contains no ids, but a repository can change to the new form. So the stack registers both forms.
 * https://learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects
 */
function github(entry: Entry): Parts {
    const repository = entry.text("repository", 'owner and name, such as "contoso/portal"', REPOSITORY);
    const [owner = "", name = ""] = repository.split("/");
    const { label, claim } = githubTrigger(entry);
    // GitHub Enterprise Server has its own issuer and no subjects with ids.
    const issuerHint = 'the issuer of a GitHub Enterprise Server, such as "https://github.contoso.com/_services/token"';
    const issuer = entry.optional("issuer", issuerHint, URL_FORM);
    const ids = issuer === undefined ? idsOf(entry, repository) : undefined;
    const base = `github-${owner}-${name}-${label}`;
    const description = `GitHub ${repository}, ${label.replace("-", " ")}`;
    const named = { name: base, issuer: issuer ?? GITHUB, subject: `repo:${repository}:${claim}`, description };
    const credentials =
        ids === undefined
            ? [named]
            : [
                  named,
                  {
                      name: `${base}-ids`,
                      issuer: GITHUB,
                      subject: `repo:${owner}@${ids.owner}/${name}@${ids.repository}:${claim}`,
                      description: `${description}, subject with ids`,
                  },
              ];
    return { name: base, credentials, variables: { ARM_USE_OIDC: "true" }, prefix: "ARM" };
}

function githubTrigger(entry: Entry): { label: string; claim: string } {
    const branch = entry.optional("branch", 'a branch, such as "main"');
    const environment = entry.optional("environment", 'an environment, such as "production"');
    const pullRequest = entry.flag("pullRequest");
    const triggers = [
        ...(branch === undefined ? [] : [{ label: `branch-${branch}`, claim: `ref:refs/heads/${branch}` }]),
        ...(environment === undefined
            ? []
            : [{ label: `environment-${environment}`, claim: `environment:${environment}` }]),
        ...(pullRequest ? [{ label: "pull-request", claim: "pull_request" }] : []),
    ];
    const [trigger] = triggers;
    if (trigger === undefined || triggers.length > 1)
        return entry.fail("give exactly one of branch, environment and pullRequest: true");
    return trigger;
}

function idsOf(entry: Entry, repository: string) {
    const hint = (id: string) => `the number that \`gh api repos/${repository} --jq ${id}\` prints`;
    return {
        owner: entry.text("ownerId", hint(".owner.id"), NUMBER),
        repository: entry.text("repositoryId", hint(".id"), NUMBER),
    };
}

/** https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
function gitlab(entry: Entry): Parts {
    const project = entry.text("project", 'the path of the project, such as "contoso/portal"', /^[\w.-]+(\/[\w.-]+)+$/);
    const branch = entry.text("branch", 'a branch, such as "main"');
    const issuerHint = 'the URL of the GitLab instance, such as "https://gitlab.contoso.com"';
    const issuer = entry.optional("issuer", issuerHint, URL_FORM) ?? "https://gitlab.com";
    const name = `gitlab-${project}-branch-${branch}`;
    const subject = `project_path:${project}:ref_type:branch:ref:${branch}`;
    const description = `GitLab ${project}, branch ${branch}`;
    return { name, credentials: [{ name, issuer, subject, description }], variables: {}, prefix: "ARM" };
}

/**
 * Since November 2025, Azure DevOps creates service connections with Entra as issuer. Azure DevOps is the issuer for
 * older connections, for multi-tenant applications and in national clouds. A connection of a single-tenant application
 * can be converted, so the stack registers both issuers for it.
 * https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
function azureDevOps(entry: Entry, { tenantIssuer, multiTenant }: Surroundings): Parts {
    const organization = entry.text("organization", "the name of the organization");
    const organizationId = entry.text("organizationId", "the GUID of the organization", UUID);
    const project = entry.text("project", "the name of the project");
    const connection = entry.text("serviceConnection", "the name of the service connection");
    const connectionId = entry.text("serviceConnectionId", "the GUID of the service connection", UUID);
    const generated = entry.optional("subject", "the subject identifier that the service connection's page shows");
    if (multiTenant && generated !== undefined)
        entry.fail(
            "subject must be left out if multiTenant is true, because Azure DevOps, and not Entra, then issues the tokens",
        );
    if (!multiTenant && generated === undefined)
        entry.fail("subject is missing: give the subject identifier that the service connection's page shows");
    const name = `azure-devops-${organization}-${project}-${connection}`;
    const description = `Azure DevOps ${organization}/${project}, service connection ${connection}`;
    const old = {
        name,
        issuer: `${AZURE_DEVOPS}/${organizationId}`,
        subject: `sc://${organization}/${project}/${connection}`,
        description,
    };
    const issued =
        generated === undefined
            ? []
            : [
                  {
                      name: `${name}-entra`,
                      issuer: tenantIssuer,
                      subject: generated,
                      description: `${description}, Entra`,
                  },
              ];
    const variables = { ARM_USE_OIDC: "true", ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID: connectionId };
    return { name, credentials: [old, ...issued], variables, prefix: "ARM" };
}

/** https://azure.github.io/azure-workload-identity/docs/topics/federated-identity-credential.html */
function kubernetes(entry: Entry): Parts {
    const issuer = entry.text("issuer", "the cluster's OIDC issuer URL, which begins with https://", URL_FORM);
    const namespace = entry.text("namespace", "the namespace of the service account");
    const account = entry.text("serviceAccount", "the name of the service account");
    const name = `kubernetes-${namespace}-${account}`;
    const subject = `system:serviceaccount:${namespace}:${account}`;
    const description = `Kubernetes service account ${namespace}/${account}`;
    return { name, credentials: [{ name, issuer, subject, description }], variables: {}, prefix: "AZURE" };
}

const SYSTEMS: Readonly<Record<string, (entry: Entry, surroundings: Surroundings) => Parts>> = {
    github,
    gitlab,
    "azure-devops": azureDevOps,
    kubernetes,
};

/** Reads the list `pipelines` of the configuration. Any mistake ends the program before it registers a resource. */
export function pipelinesOf(entries: unknown, surroundings: Surroundings): Pipeline[] {
    if (!Array.isArray(entries)) throw new Error("configuration pipelines must be a list");
    const pipelines = entries.map((values: unknown, index) => {
        const position = `pipelines[${index}]`;
        if (typeof values !== "object" || values === null)
            throw new Error(`configuration ${position} must be an object such as { system: github, ... }`);
        const system = "system" in values ? values.system : undefined;
        const read = typeof system === "string" && Object.hasOwn(SYSTEMS, system) ? SYSTEMS[system] : undefined;
        const got = system === undefined ? "" : `, got ${JSON.stringify(system)}`;
        if (!read)
            throw new Error(
                `configuration ${position}: system must be one of ${Object.keys(SYSTEMS).join(", ")}${got}`,
            );
        const entry = new Entry({ ...values }, position);
        const parts = read(entry, surroundings);
        entry.refuseUnknown();
        return { ...renamed(parts), identity: entry.identity };
    });
    for (const identity of IDENTITIES) assertCredentials(pipelines, identity);
    return pipelines;
}

/** Entra accepts only letters, digits, hyphens and underscores in a credential's name, and at most 120 characters. */
function renamed(parts: Parts): Parts {
    const nameOf = (text: string) => text.replace(/[^\w-]+/g, "-").slice(0, 120);
    const credentials = parts.credentials.map((credential) => ({ ...credential, name: nameOf(credential.name) }));
    return { ...parts, name: nameOf(parts.name), credentials };
}

function assertCredentials(pipelines: readonly Pipeline[], identity: IdentityName): void {
    const credentials = pipelines
        .filter((pipeline) => pipeline.identity === identity)
        .flatMap((one) => one.credentials);
    if (credentials.length > MAX_CREDENTIALS)
        throw new Error(
            `configuration pipelines: the ${identity} would have ${credentials.length} federated credentials, and Entra allows ${MAX_CREDENTIALS}; ` +
                "let pipelines share one entry (the same branch, environment, service connection or service account)",
        );
    const names = credentials.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
        throw new Error(
            `configuration pipelines: the ${identity} would have two federated credentials with the name ${twice}; change an entry that results in this name (for example its branch or its environment), or remove it`,
        );
}
