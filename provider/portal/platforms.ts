// Keeps, in this process, the redirect URIs that the last refresh read on the platforms Web and "Mobile and desktop" of
// an application. So `check` needs no request to refuse a new web address that one of these platforms uses.
import type { LiveApplication } from "../entra/live";

export type Platforms = Pick<LiveApplication, "appId" | "web" | "publicClient">;

interface Noted {
    readonly platforms: Platforms;
    /**
     * The web addresses of the last deployment. After a refresh, the inputs in state can contain live texts instead.
     */
    readonly known: readonly string[];
}

const noted = new Map<string, Noted>();

export function notePlatforms({ appId, web, publicClient }: LiveApplication, known: readonly string[]): void {
    noted.set(appId, { platforms: { appId, web, publicClient }, known });
}

export function notedPlatforms(appId: string): Noted | undefined {
    return noted.get(appId);
}
