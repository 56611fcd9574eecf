// Runs `init`: collects the answers, checks them, shows the plan, and writes the project.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";

import { credentialsPresent } from "../../provider/entra/credentials";
import { PortalError } from "../../provider/portalError";
import { printError, print } from "../print";
import { writePipelines } from "../pipelines/writePipelines";
import { projectFiles, stateFolder } from "../project/files";
import { ownPackageSpec, templateFiles } from "../project/ownPackage";
import { templateOf } from "../project/settings";
import { assertFolder, assertFree, existingManifest, writeProject } from "../project/writeProject";
import type { Values } from "../command";
import { givenAnswers, placeOf, settingsOf, withDefaults, type Answers, type Place } from "./answers";
import { findCandidates } from "./entraView";
import { nextSteps, planText } from "./plan";
import { assertAnswers } from "./problems";
import { askMissing } from "./questions";
import { hasTerminal, isCtrlC, terminal } from "./terminal";

/** The exit code of a command that Ctrl+C has ended. */
const INTERRUPTED = 130;

export async function runInit(values: Values): Promise<number> {
    const place = placeOf(values);
    assertFree(place.folder, ["Pulumi.yaml", `Pulumi.${place.stack}.yaml`, "index.ts"]);
    const given = givenAnswers(values);
    const asks = hasTerminal();
    try {
        const answers = asks ? await askMissing(given, { terminal, candidates: listed }) : withDefaults(given);
        const adoption = await assertAnswers(answers, process.env[PASSWORD]);
        return await show(answers, place, { adoption, asks: asks && values["yes"] !== true });
    } catch (error) {
        if (!isCtrlC(error)) throw error;
        printError("\nnothing was written");
        return INTERRUPTED;
    }
}

/**
 * The variable with the password of a PFX file. No option gives the password, because other users of the machine can
 * see the arguments of a command.
 */
const PASSWORD = "RESTORE_PORTAL_PFX_PASSWORD";

/**
 * If Entra cannot be read, `init` lists no applications. A person can still enter the Application ID, so `init`
 * continues.
 */
async function listed(region: string) {
    try {
        const found = await findCandidates(region);
        if (found === undefined) print("No credentials are set in the environment, so init lists no applications.");
        return found;
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        print(`The applications of the tenant cannot be listed: ${error.message}`);
        return undefined;
    }
}

interface Shown {
    readonly adoption: string | undefined;
    /** Whether `init` asks the person to confirm the plan. */
    readonly asks: boolean;
}

async function show(answers: Answers, place: Place, { adoption, asks }: Shown): Promise<number> {
    const settings = settingsOf(answers, place);
    const { folder } = place;
    const state = stateFolder(settings);
    if (state !== undefined) assertFolder(join(folder, state));
    const files = projectFiles(settings, {
        template: templateFiles(templateOf(settings)),
        packageSpec: ownPackageSpec(folder),
        packageJson: existingManifest(folder),
    });
    print(planText(settings, { folder, files: [...files.keys()], adoption }));
    if (asks && !(await terminal.confirm("Write the project?", true))) {
        print("nothing was written");
        return 0;
    }
    writeProject(folder, files);
    // Pulumi does not create the folder of the backend.
    if (state !== undefined) mkdirSync(join(folder, state), { recursive: true });
    writePipeline(answers, place);
    print(nextSteps(settings, { folder: relative("", folder), hasCredentials: credentialsPresent(undefined) }));
    return 0;
}

/** A project is complete without a pipeline. So if the pipeline cannot be written, the project stays. */
function writePipeline({ pipeline: system }: Answers, { folder, stack }: Place): void {
    if (system === undefined) return;
    const later = `npx pulumi-restore-portal pipelines --for ${system} --stack ${stack}`;
    try {
        for (const file of writePipelines({ system, stack, cwd: folder })) print(`wrote ${relative("", file)}`);
    } catch (error) {
        print(
            `warning: ${error instanceof Error ? error.message : String(error)}\nThe project was written without a pipeline. To write the pipeline, solve this problem. Then run this command in ${folder} after npm install, with any option that the warning names:\n  ${later}`,
        );
    }
}
