// Checks the settings of a provider. The settings are the defaults of tenantId, credentials and region for all
// resources of the provider.
import { valueAt } from "../provider/inputs/givenInputs";
import {
    credentialsFailures,
    regionFailures,
    tenantIdFailures,
    typeFailures,
    withoutUndefined,
} from "../provider/inputs/inputRules";
import type { InputFailure } from "../provider/inputs/rawInputs";
import { unknownNames } from "../provider/inputs/unknownNames";
import { printable } from "../provider/pulumi/printable";
import { noteSecret } from "../provider/secretTexts";
import { SETTINGS, type Settings } from "./resources";
import type { Decoded } from "./values";

/** Keys that the engine itself adds to the settings. */
const ENGINES = ["version", "pluginDownloadURL"];

export function configFailures({ values, secret }: Decoded): InputFailure[] {
    for (const path of secret) noteSecret(valueAt(values, path));
    const given = withoutUndefined(Object.fromEntries(Object.entries(values).filter(([name]) => !isEngines(name))));
    const types = Object.fromEntries(SETTINGS.map((name) => [name, "string" as const]));
    const failures = [
        ...unknownNames(given, { of: "Provider", known: SETTINGS }),
        ...typeFailures(given, types),
        ...regionFailures(given),
        ...tenantIdFailures(given),
        ...credentialsFailures(given),
    ];
    return failures.map((failure) => printable(failure, values, secret));
}

export function settingsOf({ values, secret }: Decoded): Settings {
    const given = SETTINGS.filter((name) => values[name] !== undefined && values[name] !== null);
    return { values: Object.fromEntries(given.map((name) => [name, values[name]])), secret };
}

function isEngines(name: string): boolean {
    return ENGINES.includes(name) || name.startsWith("__");
}
