// Pins each GitHub action to a commit. A tag can be moved to other code, but a commit cannot.

/**
 * GitHub recommends pinning:
 * https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions
 */
const ACTIONS = {
    "actions/checkout": { commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", tag: "v7.0.1" },
    "actions/setup-node": { commit: "820762786026740c76f36085b0efc47a31fe5020", tag: "v7.0.0" },
    "actions/cache": { commit: "27d5ce7f107fe9357f9df03efb73ab90386fccae", tag: "v5.0.5" },
    "actions/upload-artifact": { commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", tag: "v7.0.0" },
    "actions/download-artifact": { commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", tag: "v8.0.1" },
    "pulumi/actions": { commit: "8e5e406f4007fca908480587cb9893c07090f58d", tag: "v7.0.0" },
} as const;

/** Returns the value of `uses`, and the version as a comment for people and update tools. */
export function uses(action: keyof typeof ACTIONS): string {
    const { commit, tag } = ACTIONS[action];
    return `${action}@${commit} # ${tag}`;
}
