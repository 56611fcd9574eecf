// Writes a CronJob that labels each drift Stack with the result of its last preview. The operator itself only detects
// whether a preview failed. After three failed previews, the operator stops previewing the Stack, so the CronJob also
// requests the next preview.
import { CODES, EVERY_HOUR, MINUTES } from "../job";
import { indented } from "../yaml";
import { IMAGE, NAMESPACE } from "./names";

/** The CronJob selects the drift Stacks by this label. */
export const COMPONENT = { label: "app.kubernetes.io/component", value: "drift" } as const;
/**
 * The Stacks in the written files do not have this label. Otherwise Flux and Argo CD would replace the result with the
 * value in the file.
 */
export const RESULT_LABEL = "restore-portal/drift";
export const RESULTS = {
    asDeclared: "as-declared",
    drift: "differs",
    notReadable: "not-readable",
    failed: "failed",
} as const;

const NAME = "restore-portal-drift";
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The operator's message about a failed preview contains the exit code and the output of the preview. */
const SCRIPT = [
    'const { readFileSync } = require("node:fs");',
    `const stacks = "https://kubernetes.default.svc/apis/pulumi.com/v1/namespaces/${NAMESPACE}/stacks";`,
    "async function call(path, options) {",
    `    const token = readFileSync("${ACCOUNT}/token", "utf8");`,
    '    const headers = { Authorization: "Bearer " + token, "Content-Type": "application/merge-patch+json" };',
    "    const answer = await fetch(stacks + path, { ...options, headers });",
    '    if (!answer.ok) throw new Error(path + ": " + answer.status + " " + (await answer.text()));',
    "    return answer.json();",
    "}",
    'function resultOf({ state, message = "" }) {',
    `    if (state === "succeeded") return "${RESULTS.asDeclared}";`,
    `    if (!/^code: ${CODES.drift}$/m.test(message)) return "${RESULTS.failed}";`,
    `    return message.includes("not readable: ") ? "${RESULTS.notReadable}" : "${RESULTS.drift}";`,
    "}",
    "async function main() {",
    `    const { items } = await call("?labelSelector=${encodeURIComponent(`${COMPONENT.label}=${COMPONENT.value}`)}");`,
    "    for (const { metadata: { name }, status } of items) {",
    "        if (!status?.lastUpdate) continue;",
    "        const result = resultOf(status.lastUpdate);",
    '        console.log(name + ": " + result);',
    "        // After three failed previews, the operator previews again only if there is a new request.",
    `        const isOver = result === "${RESULTS.asDeclared}";`,
    '        const annotations = isOver ? {} : { "pulumi.com/reconciliation-request": new Date().toISOString() };',
    `        const metadata = { labels: { "${RESULT_LABEL}": result }, annotations };`,
    '        await call("/" + name, { method: "PATCH", body: JSON.stringify({ metadata }) });',
    "    }",
    "}",
    "main().catch((error) => {",
    "    console.error(error);",
    "    process.exitCode = 1;",
    "});",
];

export function resultsFile(): string {
    return `${role()}---\n${cronJob()}`;
}

function role(): string {
    const metadata = `metadata:\n    name: ${NAME}\n    namespace: ${NAMESPACE}`;
    return `apiVersion: v1
kind: ServiceAccount
${metadata}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${metadata}
rules:
    - apiGroups: [pulumi.com]
      resources: [stacks]
      verbs: [list, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
${metadata}
roleRef:
    apiGroup: rbac.authorization.k8s.io
    kind: Role
    name: ${NAME}
subjects:
    - kind: ServiceAccount
      name: ${NAME}
      namespace: ${NAMESPACE}
`;
}

function cronJob(): string {
    return `# Writes the result of each preview into the label ${RESULT_LABEL} of its Stack: ${Object.values(RESULTS).join(", ")}.
apiVersion: batch/v1
kind: CronJob
metadata:
    name: ${NAME}
    namespace: ${NAMESPACE}
spec:
    schedule: "${EVERY_HOUR}"
    concurrencyPolicy: Forbid
    jobTemplate:
        spec:
            backoffLimit: 2
            activeDeadlineSeconds: ${MINUTES.note * 60}
            template:
                spec:
                    restartPolicy: Never
                    serviceAccountName: ${NAME}
                    securityContext:
                        runAsNonRoot: true
                        runAsUser: 1000
                        seccompProfile:
                            type: RuntimeDefault
                    containers:
                        - name: results
                          image: ${IMAGE}
                          securityContext:
                              allowPrivilegeEscalation: false
                              capabilities:
                                  drop: [ALL]
                          env:
                              - name: NODE_EXTRA_CA_CERTS
                                value: ${ACCOUNT}/ca.crt
                          command:
                              - node
                              - --eval
                              - |
                                  ${indented(SCRIPT.join("\n"), 34)}
`;
}
