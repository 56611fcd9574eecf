// Defines the schema of the resource Stack, as version 2.9.0 of the Pulumi Kubernetes Operator defines it. The schema
// has only the fields that a pipeline of this package may use.
const text = { type: "string" };
const flag = { type: "boolean" };
const whole = { type: "integer" };
const list = (items: object) => ({ type: "array", items });

function object(properties: object, ...required: readonly string[]) {
    return { type: "object", properties, required, additionalProperties: false };
}

const METADATA = object({ name: text, namespace: text, labels: { type: "object" } }, "name");

const ENV = object(
    {
        name: text,
        value: text,
        valueFrom: object({ configMapKeyRef: object({ name: text, key: text }, "name", "key") }),
    },
    "name",
);

const PROJECTED = object({
    sources: list(
        object({
            serviceAccountToken: object(
                { audience: text, expirationSeconds: { ...whole, minimum: 600 }, path: text },
                "path",
            ),
        }),
    ),
});

const WORKSPACE = object({
    image: text,
    env: list(ENV),
    securityProfile: { enum: ["baseline", "restricted"] },
    serviceAccountName: text,
    podTemplate: object({
        spec: object({
            containers: list(
                object(
                    { name: text, volumeMounts: list(object({ name: text, mountPath: text, readOnly: flag })) },
                    "name",
                ),
            ),
            volumes: list(object({ name: text, projected: PROJECTED }, "name")),
        }),
    }),
});

/** These are fields of an Update. A Stack has them in its template for Updates. */
const UPDATE = object({ expectNoChanges: flag, continueOnError: flag, parallel: whole });

export const STACK = object(
    {
        apiVersion: { const: "pulumi.com/v1" },
        kind: { const: "Stack" },
        metadata: METADATA,
        spec: object(
            {
                stack: text,
                backend: text,
                projectRepo: text,
                branch: text,
                repoDir: text,
                fluxSource: { type: "object" },
                gitAuth: { type: "object" },
                refresh: flag,
                preview: flag,
                expectNoRefreshChanges: flag,
                continueResyncOnCommitMatch: flag,
                resyncFrequencySeconds: { ...whole, minimum: 60 },
                retryMaxBackoffDurationSeconds: whole,
                destroyOnFinalize: flag,
                prerequisites: list(object({ name: text }, "name")),
                secretsProvider: text,
                serviceAccountName: text,
                updateTemplate: object({ spec: UPDATE }),
                workspaceTemplate: object({ spec: WORKSPACE }),
            },
            "stack",
        ),
    },
    "apiVersion",
    "kind",
    "metadata",
    "spec",
);

/**
 * The greatest length of a Stack's name, in characters. The operator derives the longer names of other objects from
 * this name, and Kubernetes limits the length of names.
 */
export const MAX_NAME = 42;
