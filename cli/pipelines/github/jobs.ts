// Writes the parts that several jobs of the GitHub workflows share.
import { COMMANDS, MINUTES, NODE_VERSION, PULUMI_VERSION, REPORT, reportCommand, WORDS, type Job } from "../job";
import { uses } from "../pins";
import { block, indented, scalar } from "../yaml";
import { STATE_TOKEN } from "./scripts";

export const RUNNER = "ubuntu-24.04";

/** Writes a job that runs once per stack and previews that stack. The caller adds the steps after the preview. */
export function previewJob(job: Job, clientId: string): string {
    return `
runs-on: ${RUNNER}
timeout-minutes: ${MINUTES.preview}
permissions:
    contents: read
    id-token: write # for the token of Entra
${matrix(job)}
${environment(clientId)}
${workingDirectory(job)}
steps:
    ${indented(setUp(job), 4)}
    - name: Preview
      id: preview
      run: ${block([...COMMANDS.preview.slice(0, -1), "code=0", `${COMMANDS.preview.at(-1) ?? ""} || code=$?`, `[ "$code" = 0 ] || echo "::warning::${WORDS.noPreview}"`, 'echo "code=$code" >> "$GITHUB_OUTPUT"'], 6)}`;
}

/** Writes a job that makes one report of all stacks. The caller adds the steps after the report. */
export function reportJob(job: Job, permission: string, isDrift: boolean): string {
    return `
runs-on: ${RUNNER}
timeout-minutes: ${MINUTES.report}
permissions:
    contents: read
    ${permission}
${workingDirectory(job)}
steps:
    ${indented(tools(job), 4)}
    - name: All previews
      uses: ${uses("actions/download-artifact")}
      with:
          pattern: preview-*
          path: ${inFolder(job, "previews")}
          merge-multiple: true
    ${indented(isDrift ? history(job) : "", 4)}
    - name: Report
      id: report
      run: ${block([...reportCommand(job, isDrift ? "true" : "false"), `[ ! -f ${REPORT.markdown} ] || cat ${REPORT.markdown} >> "$GITHUB_STEP_SUMMARY"`, 'echo "code=$code" >> "$GITHUB_OUTPUT"'], 6)}
    - name: Keep the report
      ${indented(upload("report", "report", job), 6)}`.replace(/\n +\n/g, "\n");
}

export const matrix = ({ stacks }: Job) => `strategy:
    fail-fast: false
    matrix:
        stack: [${stacks.map(scalar).join(", ")}]`;

/**
 * None of these variables is a secret. The provider and Pulumi's own client for state in Azure both read
 * AZURE_TENANT_ID and AZURE_CLIENT_ID.
 */
export const environment = (clientId: string) => `env:
    STACK: \${{ matrix.stack }}
    PULUMI_BACKEND_URL: \${{ vars.PULUMI_BACKEND_URL }}
    AZURE_TENANT_ID: \${{ vars.AZURE_TENANT_ID }}
    AZURE_CLIENT_ID: \${{ vars.${clientId} }}
    ARM_USE_OIDC: "true"
    NODE_COMPILE_CACHE: \${{ github.workspace }}/.cache/node`;

export const workingDirectory = ({ folder }: Job) => `defaults:
    run:
        shell: bash
        working-directory: ${scalar(folder)}`;

const inFolder = ({ folder }: Job, path: string) => (folder === "." ? path : `${folder}/${path}`);

/** Writes the steps that check out the repository, and install Node and the packages. */
function tools(job: Job): string {
    const lock = inFolder(job, "package-lock.json");
    return `- uses: ${uses("actions/checkout")}
  with:
      persist-credentials: false
- uses: ${uses("actions/setup-node")}
  with:
      node-version: ${NODE_VERSION}
      cache: npm
      cache-dependency-path: ${lock}
- name: Packages
  run: ${COMMANDS.install}`;
}

/** Writes the steps that prepare a job for running Pulumi. */
export function setUp(job: Job): string {
    return `${tools(job)}
- name: Plugins, and modules that Node has compiled
  uses: ${uses("actions/cache")}
  with:
      path: |
          ~/.pulumi/plugins
          .cache/node
      key: restore-portal-\${{ runner.os }}-node${NODE_VERSION}-\${{ hashFiles('${inFolder(job, "package-lock.json")}') }}
- name: Pulumi
  uses: ${uses("pulumi/actions")}
  with:
      pulumi-version: ${PULUMI_VERSION}
- name: Token for the state
  run: ${block(STATE_TOKEN, 2)}`;
}

export const upload = (name: string, path: string, job: Job) => `uses: ${uses("actions/upload-artifact")}
with:
    name: ${name}
    path: ${inFolder(job, path)}
    retention-days: 30`;

/** Writes the step that caches the records of earlier runs. Each run restores the newest cache, and saves a new one. */
const history = (job: Job) => `- name: Earlier reports
  uses: ${uses("actions/cache")}
  with:
      path: ${inFolder(job, "history")}
      key: restore-portal-history-\${{ github.run_id }}
      restore-keys: restore-portal-history-`;
