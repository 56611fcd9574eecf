// Defines the exit codes that several commands use. The table in docs/reference/cli.md contains all exit codes.

export const ExitCode = {
    /** The command is done, or nothing differs from the program except for accepted differences. */
    ok: 0,
    error: 1,
    /** The command line itself is wrong. */
    usage: 2,
    /**
     * Something differs from the program, or a check failed or could not be made. The Pulumi CLI uses the same number
     * if `--expect-no-changes` reports a change.
     */
    drift: 7,
    /** Something could not be read, so its status is unknown. This code takes precedence over `drift`. */
    unreadable: 8,
} as const;
