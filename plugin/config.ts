// Checks the settings of a provider. The settings are the defaults of tenantId, credentials and region for all
// resources of the provider. Pure.
import { credentialsFailures, regionFailures, tenantIdFailures, typeFailures } from "../provider/inputs/inputRules";
import type { InputFailure } from "../provider/inputs/rawInputs";
import { unknownNames } from "../provider/inputs/unknownNames";
import { SETTINGS, type Settings } from "./resources";
import type { Properties } from "./values";

/** Keys that the engine itself adds to the settings. */
const ENGINES = ["version", "pluginDownloadURL"];

export function configFailures(news: Properties): InputFailure[] {
    const given = Object.fromEntries(Object.entries(news).filter(([name]) => !isEngines(name)));
    const types = Object.fromEntries(SETTINGS.map((name) => [name, "string" as const]));
    return [
        ...unknownNames(given, { of: "Provider", known: SETTINGS }),
        ...typeFailures(given, types),
        ...regionFailures(given),
        ...tenantIdFailures(given),
        ...credentialsFailures(given),
    ];
}

export function settingsOf(args: Properties): Settings {
    return Object.fromEntries(SETTINGS.map((name) => [name, args[name] ?? undefined]));
}

function isEngines(name: string): boolean {
    return ENGINES.includes(name) || name.startsWith("__");
}
