// Runs `export`: reads an application, and writes a program and configuration that describe the application as
// it is.
import { relative } from "node:path";

import { observe } from "../../provider/entra/directory";
import { clock } from "../../provider/entra/clock";
import type { Live } from "../../provider/entra/live";
import { openSession } from "../../provider/entra/session";
import { examineUrl } from "../../provider/inputs/portalUrl";
import { applicationIdFailures } from "../../provider/inputs/inputRules";
import { DEFAULT_REGION } from "../../provider/inputs/regions";
import { thumbprintOfKey } from "../../provider/sync/keyCredentials";
import { notFound } from "../../provider/portal/register";
import { plain } from "../../provider/plainText";
import { text, UsageError, type Values } from "../command";
import { placeOf, regionIn, type Place } from "../init/answers";
import { nextSteps } from "../init/plan";
import { backendFailure } from "../init/problems";
import { hasTerminal, terminal } from "../init/terminal";
import { print } from "../print";
import { projectFiles } from "../project/files";
import { ownPackageSpec, templateFiles } from "../project/ownPackage";
import type { ProjectSettings } from "../project/settings";
import { assertFree, existingManifest, writeProject } from "../project/writeProject";
import { describe, portalUrlOf } from "./describe";

export async function runExport(values: Values): Promise<number> {
    const place = placeOf(values);
    const applicationId = text(values, "application-id")?.toLowerCase();
    const region = regionIn(values) ?? DEFAULT_REGION;
    if (applicationId === undefined) throw new UsageError("--application-id is missing: give the Application ID");
    const [wrong] = applicationIdFailures({ applicationId });
    if (wrong) throw new UsageError(`--application-id ${wrong.reason}`);
    const backend = text(values, "backend");
    const problem = backend === undefined ? undefined : backendFailure(backend);
    if (problem !== undefined) throw new UsageError(`--backend ${problem}`);
    assertFree(place.folder, ["Pulumi.yaml", `Pulumi.${place.stack}.yaml`, "index.ts"]);
    const session = await openSession({ region });
    const live = await observe(session, applicationId, { withOwners: true });
    if (live === undefined) throw notFound(session, applicationId);
    const portalUrl = await portalUrlFor(live, text(values, "portal-url"));
    const portal = describe(live, { region, tenantId: session.tenantId, portalUrl }, clock.now());
    write(
        { name: place.project, stack: place.stack, ...(backend === undefined ? {} : { backend }), portal },
        live,
        place,
    );
    return 0;
}

async function portalUrlFor(live: Live, given: string | undefined): Promise<string> {
    const { displayName, appId } = live.application;
    const problem = (url: string) => examineUrl(url).refusals[0];
    const refusal = given === undefined ? undefined : problem(given);
    if (refusal !== undefined) throw new UsageError(`--portal-url ${refusal}`);
    const found = given ?? portalUrlOf(live);
    if (found !== undefined) return found;
    if (hasTerminal())
        return terminal.text(
            "The application has no redirect URI that has a port and may be the web address of a portal. Restore Portal web address, with its port",
            problem,
        );
    throw new UsageError(
        `application "${plain(displayName)}" (${appId}) has no redirect URI that has a port and may be the web address of a portal; give the address with --portal-url. If the application does not have the address yet, export writes leaveAlone: portalUrl into the configuration, so the first pulumi up does not register the address. To let a later pulumi up register it, remove this entry`,
    );
}

function write(settings: ProjectSettings, live: Live, { folder }: Place): void {
    const { portal, stack } = settings;
    const files = projectFiles(settings, {
        template: templateFiles("portal"),
        packageSpec: ownPackageSpec(folder),
        packageJson: existingManifest(folder),
        notes: notesOf(live),
    });
    writeProject(folder, files);
    const { displayName, appId } = live.application;
    const left = portal.leaveAlone ?? [];
    print(`Wrote ${[...files.keys()].join(", ")} in ${folder}.`);
    print(
        `The files describe application "${displayName}" (${appId}) as it is. The first pulumi up writes only a tag.`,
    );
    if (left.length > 0 || portal.adminConsent === false) {
        const consent = portal.adminConsent === false ? ["adminConsent: false"] : [];
        print(
            `The application is not a complete portal. To let a later pulumi up complete a part, remove or change its setting in Pulumi.${stack}.yaml: ${[...left.map((part) => `leaveAlone: ${part}`), ...consent].join(", ")}.`,
        );
    }
    print(nextSteps(settings, { folder: relative("", folder), hasCredentials: true }));
}

/** Returns the comments for the top of the configuration. */
function notesOf({ application: { displayName, keyCredentials } }: Live): string[] {
    const certificates = keyCredentials.map(
        (key) => `${thumbprintOfKey(key) || "unknown thumbprint"} (valid until ${key.endDateTime.slice(0, 10)})`,
    );
    return [
        `This file describes application "${plain(displayName)}" as it is. The program only adopts the application, so pulumi destroy does not delete it.`,
        certificates.length === 0
            ? "The application has no certificate."
            : `The program does not change the application's certificates: ${plain(certificates.join(", "))}.`,
    ];
}
