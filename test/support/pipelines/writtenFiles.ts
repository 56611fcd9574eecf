// Writes the files of a pipeline into a temporary git repository.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { writePipelines, type PipelineOptions } from "../../../cli/pipelines/writePipelines";

const REPOSITORY = "https://github.com/contoso/portals";

export class WrittenFiles {
    readonly root = mkdtempSync(join(tmpdir(), "pipelines-"));

    /** `folder`: the folder of the program in the repository. */
    constructor(readonly folder = ".") {
        execFileSync("git", ["init", "--quiet", this.root]);
        this.set(join(folder, "Pulumi.yaml"), "name: portals\nruntime: nodejs\n");
    }

    /** Writes the files of a pipeline, and returns their paths. */
    write(options: PipelineOptions): string[] {
        const paths = writePipelines({ cwd: join(this.root, this.folder), repository: REPOSITORY, ...options });
        return paths.map((path) => path.slice(this.root.length + 1));
    }

    /** Adds git's remote `origin` with this URL. */
    remote(url: string): void {
        execFileSync("git", ["-C", this.root, "remote", "add", "origin", url]);
    }

    text(path: string): string {
        return readFileSync(join(this.root, path), "utf8");
    }

    set(path: string, text: string): void {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text);
    }

    remove(): void {
        rmSync(this.root, { recursive: true, force: true });
    }
}
