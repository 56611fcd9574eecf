// Prepares a machine whose repository has a portal's program. Writes the files of a pipeline into a separate
// repository, from which a test reads them.
import type { System } from "../../../cli/pipelines/job";
import { Machine, type ROLES } from "./machine";
import { declarePortal } from "./scenarios";
import { WrittenFiles } from "./writtenFiles";

export class PipelineRepository {
    private constructor(
        readonly machine: Machine,
        readonly files: WrittenFiles,
    ) {}

    /** `subjects`: the subjects that Entra accepts for each identity. */
    static async start(
        system: System,
        subjects: Readonly<Record<keyof typeof ROLES, readonly string[]>>,
    ): Promise<PipelineRepository> {
        const machine = await Machine.start(subjects);
        const files = new WrittenFiles();
        files.write({ system });
        declarePortal(machine);
        return new PipelineRepository(machine, files);
    }

    async close(): Promise<void> {
        this.files.remove();
        await this.machine.close();
    }
}
