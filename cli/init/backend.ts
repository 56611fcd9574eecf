// Shows the backend in PULUMI_BACKEND_URL, and removes credentials from the URLs of backends.

/**
 * Returns a text that shows the backend in PULUMI_BACKEND_URL, without credentials. `undefined`: the variable is not
 * set.
 */
export function environmentBackend(env: NodeJS.ProcessEnv = process.env): string | undefined {
    const url = env["PULUMI_BACKEND_URL"]?.trim() ?? "";
    return url === "" ? undefined : `${withoutCredentials(url)} (PULUMI_BACKEND_URL)`;
}

/**
 * Removes the user name, the password, the query and the fragment of a URL, because each of them may contain a
 * credential. A password may contain each character that separates parts of a URL, so everything between the scheme and
 * the last "@" is removed.
 */
export function withoutCredentials(url: string): string {
    // The path of a file may contain an "@".
    const place = url.startsWith("file:") ? url : url.replace(/^([a-z][\w+.-]*:\/*)?[^]*@/i, "$1");
    return place.replace(/[?#][^]*$/, "");
}
