// Contains the scripts of the pipeline's jobs. Each array entry is one line of bash.
import { CODES, COMMANDS, LABEL, MARKER, REPORT, reportCommand, WORDS, type Job } from "../job";

/**
 * The provider reads the token from the variable ARM_OIDC_TOKEN. Pulumi's own clients for Azure Blob Storage and Key
 * Vault read a token from a file, so the script also writes the file.
 */
export const SIGN_IN = [
    'if [ -z "${ARM_OIDC_TOKEN:-}" ]; then',
    '    echo "GitLab gives this job no token; add id_tokens with ARM_OIDC_TOKEN to the job"',
    "    exit 1",
    "fi",
    'AZURE_FEDERATED_TOKEN_FILE="$(mktemp)"',
    "export AZURE_FEDERATED_TOKEN_FILE",
    'printf %s "$ARM_OIDC_TOKEN" > "$AZURE_FEDERATED_TOKEN_FILE"',
];

export const PREVIEW = [
    ...COMMANDS.preview.slice(0, -1),
    "code=0",
    `${COMMANDS.preview.at(-1) ?? ""} || code=$?`,
    'if [ "$code" != 0 ]; then',
    `    echo "${WORDS.noPreview}"`,
    '    [ "$CI_PIPELINE_SOURCE" = schedule ] || exit "$code"',
    "fi",
];

export const DEPLOY = [
    "code=0",
    `${COMMANDS.up} || code=$?`,
    `[ "$code" = 0 ] || echo "${WORDS.locked} start the manual job 'recover' of this pipeline."`,
    'exit "$code"',
];

/**
 * GitLab does not let a job's own token write notes or issues, so both need a project access token. If that token is
 * missing, the script writes neither.
 */
export function report(job: Job): string[] {
    return [
        ...reportCommand(job, '[ "$CI_PIPELINE_SOURCE" = schedule ]'),
        `if [ -n "\${RESTORE_PORTAL_TOKEN:-}" ] && [ -f ${REPORT.markdown} ]; then`,
        '    api="$CI_API_V4_URL/projects/$CI_PROJECT_ID"',
        '    call() { curl --fail --silent --show-error --retry 3 --header "PRIVATE-TOKEN: $RESTORE_PORTAL_TOKEN" "$@"; }',
        `    { echo "${MARKER}"; cat ${REPORT.markdown}; printf '\\n%s\\n' "$CI_PIPELINE_URL"; } > text.md`,
        '    if [ "$CI_PIPELINE_SOURCE" = schedule ]; then',
        ...ISSUE.map((line) => `        ${line}`),
        "    else",
        ...NOTE.map((line) => `        ${line}`),
        "    fi",
        "fi",
        `[ "$CI_PIPELINE_SOURCE" = schedule ] || [ "$code" != ${CODES.drift} ] || code=0`,
        'exit "$code"',
    ];
}

/**
 * Returns a command that prints one property of the first object in GitLab's list, or an empty line if there is no
 * object. `id`: the name of the property. `condition`: code that filters the list, such as `.filter(...)`.
 */
const first = (id: string, condition = "") =>
    `node --print 'JSON.parse(fs.readFileSync(0, "utf8"))${condition}[0]?.${id} ?? ""'`;

/**
 * Keeps one issue up to date. Its title says whether Entra differs from the program or could not be read completely.
 */
const ISSUE = [
    `issue="$(call "$api/issues?labels=${LABEL}&state=opened" | ${first("iid")})"`,
    `title="${WORDS.drift}"`,
    `[ "$code" != ${CODES.notReadable} ] || title="${WORDS.notReadable}"`,
    'case "$code" in',
    `    ${CODES.asDeclared}) [ -z "$issue" ] || call --request PUT --data "state_event=close" "$api/issues/$issue" > issue.json ;;`,
    `    ${CODES.drift} | ${CODES.notReadable})`,
    '        write=(--data-urlencode "title=$title" --data-urlencode description@text.md)',
    '        if [ -n "$issue" ]; then call --request PUT "${write[@]}" "$api/issues/$issue" > issue.json',
    `        else call --request POST "\${write[@]}" --data "labels=${LABEL}" "$api/issues" > issue.json; fi ;;`,
    "esac",
];

/** Keeps one note on the merge request up to date. A marker in the text distinguishes this note from other notes. */
const NOTE = [
    'notes="$api/merge_requests/$CI_MERGE_REQUEST_IID/notes"',
    `note="$(call "$notes?per_page=100&sort=asc" | ${first("id", `.filter((one) => one.body.startsWith("${MARKER}"))`)})"`,
    'if [ -n "$note" ]; then call --request PUT --data-urlencode body@text.md "$notes/$note" > note.json',
    'else call --request POST --data-urlencode body@text.md "$notes" > note.json; fi',
];
