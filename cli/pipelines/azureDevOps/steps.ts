// Writes the steps and jobs that occur several times in the pipeline, and the template with the first steps of its
// jobs.
import { COMMANDS, MINUTES, NODE_VERSION, PULUMI_VERSION, type Job } from "../job";
import { block, indented, scalar } from "../yaml";
import { DEPLOY, SIGN_IN } from "./scripts";

export const SETUP = "restore-portal-setup.yml";

export function deployment(stack: string, job: Job): string {
    return `- deployment: ${matrixName(stack)}
  displayName: Deployment of ${stack}
  environment: production
  timeoutInMinutes: "${MINUTES.deploy}"
  variables:
      stack: ${scalar(stack)}
  strategy:
      runOnce:
          deploy:
              steps:
                  - checkout: self
                  - template: ${SETUP}
                  ${indented(azureStep("Deploy", "restore-portal-deployer", DEPLOY, job, ["RECOVER: ${{ parameters.recover }}"]), 18)}`;
}

/** Azure DevOps allows only letters, digits and underscores in the name of a job, and no digit at its beginning. */
export const matrixName = (stack: string) => stack.replace(/\W/g, "_").replace(/^(?=\d)/, "stack_");

export function azureStep(
    name: string,
    connection: string,
    script: readonly string[],
    { folder }: Job,
    more: readonly string[] = [],
): string {
    const env = ["SYSTEM_ACCESSTOKEN: $(System.AccessToken)", "STACK: $(stack)", ...more];
    return `- task: AzureCLI@2
  displayName: ${name}
  inputs:
      azureSubscription: ${connection}
      addSpnToEnvironment: true
      scriptType: bash
      scriptLocation: inlineScript
      workingDirectory: ${scalar(folder)}
      inlineScript: ${block([...SIGN_IN, ...script], 6)}
  env:
      ${indented(env.join("\n"), 6)}`;
}

/** Writes the template of the steps with which each job begins, except for the job that only prints a note. */
export function setUp({ folder }: Job): string {
    const lock = folder === "." ? "package-lock.json" : `${folder}/package-lock.json`;
    const cache = (name: string, key: string, path: string) => `- task: Cache@2
  displayName: ${name}
  inputs:
      key: ${key}
      path: ${path}`;
    const packages = `restore-portal | "$(Agent.OS)" | node${NODE_VERSION}`;
    return `# Node, the packages and Pulumi, for azure-pipelines.yml.
# Written by: npx pulumi-restore-portal pipelines --for azure-devops

steps:
    - task: NodeTool@0
      displayName: Node
      inputs:
          versionSpec: ${NODE_VERSION}.x
    ${indented(cache("Packages of npm", `${packages} | npm | ${lock}`, "$(Pipeline.Workspace)/.npm"), 4)}
    ${indented(cache("Plugins", `${packages} | plugins | ${lock}`, "$(Pipeline.Workspace)/.pulumi/plugins"), 4)}
    ${indented(cache("Modules that Node has compiled", `${packages} | modules | ${lock}`, "$(Pipeline.Workspace)/.node"), 4)}
    ${indented(cache("Pulumi", `restore-portal | "$(Agent.OS)" | pulumi-${PULUMI_VERSION}`, "$(Pipeline.Workspace)/pulumi"), 4)}
    - bash: ${block(
        [
            "set -euo pipefail",
            'if [ ! -x "$PIPELINE_WORKSPACE/pulumi/pulumi" ]; then',
            `    curl --fail --silent --show-error --retry 3 https://get.pulumi.com/releases/sdk/pulumi-v${PULUMI_VERSION}-linux-x64.tar.gz |`,
            '        tar --extract --gzip --directory "$PIPELINE_WORKSPACE"',
            "fi",
            'echo "##vso[task.prependpath]$PIPELINE_WORKSPACE/pulumi"',
            'echo "##vso[task.setvariable variable=PULUMI_HOME]$PIPELINE_WORKSPACE/.pulumi"',
            'echo "##vso[task.setvariable variable=NODE_COMPILE_CACHE]$PIPELINE_WORKSPACE/.node"',
            `npm_config_cache="$PIPELINE_WORKSPACE/.npm" ${COMMANDS.install}`,
        ],
        6,
    )}
      displayName: Packages and Pulumi
      workingDirectory: ${scalar(folder)}
`;
}
