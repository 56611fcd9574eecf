// Contains the scripts of the workflows' steps. Each array entry is one line of bash.
import { CODES, LABEL, MARKER, REPORT, TOKEN_AUDIENCE, WORDS } from "../job";

/**
 * The provider gets tokens by itself. Pulumi's own clients for Azure Blob Storage and Key Vault read a token from a
 * file, so this step writes the file.
 */
export const STATE_TOKEN = [
    'if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then',
    '    echo "::error::GitHub gives this job no token; add \\"id-token: write\\" to its permissions"',
    "    exit 1",
    "fi",
    'echo "AZURE_FEDERATED_TOKEN_FILE=$RUNNER_TEMP/state-token" >> "$GITHUB_ENV"',
    'curl --fail --silent --show-error --retry 3 --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\',
    `    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${TOKEN_AUDIENCE}" |`,
    `    node --print 'JSON.parse(fs.readFileSync(0, "utf8")).value' > "$RUNNER_TEMP/state-token"`,
];

/**
 * Keeps one comment on the pull request up to date. A marker in the text distinguishes this comment from other
 * comments.
 */
export const COMMENT = [
    `[ -f ${REPORT.markdown} ] || exit 0`,
    `{ echo "${MARKER}"; cat ${REPORT.markdown}; } > comment.md`,
    `comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"`,
    `ids="$(gh api --paginate "$comments" --jq '.[] | select(.body | startswith("${MARKER}")) | .id')"`,
    `if [ -n "$ids" ]; then`,
    `    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/\${ids%%$'\\n'*}" --field body=@comment.md`,
    "else",
    `    gh api --silent --method POST "$comments" --field body=@comment.md`,
    "fi",
];

/**
 * Keeps one issue up to date. Its title says whether Entra differs from the program or could not be read completely.
 * Neither result makes the workflow fail.
 */
export const ISSUE = [
    `number="$(gh issue list --label ${LABEL} --state open --limit 1 --json number --jq '.[0].number // empty')"`,
    'case "$CODE" in',
    `    ${CODES.asDeclared})`,
    `        [ -z "$number" ] || gh issue close "$number" --comment "${WORDS.solved} $RUN"`,
    "        exit 0 ;;",
    `    ${CODES.drift}) title="${WORDS.drift}" ;;`,
    `    ${CODES.notReadable}) title="${WORDS.notReadable}" ;;`,
    '    *) exit "$CODE" ;;',
    "esac",
    'echo "::warning::$title"',
    `{ cat ${REPORT.markdown}; printf '\\n%s\\n' "$RUN"; } > issue.md`,
    'if [ -n "$number" ]; then',
    '    gh issue edit "$number" --title "$title" --body-file issue.md',
    "else",
    `    gh label create ${LABEL} --force --description "Entra differs from the program"`,
    `    gh issue create --title "$title" --label ${LABEL} --body-file issue.md`,
    "fi",
];

export function result(...success: readonly string[]): string[] {
    return [
        'case "$CODE" in',
        ...success.map((row) => `    ${row}`),
        `    ${CODES.notReadable}) echo "::warning::${WORDS.notReadable}" ;;`,
        '    *) exit "$CODE" ;;',
        "esac",
    ];
}
