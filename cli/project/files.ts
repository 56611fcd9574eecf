// Makes the files of a project from a template and the project's settings. Equal settings give equal files. Pure.
import { parseDocument, stringify } from "yaml";

import { configOf, type ProjectSettings } from "./settings";

/** The text of each file by its name. */
export type Files = ReadonlyMap<string, string>;

export interface Surroundings {
    readonly template: Files;
    /** The entry for this package in package.json: a version, a path, or a git URL. */
    readonly packageSpec: string;
    /** The text of the package.json that is already in the folder. */
    readonly packageJson?: string | undefined;
    /** Comments for the top of the configuration. */
    readonly notes?: readonly string[];
}

const PACKAGE = "pulumi-restore-portal";
const YAML = { indent: 4, lineWidth: 0 } as const;

export function projectFiles(
    settings: ProjectSettings,
    { template, notes = [], ...surroundings }: Surroundings,
): Files {
    const { stack } = settings;
    const comments = notes.map((note) => `# ${note}\n`).join("");
    const text = (name: string) => template.get(name) ?? "";
    return new Map([
        ...template,
        ["Pulumi.yaml", projectFile(settings, text("Pulumi.yaml"))],
        [`Pulumi.${stack}.yaml`, comments + stringify({ config: configOf(settings) }, YAML)],
        ["package.json", manifest(settings, text("package.json"), surroundings)],
        // npm omits a file with this name from packages, so the template may lack the file.
        [".gitignore", [...new Set([...IGNORED, ...ignoredState(settings)])].map((line) => `${line}\n`).join("")],
    ]);
}

/** Returns the folder of the state if the backend is a folder inside the project, such as `state`. */
export function stateFolder({ backend }: ProjectSettings): string | undefined {
    return /^file:\/\/\.\/([^?#]+)/.exec(backend ?? "")?.[1];
}

/**
 * The entries of .gitignore. They include files of other commands: the environment variables that the emulator saves,
 * the private key that `handover` writes, and the state.
 */
const IGNORED = ["node_modules/", "*.env", "*.pfx", "handover*/", "state/"];

function ignoredState(settings: ProjectSettings): string[] {
    const folder = stateFolder(settings);
    return folder === undefined ? [] : [`${folder}/`];
}

function projectFile({ name, backend }: ProjectSettings, template: string): string {
    const document = parseDocument(template);
    document.set("name", name);
    document.delete("template");
    if (backend !== undefined) document.set("backend", document.createNode({ url: backend }));
    return document.toString(YAML);
}

interface Manifest {
    readonly name?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
    readonly scripts?: Readonly<Record<string, string>>;
}

/** An existing package.json keeps all its entries. */
function manifest(
    { name }: ProjectSettings,
    template: string,
    { packageSpec, packageJson }: Pick<Surroundings, "packageSpec" | "packageJson">,
): string {
    const fresh = JSON.parse(template) as Manifest;
    // The script postinstall is left out. The script installs this package, and the project's
    // package.json already lists the package.
    const scripts = Object.entries(fresh.scripts ?? {}).filter(([script]) => script !== "postinstall");
    const existing = JSON.parse(packageJson ?? "{}") as Manifest;
    const merged = {
        ...fresh,
        name: packageName(name),
        ...existing,
        scripts: { ...Object.fromEntries(scripts), ...existing.scripts },
        dependencies: sorted({ ...fresh.dependencies, [PACKAGE]: packageSpec, ...existing.dependencies }),
        devDependencies: sorted({ ...fresh.devDependencies, ...existing.devDependencies }),
    };
    return `${JSON.stringify(merged, undefined, 4)}\n`;
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** npm allows only lower-case names that do not begin with a period or an underscore. */
function packageName(project: string): string {
    return project.toLowerCase().replace(/^[._]+/, "") || "portals";
}
