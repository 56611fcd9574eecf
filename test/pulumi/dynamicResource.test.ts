// Checks the resource classes in a program, before any hook runs: errors, names of arguments, and secret outputs.
import * as pulumi from "@pulumi/pulumi";

import { PortalCertificate, PortalServer, PortalTenantConsent, RestorePortalApp } from "../../provider";

type Json = Record<string, unknown>;
type ResourceClass = new (name: string, args: never, options?: pulumi.CustomResourceOptions) => pulumi.Resource;

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const portalUrl = "https://portal.abc.com:4443";
/** Each resource with its arguments. `remedy`: the advice to a program that sets the option `id` or `import`. */
const RESOURCES: [Resource: ResourceClass, args: Json, remedy: RegExp][] = [
    [RestorePortalApp, { portalUrl, displayName: "Portal" }, /give its Application ID as the argument applicationId/],
    [PortalCertificate, { source: { generate: { name: "x" } } }, /give the argument source\.pfx or source\.store/],
    [PortalServer, { portalUrl, applicationId: APP_ID }, /declare the resource with portalUrl and applicationId/],
    [
        PortalTenantConsent,
        { applicationId: APP_ID, tenantId: "contoso.com" },
        /declare the resource with applicationId and tenantId/,
    ],
];
const rows = RESOURCES.map(([Resource, args, remedy]) => [Resource.name, Resource, args, remedy] as const);

/** The inputs that the engine receives, by the name of the resource. */
const declared = new Map<string, Json>();
beforeAll(() =>
    pulumi.runtime.setMocks(
        {
            newResource: ({ name, inputs }) => {
                declared.set(name, inputs as Json);
                return { id: "id", state: inputs as object };
            },
            call: () => ({}),
        },
        "project",
        "stack",
        false,
        "organization",
    ),
);

/** Returns the names of the outputs that the program tells the engine to keep secret. */
async function secretOutputsOf(declare: () => pulumi.Resource): Promise<string[]> {
    const monitor = pulumi.runtime.getMonitor();
    if (!monitor) throw new Error("the mocks are not set");
    const registered = jest.spyOn(monitor, "registerResource");
    await new Promise((done) => declare().urn.apply(done));
    const request = registered.mock.calls.at(-1)?.[0] as { getAdditionalsecretoutputsList(): string[] } | undefined;
    registered.mockRestore();
    return request?.getAdditionalsecretoutputsList() ?? [];
}

/** Declares a portal in a function whose name the stack trace must contain. */
function portalWithoutName(): RestorePortalApp {
    return new RestorePortalApp("", { portalUrl: "https://portal.abc.com:4443" });
}

function thrownBy(run: () => unknown): Error {
    try {
        run();
    } catch (error) {
        return error as Error;
    }
    throw new Error("the function must throw, but it succeeded");
}

test("an error of the SDK has the stack trace of the program", () => {
    const { message, stack } = thrownBy(portalWithoutName);
    expect(message).toContain("Missing resource name");
    expect(stack?.split("\n")[1]).toContain("portalWithoutName");
});

test("the program's own errors keep their stack traces, after a resource and after a refused one", () => {
    const { stackTraceLimit } = Error;
    expect(stackTraceLimit).toBeGreaterThan(0);
    new RestorePortalApp("portal", { portalUrl: "https://portal.abc.com:4443" });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    thrownBy(portalWithoutName);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("a portal records one stack trace, not several for each property", () => {
    const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
    let traces = 0;
    Error.prepareStackTrace = (error, frames) => {
        if (frames.length > 0) traces++;
        return String(error);
    };
    try {
        new RestorePortalApp("traced", { portalUrl: "https://portal.abc.com:4443" });
    } finally {
        if (before) Object.defineProperty(Error, "prepareStackTrace", before);
        else Reflect.deleteProperty(Error, "prepareStackTrace");
    }
    expect(traces).toBe(1);
});

describe.each(rows)("%s", (className, Resource, args, remedy) => {
    test(".get() says how to use the outputs, and how to manage an existing object", () => {
        const readable = Resource as unknown as { get: (name: string, id: string) => unknown };
        const { message } = thrownBy(() => readable.get("portal", APP_ID));
        expect(message).toContain(`${className}.get("portal")`);
        expect(message).toMatch(/pulumi\.StackReference; to manage an existing object, declare new \w+\(\.\.\.\)/);
    });

    test.each(["id", "import"])("the option %s says what to do instead, before anything is registered", (option) => {
        const name = `${className}-${option}`;
        const { message } = thrownBy(() => new Resource(name, args as never, { [option]: APP_ID }));
        expect(message).toContain(`${className} "${name}": a dynamic resource does not support the option ${option}`);
        expect(message).toMatch(remedy);
        expect(declared.has(name)).toBe(false);
    });

    test("arguments that are one Output arrive under their names", async () => {
        const name = `${className}-output`;
        const { urn } = new Resource(name, pulumi.output(args) as never);
        await new Promise((done) => urn.apply(done));
        expect(declared.get(name)).toMatchObject(args);
    });
});

describe("an output that repeats a secret argument is secret:", () => {
    const { secret } = pulumi;
    const secrets: [name: string, declare: (name: string) => pulumi.Resource, outputs: string[]][] = [
        [
            "the tenant of a portal",
            (name) => new RestorePortalApp(name, { portalUrl, tenantId: secret("contoso.com") }),
            ["authority", "consentUrl"],
        ],
        [
            "the Application ID of a portal",
            (name) => new RestorePortalApp(name, { portalUrl, applicationId: secret(APP_ID) }),
            ["apiScope", "consentUrl"],
        ],
        [
            "an additional address in a list",
            (name) => new RestorePortalApp(name, { portalUrl, additionalPortalUrls: [secret(portalUrl)] }),
            ["desired"],
        ],
        [
            "the name of a certificate",
            (name) => new PortalCertificate(name, { source: { generate: { name: secret("x") } } }),
            ["certificate"],
        ],
        [
            "the tenant of a customer",
            (name) => new PortalTenantConsent(name, { applicationId: APP_ID, tenantId: secret("contoso.com") }),
            ["authority", "consentUrl"],
        ],
        [
            "the address of a portal server",
            (name) => new PortalServer(name, { portalUrl: secret(portalUrl), applicationId: APP_ID }),
            ["desired"],
        ],
        [
            "all arguments, as one secret Output",
            (name) => new RestorePortalApp(name, secret({ portalUrl, displayName: "Portal" })),
            ["desired", "managed", "certificates"],
        ],
    ];
    test.each(secrets)("%s", async (name, declare, outputs) => {
        expect(await secretOutputsOf(() => declare(name))).toEqual(expect.arrayContaining(outputs));
    });

    test("and no other one", async () => {
        const secretOutputs = await secretOutputsOf(() => new RestorePortalApp("plain", { portalUrl }));
        expect(secretOutputs).not.toContain("authority");
    });
});
