// The redirect URIs on an application's other platforms, as the last refresh of this process showed them. So `check` can
// refuse a new web address without a request of its own.
import type { LiveApplication } from "../entra/live";

export type Platforms = Pick<LiveApplication, "appId" | "web" | "publicClient">;

const noted = new Map<string, Platforms>();

export function notePlatforms({ appId, web, publicClient }: LiveApplication): void {
    noted.set(appId, { appId, web, publicClient });
}

export function notedPlatforms(appId: string): Platforms | undefined {
    return noted.get(appId);
}
