// Keeps the redirect URIs of an application's other platforms from the last refresh in this process. So `check` needs
// no request to refuse a new web address that is on another platform.
import type { LiveApplication } from "../entra/live";

export type Platforms = Pick<LiveApplication, "appId" | "web" | "publicClient">;

const noted = new Map<string, Platforms>();

export function notePlatforms({ appId, web, publicClient }: LiveApplication): void {
    noted.set(appId, { appId, web, publicClient });
}

export function notedPlatforms(appId: string): Platforms | undefined {
    return noted.get(appId);
}
