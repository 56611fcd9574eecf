// Checks every resource that the program stacks/deployer registers, and the mistakes that the program refuses. The
// program makes the deploying identity, and a read-only identity if a pipeline uses it.
import { pipelinesOf } from "../../stacks/deployer/pipelines";
import golden from "../golden/stacks/deployer.json";
import { sayMocks } from "../support/stacks/azureadPlugin";
import { resourceGraph, type RegisteredResource } from "../support/stacks/resourceGraph";

sayMocks("stacks/deployer");

const ORGANIZATION = "22222222-2222-4222-8222-222222222222";
const CONNECTION = "33333333-3333-4333-8333-333333333333";

const deployer = (config: Record<string, unknown>) => resourceGraph("deployer", "restore-portal-deployer", config);

const GITHUB = { system: "github", repository: "contoso/portal", ownerId: 12, repositoryId: 345 };
const AZURE_DEVOPS = {
    system: "azure-devops",
    organization: "contoso",
    organizationId: ORGANIZATION,
    project: "Backup",
    serviceConnection: "Restore Portal",
    serviceConnectionId: CONNECTION,
};
const PIPELINES = [
    { ...GITHUB, branch: "main" },
    { ...GITHUB, environment: "production" },
    { ...GITHUB, pullRequest: true, identity: "reader" },
    { system: "gitlab", project: "contoso/backup/portal", branch: "main" },
    { ...AZURE_DEVOPS, subject: "/eid1/c/pub/t/abc/a/def/sc/1/2" },
    { system: "kubernetes", issuer: "https://oidc.contoso.com/cluster", namespace: "pulumi", serviceAccount: "portal" },
];

const ofType = (resources: readonly RegisteredResource[], type: string) =>
    resources.filter((one) => one.type.toLowerCase().endsWith(`:${type.toLowerCase()}`));

test("every resource with its inputs is as in the golden file", async () => {
    const graph = await deployer({
        pipelines: PIPELINES,
        auditLog: true,
        ownedApplications: ["44444444-4444-4444-8444-444444444444"],
    });
    expect(graph).toEqual(golden);
});

test("without pipelines there is one identity, with two roles and no credential", async () => {
    const { resources, outputs } = await deployer({});
    expect(ofType(resources, "appRoleAssignment").map(({ name }) => name)).toEqual([
        "deployer-Application.ReadWrite.OwnedBy",
        "deployer-DelegatedPermissionGrant.ReadWrite.All",
    ]);
    expect(ofType(resources, "applicationFederatedIdentityCredential")).toEqual([]);
    expect(outputs["pipelineVariables"]).toEqual({});
});

test("the caller stays an owner of each service principal", async () => {
    const { resources } = await deployer({ pipelines: PIPELINES });
    const owners = ofType(resources, "servicePrincipal").map(({ inputs }) => inputs["owners"]);
    expect(owners).toEqual([["<caller>"], ["<caller>"]]);
});

test("a multi-tenant identity gets Azure DevOps' own issuer alone", async () => {
    const { resources } = await deployer({ multiTenant: true, pipelines: [AZURE_DEVOPS] });
    expect(ofType(resources, "applicationRegistration")[0]?.inputs).toMatchObject({
        signInAudience: "AzureADMultipleOrgs",
    });
    expect(ofType(resources, "applicationFederatedIdentityCredential").map(({ inputs }) => inputs)).toMatchObject([
        {
            issuer: `https://vstoken.dev.azure.com/${ORGANIZATION}`,
            subject: "sc://contoso/Backup/Restore Portal",
        },
    ]);
});

test("a GitHub Enterprise Server has its own issuer and one form of subject", () => {
    const entry = { system: "github", repository: "a/b", branch: "main", issuer: "https://github.contoso.com/_t" };
    const [pipeline] = pipelinesOf([entry], { tenantIssuer: "", multiTenant: false });
    expect(pipeline?.credentials).toMatchObject([{ issuer: entry.issuer, subject: "repo:a/b:ref:refs/heads/main" }]);
});

test("tokens of another cloud have their own audience", async () => {
    const { resources } = await deployer({ "azuread:environment": "usgovernment", pipelines: [PIPELINES[3]] });
    expect(ofType(resources, "applicationFederatedIdentityCredential")[0]?.inputs["audiences"]).toEqual([
        "api://AzureADTokenExchangeUSGov",
    ]);
});

describe("the program refuses", () => {
    const many = Array.from({ length: 21 }, (_, n) => ({
        system: "gitlab",
        project: "contoso/portal",
        branch: `b${n}`,
    }));
    const rows: [what: string, pipelines: unknown, message: RegExp][] = [
        [
            "an unknown system",
            [{ system: "jenkins" }],
            /pipelines\[0\]: system must be one of github, gitlab.*, got "jenkins"$/,
        ],
        ["no system", [{ project: "a/b" }], /pipelines\[0\]: system must be one of (?!.*got)/],
        ["an entry that is a text", ["github"], /pipelines\[0\] must be an object/],
        ["no list", { system: "github" }, /pipelines must be a list/],
        ["a missing project", [{ system: "gitlab", branch: "main" }], /project is missing: give the path/],
        ["a repository without owner", [{ ...GITHUB, repository: "portal" }], /repository must be owner and name/],
        ["two triggers", [{ ...GITHUB, branch: "main", pullRequest: true }], /exactly one of branch, environment/],
        ["no trigger", [GITHUB], /exactly one of branch, environment/],
        [
            "GitHub without ids",
            [{ system: "github", repository: "contoso/portal", branch: "main" }],
            /ownerId is missing: give the number that `gh api repos\/contoso\/portal --jq \.owner\.id` prints/,
        ],
        ["an unknown field", [{ ...GITHUB, branch: "main", enviroment: "x" }], /enviroment is unknown here/],
        [
            "unknown fields",
            [{ ...GITHUB, branch: "main", a: 1, b: 2 }],
            /: a, b are unknown here; the known fields are /,
        ],
        [
            "an unknown identity",
            [{ ...GITHUB, branch: "main", identity: "writer" }],
            /identity must be deployer or reader/,
        ],
        ["Azure DevOps without subject", [AZURE_DEVOPS], /subject is missing/],
        [
            "the same pipeline twice",
            [PIPELINES[3], PIPELINES[3]],
            /the deployer would have two federated credentials with the name /,
        ],
        ["more credentials than Entra allows", many, /would have 21 federated credentials, and Entra allows 20/],
    ];
    test.each(rows)("%s", (_what, pipelines, message) => {
        expect(() => pipelinesOf(pipelines, { tenantIssuer: "", multiTenant: false })).toThrow(message);
    });

    test("a mistake in the configuration before it registers anything", async () => {
        await expect(deployer({ pipelines: [{ system: "jenkins" }] })).rejects.toThrow(
            /pipelines\[0\]: system must be/,
        );
    });

    test("an unknown cloud", async () => {
        await expect(deployer({ "azuread:environment": "mars" })).rejects.toThrow(/azuread:environment must be one of/);
    });
});
