// Writes a pipeline for Azure DevOps, and a template with the steps that its jobs share. Previews and deployments
// sign in with a service connection. The token that the task AzureCLI passes to its script can be a day old, and Entra
// refuses an expired token. So the provider requests a new token for each sign-in.
import { EVERY_NIGHT, MINUTES, RECOVER_OPTION, REPORT, WORDS, type Job } from "../job";
import { block, indented, scalar } from "../yaml";
import { COMMENT, PREVIEW, report, RESULT, WORK_ITEM } from "./scripts";
import { azureStep, deployment, matrixName, setUp, SETUP } from "./steps";

const PREVIEWS = "in(variables['Build.Reason'], 'PullRequest', 'Schedule')";
const FROM_FORK = "eq(variables['System.PullRequest.IsFork'], 'True')";

export function azureDevOpsFiles(job: Job): Map<string, string> {
    const folder = job.folder === "." ? "" : `${job.folder}/`;
    const stages = [forkStage(), previewStage(job), reportStage(job), deployStage(job)];
    return new Map([
        [`${folder}azure-pipelines.yml`, `${head(job)}stages:\n    ${indented(stages.join("\n"), 4)}\n`],
        [`${folder}${SETUP}`, setUp(job)],
    ]);
}

function head({ branch }: Job): string {
    return `# Previews each pull request, deploys each commit of the branch, and compares Entra with the program every night.
# Written by: npx pulumi-restore-portal pipelines --for azure-devops

trigger:
    branches:
        include: [${scalar(branch)}]
pr:
    branches:
        include: [${scalar(branch)}]
schedules:
    - cron: "${EVERY_NIGHT}"
      displayName: Drift
      branches:
          include: [${scalar(branch)}]
      always: "true"
parameters:
    - name: recover
      displayName: ${RECOVER_OPTION}
      type: boolean
      default: "false"
variables:
    # The group has PULUMI_BACKEND_URL, the place of Pulumi's state.
    - group: restore-portal
    # The type of the work item about drift, and its state when the drift is over. Both depend on the process.
    - name: workItemType
      value: Issue
    - name: workItemClosed
      value: Done
pool:
    vmImage: ubuntu-24.04
`;
}

function forkStage(): string {
    return `- stage: fork
  displayName: Note about a fork
  dependsOn: []
  condition: ${FROM_FORK}
  jobs:
      - job: note
        displayName: Note
        timeoutInMinutes: "${MINUTES.note}"
        steps:
            - checkout: none
            - bash: |
                  echo "##vso[task.logissue type=warning]${WORDS.fork}"
              displayName: Note`;
}

function previewStage(job: Job): string {
    return `- stage: preview
  displayName: Preview
  dependsOn: []
  condition: and(${PREVIEWS}, not(${FROM_FORK}))
  jobs:
      - job: preview
        displayName: Preview
        timeoutInMinutes: "${MINUTES.preview}"
        strategy:
            matrix:
                ${indented(job.stacks.map((stack) => `${matrixName(stack)}:\n    stack: ${scalar(stack)}`).join("\n"), 16)}
        steps:
            - template: ${SETUP}
            ${indented(azureStep("Preview", "restore-portal-reader", PREVIEW, job), 12)}
            - task: PublishPipelineArtifact@1
              displayName: Keep the preview
              condition: succeededOrFailed()
              inputs:
                  targetPath: ${job.folder}/previews
                  artifact: preview-$(stack)-$(System.JobAttempt)`;
}

function reportStage(job: Job): string {
    return `- stage: report
  displayName: Report
  dependsOn: preview
  condition: and(not(canceled()), ${PREVIEWS}, not(${FROM_FORK}))
  jobs:
      - job: report
        displayName: Report
        timeoutInMinutes: "${MINUTES.report}"
        steps:
            - template: ${SETUP}
            - task: DownloadPipelineArtifact@2
              displayName: All previews
              inputs:
                  itemPattern: "**/*.json"
                  targetPath: $(Pipeline.Workspace)/previews
            - task: Cache@2
              displayName: Earlier reports
              inputs:
                  key: restore-portal-history | "$(Build.BuildId)"
                  restoreKeys: restore-portal-history
                  path: ${job.folder}/history
            - bash: ${block(report(job), 14)}
              displayName: Report
              workingDirectory: ${scalar(job.folder)}
            - task: PublishPipelineArtifact@1
              displayName: Keep the report
              condition: succeededOrFailed()
              inputs:
                  targetPath: ${job.folder}/report
                  artifact: report-$(System.JobAttempt)
            - task: PublishTestResults@2
              displayName: Each portal as a test
              condition: succeededOrFailed()
              inputs:
                  testResultsFiles: ${REPORT.junit}
                  searchFolder: ${scalar(job.folder)}
                  testRunTitle: Restore Portal
            - bash: ${block(COMMENT, 14)}
              displayName: Comment
              condition: and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'), eq(variables['Build.Repository.Provider'], 'TfsGit'))
              workingDirectory: ${scalar(job.folder)}
              env:
                  AZURE_DEVOPS_EXT_PAT: $(System.AccessToken)
            - bash: ${block(WORK_ITEM, 14)}
              displayName: Work item
              condition: and(succeeded(), eq(variables['Build.Reason'], 'Schedule'))
              workingDirectory: ${scalar(job.folder)}
              env:
                  AZURE_DEVOPS_EXT_PAT: $(System.AccessToken)
                  CODE: $(code)
                  TYPE: $(workItemType)
                  CLOSED: $(workItemClosed)
            - bash: ${block(RESULT, 14)}
              displayName: Result
              condition: succeeded()
              env:
                  CODE: $(code)`;
}

function deployStage(job: Job): string {
    return `- stage: deploy
  displayName: Deployment
  dependsOn: []
  condition: and(not(${PREVIEWS}), eq(variables['Build.SourceBranch'], 'refs/heads/${job.branch}'))
  # With the check "Exclusive lock" on the environment, one run at a time deploys, in the order of the commits.
  lockBehavior: sequential
  jobs:
      ${indented(job.stacks.map((stack) => deployment(stack, job)).join("\n"), 6)}`;
}
