// Contains the scripts of the pipeline's steps. Each array entry is one line of bash.
import { CODES, COMMANDS, LABEL, MARKER, RECOVER_OPTION, REPORT, reportCommand, WORDS, type Job } from "../job";

/**
 * The provider gets tokens by itself. Pulumi's own clients for Azure Blob Storage and Key Vault read a token from a
 * file, so this step writes the file. The message has `""` in the name of the macro, because Azure Pipelines would
 * otherwise write the secret itself into the script. bash removes the quotes.
 */
export const SIGN_IN = [
    "set -euo pipefail",
    'if [ -z "${SYSTEM_ACCESSTOKEN:-}" ]; then',
    '    echo "##vso[task.logissue type=error]this step gets no token; map it in the step: env: SYSTEM_ACCESSTOKEN: \\$""(System.AccessToken)"',
    "    exit 1",
    "fi",
    'export AZURE_TENANT_ID="$AZURESUBSCRIPTION_TENANT_ID" AZURE_CLIENT_ID="$AZURESUBSCRIPTION_CLIENT_ID"',
    'export ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID="$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID" ARM_USE_OIDC=true',
    'export AZURE_FEDERATED_TOKEN_FILE="$AGENT_TEMPDIRECTORY/state-token"',
    'curl --fail --silent --show-error --retry 3 --request POST --header "Content-Length: 0" \\',
    '    --header "Authorization: Bearer $SYSTEM_ACCESSTOKEN" --header "Content-Type: application/json" \\',
    '    "$SYSTEM_OIDCREQUESTURI?api-version=7.1&serviceConnectionId=$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID" |',
    `    node --print 'JSON.parse(fs.readFileSync(0, "utf8")).oidcToken' > "$AZURE_FEDERATED_TOKEN_FILE"`,
];

export const PREVIEW = [
    ...COMMANDS.preview.slice(0, -1),
    "code=0",
    `${COMMANDS.preview.at(-1) ?? ""} || code=$?`,
    'if [ "$code" != 0 ]; then',
    `    echo "##vso[task.logissue type=warning]${WORDS.noPreview}"`,
    '    [ "$BUILD_REASON" = Schedule ] || exit "$code"',
    "fi",
];

export const DEPLOY = [
    'if [ "$RECOVER" = True ]; then',
    `    ${COMMANDS.recover}`,
    "    exit",
    "fi",
    "code=0",
    `${COMMANDS.up} || code=$?`,
    `[ "$code" = 0 ] || echo "##vso[task.logissue type=error]${WORDS.locked} run this pipeline by hand with '${RECOVER_OPTION}'."`,
    'exit "$code"',
];

export function report(job: Job): string[] {
    return [
        "set -euo pipefail",
        "mkdir -p previews report history",
        "# A later attempt replaces an earlier one.",
        'find "$PIPELINE_WORKSPACE/previews" -name "*.json" | sort | xargs -r -I{} cp {} previews/',
        ...reportCommand(job, '[ "$BUILD_REASON" = Schedule ]'),
        `[ ! -f ${REPORT.markdown} ] || echo "##vso[task.uploadsummary]$PWD/${REPORT.markdown}"`,
        'echo "##vso[task.setvariable variable=code]$code"',
    ];
}

/**
 * Keeps one comment thread of the pull request up to date. A marker in the text distinguishes this thread from other
 * threads.
 */
export const COMMENT = [
    "set -euo pipefail",
    `[ -f ${REPORT.markdown} ] || exit 0`,
    `{ echo "${MARKER}"; cat ${REPORT.markdown}; } > comment.md`,
    'route=(project="$SYSTEM_TEAMPROJECT" repositoryId="$BUILD_REPOSITORY_ID" pullRequestId="$SYSTEM_PULLREQUEST_PULLREQUESTID")',
    'call=(az devops invoke --organization "$SYSTEM_COLLECTIONURI" --area git --api-version 7.1 --output tsv)',
    'thread="$("${call[@]}" --resource pullRequestThreads --route-parameters "${route[@]}" \\',
    `    --query "value[?comments[0].content && starts_with(comments[0].content, '${MARKER}')].id | [0]")"`,
    'text="$(node --print \'JSON.stringify({ content: fs.readFileSync("comment.md", "utf8"), commentType: 1 })\')"',
    'if [ -n "$thread" ] && [ "$thread" != None ]; then',
    '    echo "$text" > comment.json',
    '    "${call[@]}" --resource pullRequestThreadComments --http-method PATCH --in-file comment.json --query id \\',
    '        --route-parameters "${route[@]}" threadId="$thread" commentId=1',
    "else",
    '    echo "{\\"comments\\": [$text], \\"status\\": \\"closed\\"}" > thread.json',
    '    "${call[@]}" --resource pullRequestThreads --http-method POST --in-file thread.json --query id \\',
    '        --route-parameters "${route[@]}"',
    "fi",
];

/**
 * Keeps one work item up to date. Its title says whether Entra differs from the program or could not be read
 * completely. Neither result makes the pipeline fail.
 */
export const WORK_ITEM = [
    "set -euo pipefail",
    'boards=(--organization "$SYSTEM_COLLECTIONURI" --output tsv)',
    `wiql="SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = '$SYSTEM_TEAMPROJECT' AND [System.Tags] CONTAINS '${LABEL}' AND [System.State] <> '$CLOSED'"`,
    'id="$(az boards query "${boards[@]}" --project "$SYSTEM_TEAMPROJECT" --wiql "$wiql" --query "[0].id")"',
    '[ "$id" != None ] || id=""',
    'run="$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results?buildId=$BUILD_BUILDID"',
    'case "$CODE" in',
    `    ${CODES.asDeclared})`,
    `        [ -z "$id" ] || az boards work-item update "\${boards[@]}" --id "$id" --state "$CLOSED" --discussion "${WORDS.solved} $run" --query id`,
    "        exit 0 ;;",
    `    ${CODES.drift}) title="${WORDS.drift}" ;;`,
    `    ${CODES.notReadable}) title="${WORDS.notReadable}" ;;`,
    "    *) exit 0 ;;",
    "esac",
    "# The description is HTML.",
    `{ echo "<pre>"; sed 's/&/\\&amp;/g; s/</\\&lt;/g' ${REPORT.markdown}; printf '\\n%s\\n</pre>\\n' "$run"; } > issue.html`,
    'if [ -n "$id" ]; then',
    '    az boards work-item update "${boards[@]}" --id "$id" --title "$title" --description @issue.html --query id',
    "else",
    '    az boards work-item create "${boards[@]}" --project "$SYSTEM_TEAMPROJECT" --type "$TYPE" --title "$title" \\',
    `        --description @issue.html --fields "System.Tags=${LABEL}" --query id`,
    "fi",
];

export const RESULT = [
    'case "$CODE" in',
    `    ${CODES.asDeclared}) ;;`,
    `    ${CODES.drift}) [ "$BUILD_REASON" = PullRequest ] || echo "##vso[task.logissue type=warning]${WORDS.drift}" ;;`,
    `    ${CODES.notReadable}) echo "##vso[task.logissue type=warning]${WORDS.notReadable}" ;;`,
    '    *) exit "$CODE" ;;',
    "esac",
];
