// Writes resources for the Pulumi Kubernetes Operator. For each stack, one Stack resource deploys every commit, and a
// second Stack resource previews every hour and never deploys. The second uses another service account, so that it can
// only read Entra. Flux or Argo CD keeps these resources in the cluster, so resources for both are written too.
import { UsageError } from "../../command";
import { TOKEN_AUDIENCE, type Job } from "../job";
import { indented, scalar } from "../yaml";
import { IMAGE, NAMESPACE } from "./names";
import { COMPONENT, resultsFile } from "./results";

/** One hour in seconds. */
const HOUR = 3600;
const TOKEN_FOLDER = "/var/run/secrets/entra";

/**
 * The operator refuses a Stack with a longer name. The operator and Kubernetes append 21 characters to the name for a
 * label of the pods, and a label may have at most 63 characters.
 * https://github.com/pulumi/pulumi-kubernetes-operator/issues/899
 */
const MAX_NAME = 42;

const ROLES = { deployer: "AZURE_DEPLOYER_CLIENT_ID", reader: "AZURE_READER_CLIENT_ID" } as const;
type Role = keyof typeof ROLES;

export function kubernetesFiles(job: Job): Map<string, string> {
    assertNames(job);
    const stacks = job.stacks.flatMap((stack) => [deployStack(stack, job), driftStack(stack, job)]);
    return new Map([
        [
            "kubernetes/restore-portal/accounts.yaml",
            written(["deployer", "reader"].map((role) => account(role as Role)).join("---\n")),
        ],
        ["kubernetes/restore-portal/stacks.yaml", written(stacks.join("---\n"))],
        ["kubernetes/restore-portal/results.yaml", written(resultsFile())],
        ["kubernetes/flux.yaml", written(flux(job))],
        ["kubernetes/argo-cd.yaml", written(argoCd(job))],
    ]);
}

const written = (text: string) => `# Written by: npx pulumi-restore-portal pipelines --for kubernetes\n\n${text}`;

function account(role: Role): string {
    const name = `restore-portal-${role}`;
    return `apiVersion: v1
kind: ServiceAccount
metadata:
    name: ${name}
    namespace: ${NAMESPACE}
---
# With this right, the operator's workspace checks who calls it.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
    name: ${NAMESPACE}:${name}:system:auth-delegator
roleRef:
    apiGroup: rbac.authorization.k8s.io
    kind: ClusterRole
    name: system:auth-delegator
subjects:
    - kind: ServiceAccount
      name: ${name}
      namespace: ${NAMESPACE}
`;
}

/**
 * Returns the name in a form that Kubernetes accepts: lower-case letters, digits and hyphens, but no hyphen at its end.
 */
const nameOf = (stack: string) =>
    stack
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, "-")
        .replace(/-+$/, "");
const driftNameOf = (stack: string) => `${nameOf(stack)}-drift`;

function assertNames({ stacks }: Job): void {
    const long = stacks.find((stack) => driftNameOf(stack).length > MAX_NAME);
    if (long === undefined) return;
    throw new UsageError(
        `the name of the Stack resource "${driftNameOf(long)}" has more than ${MAX_NAME} characters; use a shorter name for --stack`,
    );
}

function deployStack(stack: string, job: Job): string {
    return `# Deploys each commit.
apiVersion: pulumi.com/v1
kind: Stack
metadata:
    name: ${scalar(nameOf(stack))}
    namespace: ${NAMESPACE}
spec:
    ${indented(source(stack, job), 4)}
    refresh: true
    destroyOnFinalize: false
    # One customer's failure does not stop the others.
    updateTemplate:
        spec:
            continueOnError: true
    ${indented(workspace("deployer"), 4)}
`;
}

function driftStack(stack: string, job: Job): string {
    return `# Compares Entra with the program every hour, and never writes. The Stack fails if something differs.
apiVersion: pulumi.com/v1
kind: Stack
metadata:
    name: ${scalar(driftNameOf(stack))}
    namespace: ${NAMESPACE}
    labels:
        ${COMPONENT.label}: ${COMPONENT.value}
spec:
    ${indented(source(stack, job), 4)}
    refresh: true
    preview: true
    continueResyncOnCommitMatch: true
    resyncFrequencySeconds: ${HOUR}
    destroyOnFinalize: false
    prerequisites:
        - name: ${scalar(nameOf(stack))}
    updateTemplate:
        spec:
            expectNoChanges: true
    ${indented(workspace("reader"), 4)}
`;
}

function source(stack: string, { repository, branch, folder }: Job): string {
    return `stack: ${scalar(stack)}
projectRepo: ${repository}
branch: ${scalar(branch)}${folder === "." ? "" : `\nrepoDir: ${scalar(folder)}`}`;
}

/**
 * The cluster renews the token in the mounted file. The user creates the ConfigMap `restore-portal`, which contains no
 * secret.
 */
function workspace(role: Role): string {
    const setting = (name: string, key: string) => `- name: ${name}
  valueFrom:
      configMapKeyRef:
          name: restore-portal
          key: ${key}`;
    const settings = ["PULUMI_BACKEND_URL", "AZURE_TENANT_ID"].map((name) => setting(name, name));
    return `serviceAccountName: restore-portal-${role}
workspaceTemplate:
    spec:
        image: ${IMAGE}
        env:
            ${indented([...settings, setting("AZURE_CLIENT_ID", ROLES[role])].join("\n"), 12)}
            - name: AZURE_FEDERATED_TOKEN_FILE
              value: ${TOKEN_FOLDER}/token
            - name: NODE_COMPILE_CACHE
              value: /tmp/node
            - name: PULUMI_HOME
              value: /tmp/pulumi
            - name: npm_config_cache
              value: /tmp/npm
        podTemplate:
            spec:
                containers:
                    - name: pulumi
                      volumeMounts:
                          - name: entra
                            mountPath: ${TOKEN_FOLDER}
                            readOnly: true
                volumes:
                    - name: entra
                      projected:
                          sources:
                              - serviceAccountToken:
                                    audience: ${TOKEN_AUDIENCE}
                                    expirationSeconds: ${HOUR}
                                    path: token`;
}

function flux({ repository, branch }: Job): string {
    return `# For Flux: keeps the resources of the folder restore-portal in the cluster.
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
    name: restore-portal
    namespace: flux-system
spec:
    interval: 5m
    url: ${repository}
    ref:
        branch: ${scalar(branch)}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
    name: restore-portal
    namespace: flux-system
spec:
    interval: 10m
    prune: true
    path: ./kubernetes/restore-portal
    sourceRef:
        kind: GitRepository
        name: restore-portal
`;
}

function argoCd({ repository, branch }: Job): string {
    return `# For Argo CD: keeps the resources of the folder restore-portal in the cluster.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
    name: restore-portal
    namespace: argocd
spec:
    project: default
    source:
        repoURL: ${repository}
        targetRevision: ${scalar(branch)}
        path: kubernetes/restore-portal
    destination:
        server: https://kubernetes.default.svc
        namespace: ${NAMESPACE}
    syncPolicy:
        automated:
            prune: true
            selfHeal: true
`;
}
