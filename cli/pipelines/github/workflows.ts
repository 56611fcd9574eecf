// Writes three workflows for GitHub: preview of a pull request, deployment, and drift. Previews and their report are
// separate jobs, so that the job with the token for Entra cannot write to the repository.
import { CODES, COMMANDS, EVERY_NIGHT, MINUTES, RECOVER_OPTION, WORDS, type Job } from "../job";
import { block, indented, scalar } from "../yaml";
import { environment, matrix, previewJob, reportJob, RUNNER, setUp, upload, workingDirectory } from "./jobs";
import { COMMENT, ISSUE, result } from "./scripts";

const IS_FORK = "github.event.pull_request.head.repo.full_name != github.repository";

export function githubFiles(job: Job): Map<string, string> {
    return new Map([
        [".github/workflows/restore-portal-preview.yml", previewWorkflow(job)],
        [".github/workflows/restore-portal-deploy.yml", deployWorkflow(job)],
        [".github/workflows/restore-portal-drift.yml", driftWorkflow(job)],
    ]);
}

const written = (what: string) => `# ${what}\n# Written by: npx pulumi-restore-portal pipelines --for github\n`;

function previewWorkflow(job: Job): string {
    return `${written("Shows in each pull request what a merge would change.")}
name: Restore Portal preview
on:
    pull_request:
        branches: [${scalar(job.branch)}]
permissions: {}
concurrency:
    group: restore-portal-preview-\${{ github.event.pull_request.number }}
    cancel-in-progress: true
jobs:
    fork:
        name: Note about a fork
        if: ${IS_FORK}
        runs-on: ${RUNNER}
        timeout-minutes: ${MINUTES.note}
        steps:
            - run: echo "${WORDS.fork}" | tee -a "$GITHUB_STEP_SUMMARY"
    preview:
        name: Preview of \${{ matrix.stack }}
        if: ${IS_FORK.replace("!=", "==")}
        ${indented(previewJob(job, "AZURE_READER_CLIENT_ID"), 8)}
            - name: Keep the preview
              if: \${{ !cancelled() }}
              ${indented(upload("preview-${{ matrix.stack }}", "previews", job), 14)}
            - name: Result
              env:
                  CODE: \${{ steps.preview.outputs.code }}
              run: exit "$CODE"
    report:
        name: Report
        needs: preview
        if: \${{ !cancelled() && needs.preview.result != 'skipped' }}
        ${indented(reportJob(job, "pull-requests: write # for the comment", false), 8)}
            - name: Comment
              env:
                  GH_TOKEN: \${{ github.token }}
                  NUMBER: \${{ github.event.pull_request.number }}
              run: ${block(COMMENT, 14)}
            - name: Result
              env:
                  CODE: \${{ steps.report.outputs.code }}
              run: ${block(result(`${CODES.asDeclared} | ${CODES.drift}) ;;`), 14)}
`;
}

function deployWorkflow(job: Job): string {
    return `${written(`Deploys each commit of the branch. After a killed run, start this workflow by hand with '${RECOVER_OPTION}'.`)}
name: Restore Portal deployment
on:
    push:
        branches: [${scalar(job.branch)}]
    workflow_dispatch:
        inputs:
            recover:
                description: ${RECOVER_OPTION}
                type: boolean
                default: false
permissions: {}
jobs:
    deploy:
        name: Deployment of \${{ matrix.stack }}
        # By hand, GitHub offers every branch.
        if: github.ref == 'refs/heads/${job.branch}'
        runs-on: ${RUNNER}
        environment: production
        timeout-minutes: ${MINUTES.deploy}
        permissions:
            contents: read
            id-token: write # for the token of Entra
        # One run at a time for each stack. A run that has begun is never cancelled.
        concurrency:
            group: restore-portal-\${{ matrix.stack }}
            cancel-in-progress: false
        ${indented(matrix(job), 8)}
        ${indented(environment("AZURE_DEPLOYER_CLIENT_ID"), 8)}
        ${indented(workingDirectory(job), 8)}
        steps:
            ${indented(setUp(job), 12)}
            - name: Deploy
              if: \${{ !inputs.recover }}
              run: ${COMMANDS.up}
            - name: Recover
              if: \${{ inputs.recover }}
              run: ${COMMANDS.recover}
            - name: What to do
              if: \${{ failure() && !inputs.recover }}
              run: echo "::notice::${WORDS.locked} run this workflow by hand with '${RECOVER_OPTION}'."
`;
}

function driftWorkflow(job: Job): string {
    return `${written("Compares Entra with the program every night, and keeps one issue about what differs.")}
name: Restore Portal drift
on:
    schedule:
        - cron: "${EVERY_NIGHT}"
    workflow_dispatch:
permissions: {}
concurrency:
    group: restore-portal-drift
    cancel-in-progress: false
jobs:
    preview:
        name: Preview of \${{ matrix.stack }}
        ${indented(previewJob(job, "AZURE_READER_CLIENT_ID"), 8)}
            - name: Keep the preview
              ${indented(upload("preview-${{ matrix.stack }}", "previews", job), 14)}
    report:
        name: Report
        needs: preview
        if: \${{ !cancelled() }}
        ${indented(reportJob(job, "issues: write # for the issue", true), 8)}
            - name: Issue
              env:
                  GH_TOKEN: \${{ github.token }}
                  CODE: \${{ steps.report.outputs.code }}
                  RUN: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}
              run: ${block(ISSUE, 14)}
`;
}
