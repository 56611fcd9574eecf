// The resources that took hold of an object in this process. A replica that is behind may not show their tags yet, and a
// release in the same deployment must not take away what they hold.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { allTagsOf } from "./tags";

const noted = new Map<string, Set<string>>();

export function noteHolder(key: string, holder: string): void {
    noted.set(key, (noted.get(key) ?? new Set()).add(holder));
}

export function forgetHolder(key: string, holder: string): void {
    noted.get(key)?.delete(holder);
}

/** So long a replica may be behind. A noted holder that does not show by then has left again. */
const HOLDERS_TIMEOUT_MS = 60_000;

/** Observes until all holders that this process knows of are visible. */
export async function untilHoldersVisible<Live>(
    key: string,
    first: Live,
    observe: () => Promise<Live | undefined>,
    tagsOf: (live: Live) => readonly string[],
): Promise<Live> {
    let last = first;
    const areVisible = () => [...(noted.get(key) ?? [])].every((holder) => allTagsOf(tagsOf(last), holder).length > 0);
    if (areVisible()) return first;
    try {
        return await untilVisible(
            `the other resources that use ${key}`,
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
