// Writes a pipeline for GitLab. Each job that signs in gets its own token for Entra. The merge request shows each
// portal and customer as a JUnit test.
import {
    CODES,
    COMMANDS,
    MINUTES,
    NODE_VERSION,
    PULUMI_VERSION,
    REPORT,
    TOKEN_AUDIENCE,
    WORDS,
    type Job,
} from "../job";
import { indented, scalar } from "../yaml";
import { DEPLOY, PREVIEW, report, SIGN_IN } from "./scripts";

const IS_MERGE_REQUEST = '$CI_PIPELINE_SOURCE == "merge_request_event"';
const IS_FORK =
    "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_MERGE_REQUEST_PROJECT_ID";
const IS_SCHEDULE = '$CI_PIPELINE_SOURCE == "schedule"';
/** Each pipeline is a deployment, unless a schedule or a merge request starts it. */
const IS_DEPLOYMENT = '$CI_PIPELINE_SOURCE != "schedule" && $CI_PIPELINE_SOURCE != "merge_request_event"';

export function gitlabFiles(job: Job): Map<string, string> {
    const parts = [head(job), templates(job), previewJob(job), reportJob(job), deployJobs()];
    return new Map([[".gitlab-ci.yml", `${parts.join("\n\n")}\n`]]);
}

const inFolder = ({ folder }: Job, path: string) => (folder === "." ? path : `${folder}/${path}`);

function head(job: Job): string {
    return `# Previews each merge request, deploys each commit of the branch, and compares Entra with the program on a schedule.
# Written by: npx pulumi-restore-portal pipelines --for gitlab

stages: [preview, report, deploy]

workflow:
    rules:
        - if: ${IS_MERGE_REQUEST}
        - if: $CI_COMMIT_BRANCH == "${job.branch}"`;
}

/**
 * Writes the cache of packages, plugins and compiled modules. A job with further caches must list this cache too,
 * because its `cache` replaces the `cache` of the job that it extends.
 */
const packages = (job: Job) => `- key:
      files: [${inFolder(job, "package-lock.json")}]
      prefix: restore-portal
  paths:
      - .cache/npm
      - .cache/pulumi/plugins
      - .cache/node`;

function templates(job: Job): string {
    return `fork:
    image: pulumi/pulumi-nodejs-${NODE_VERSION}:${PULUMI_VERSION}
    stage: preview
    rules:
        - if: ${IS_FORK}
    variables:
        GIT_STRATEGY: none
    timeout: ${MINUTES.note} minutes
    script:
        - echo "${WORDS.fork}"

.restore-portal:
    image: pulumi/pulumi-nodejs-${NODE_VERSION}:${PULUMI_VERSION}
    interruptible: false
    variables:
        npm_config_cache: $CI_PROJECT_DIR/.cache/npm
        PULUMI_HOME: $CI_PROJECT_DIR/.cache/pulumi
        NODE_COMPILE_CACHE: $CI_PROJECT_DIR/.cache/node
    cache:
        ${indented(packages(job), 8)}
    before_script:
        - cd "$CI_PROJECT_DIR/${job.folder}"
        - ${COMMANDS.install}

.signed-in:
    extends: .restore-portal
    id_tokens:
        ARM_OIDC_TOKEN:
            aud: ${TOKEN_AUDIENCE}
    parallel:
        matrix:
            - STACK: [${job.stacks.map(scalar).join(", ")}]
    before_script:
        - |
            ${indented(SIGN_IN.join("\n"), 12)}
        - cd "$CI_PROJECT_DIR/${job.folder}"
        - ${COMMANDS.install}`;
}

function previewJob(job: Job): string {
    return `preview:
    extends: .signed-in
    stage: preview
    rules:
        - if: ${IS_FORK}
          when: never
        - if: ${IS_MERGE_REQUEST}
        - if: ${IS_SCHEDULE}
    timeout: ${MINUTES.preview} minutes
    variables:
        AZURE_CLIENT_ID: $AZURE_READER_CLIENT_ID
    script:
        - |
            ${indented(PREVIEW.join("\n"), 12)}
    artifacts:
        when: always
        paths: [${inFolder(job, "previews")}]
        expire_in: 30 days`;
}

function reportJob(job: Job): string {
    return `report:
    extends: .restore-portal
    stage: report
    needs: [preview]
    rules:
        - if: ${IS_FORK}
          when: never
        - if: ${IS_MERGE_REQUEST}
          when: always
        - if: ${IS_SCHEDULE}
          when: always
    timeout: ${MINUTES.report} minutes
    # Drift and unreadable objects are a warning. Other exit codes are a failure.
    allow_failure:
        exit_codes: [${CODES.drift}, ${CODES.notReadable}]
    cache:
        ${indented(packages(job), 8)}
        - key: restore-portal-history
          paths: [${inFolder(job, "history")}]
    script:
        - |
            ${indented(report(job).join("\n"), 12)}
    artifacts:
        when: always
        paths: [${inFolder(job, "report")}]
        reports:
            junit: ${inFolder(job, REPORT.junit)}
        expire_in: 30 days`;
}

function deployJobs(): string {
    return `deploy:
    extends: .signed-in
    stage: deploy
    rules:
        - if: ${IS_DEPLOYMENT}
    timeout: ${MINUTES.deploy} minutes
    environment: production
    # One deployment at a time for each stack.
    resource_group: restore-portal-$STACK
    variables:
        AZURE_CLIENT_ID: $AZURE_DEPLOYER_CLIENT_ID
    script:
        - |
            ${indented(DEPLOY.join("\n"), 12)}

recover:
    extends: deploy
    rules:
        - if: ${IS_DEPLOYMENT}
          when: manual
          allow_failure: true
    script:
        - ${COMMANDS.recover}`;
}
