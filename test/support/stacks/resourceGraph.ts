// Runs a program of stacks/ with Pulumi's mocks, and returns every resource that it registers. Neither the engine nor a
// plugin runs.
import { resolve } from "node:path";

import type * as Pulumi from "@pulumi/pulumi";

import { GRAPH_ROLES } from "../../../emulator/microsoftGraph/roles";

const ROOT = resolve(__dirname, "../../..");

export const TENANT = "11111111-1111-4111-8111-111111111111";

export interface RegisteredResource {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
}

export interface ResourceGraph {
    readonly resources: RegisteredResource[];
    readonly outputs: Record<string, unknown>;
}

/** Stands in for a provider. An id that it returns contains the name of the resource, except the tenant id. */
function computed({ type, name }: Pulumi.runtime.MockResourceArgs): Record<string, unknown> {
    switch (type.split(":").at(-1)) {
        case "ApplicationRegistration":
            return { clientId: `<client id of ${name}>`, objectId: `<object id of ${name}>` };
        case "RestorePortalApp":
            return {
                applicationId: `<application id of ${name}>`,
                servicePrincipalId: `<service principal of ${name}>`,
                tenantId: TENANT,
            };
        case "PortalCertificate":
            return {
                certificate: { id: `<${name}>`, certificatePem: "<PEM>" },
                pfx: "<PFX>",
                pfxPassword: "<password>",
            };
        default:
            return { objectId: `<object id of ${name}>` };
    }
}

/** Stands in for a provider's functions. */
function answer({ token }: Pulumi.runtime.MockCallArgs): Record<string, unknown> {
    if (token.endsWith(":getClientConfig")) return { tenantId: TENANT, objectId: "<caller>", clientId: "<azure cli>" };
    if (token.endsWith(":getServicePrincipal"))
        return { objectId: "<Microsoft Graph>", appRoleIds: Object.fromEntries(GRAPH_ROLES) };
    throw new Error(`the program calls ${token}, which has no mock`);
}

/** `folder`: a folder of stacks/. If the program fails, rejects with the program's own error. */
export async function resourceGraph(
    folder: string,
    project: string,
    config: Record<string, unknown>,
): Promise<ResourceGraph> {
    jest.resetModules();
    const pulumi = jest.requireActual<typeof Pulumi>("@pulumi/pulumi");
    const resources: RegisteredResource[] = [];
    await pulumi.runtime.setMocks(
        {
            call: answer,
            newResource: (args) => {
                const all = args.inputs as Record<string, unknown>;
                const inputs = Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith("__")));
                resources.push({ type: args.type, name: args.name, inputs });
                return { id: `<id of ${args.name}>`, state: { ...all, ...computed(args) } };
            },
        },
        project,
        "production",
    );
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    pulumi.runtime.setAllConfig(
        Object.fromEntries(
            Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, text(value)]),
        ),
    );
    const exported = jest.requireActual<Record<string, unknown>>(resolve(ROOT, "stacks", folder, "index.ts"));
    const outputs = await promiseOf(pulumi, exported);
    await pulumi.runtime.disconnect();
    const key = ({ type, name }: RegisteredResource) => `${type} ${name}`;
    return { resources: resources.sort((a, b) => (key(a) < key(b) ? -1 : 1)), outputs };
}

function promiseOf<T>(pulumi: typeof Pulumi, value: T): Promise<T> {
    return new Promise((done) => void pulumi.output(value).apply((resolved) => done(resolved as T)));
}
