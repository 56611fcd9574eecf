// Finds the folder of the Pulumi project. The engine starts programs and providers in the folder that `main` in
// Pulumi.yaml names, which may be another folder.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** Returns the nearest folder with a project file, from `start` upwards. `undefined`: no folder has one. */
export function projectFolder(start: string): string | undefined {
    const folder = resolve(start);
    if (PROJECT_FILES.some((name) => existsSync(join(folder, name)))) return folder;
    const above = dirname(folder);
    return above === folder ? undefined : projectFolder(above);
}
