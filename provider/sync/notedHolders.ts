// Notes each resource of this process that writes to an object and so becomes its holder. A release in the same
// deployment must not remove entries that such a holder needs. A lagging replica may not show the holder's tags yet, so
// the release waits for them.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { allTagsOf } from "./tags";

const noted = new Map<string, Set<string>>();

/** `key`: `<tenant id>/<Application ID>`. */
export function noteHolder(key: string, holder: string): void {
    noted.set(key, (noted.get(key) ?? new Set()).add(holder));
}

export function forgetHolder(key: string, holder: string): void {
    noted.get(key)?.delete(holder);
}

/** If a noted holder's tags are still not visible after this time, the release assumes that there are none. */
const HOLDERS_TIMEOUT_MS = 60_000;

/** Observes until the tags of all noted holders are visible, or the timeout ends. */
export async function untilHoldersVisible<Live>(
    key: string,
    first: Live,
    observe: () => Promise<Live | undefined>,
    tagsOf: (live: Live) => readonly string[],
): Promise<Live> {
    let last = first;
    const [tenantId = "", appId = ""] = key.split("/");
    const areVisible = () => [...(noted.get(key) ?? [])].every((holder) => allTagsOf(tagsOf(last), holder).length > 0);
    if (areVisible()) return first;
    try {
        return await untilVisible(
            `the tags of the other resources that use application ${appId} in tenant ${tenantId}`,
            async () => {
                last = (await observe()) ?? last;
                return areVisible() ? last : undefined;
            },
            { timeoutMs: HOLDERS_TIMEOUT_MS },
        );
    } catch (error) {
        if (error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME") return last;
        throw error;
    }
}
