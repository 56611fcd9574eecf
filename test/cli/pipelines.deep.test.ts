// Checks the files of the pipelines with tools that are downloaded from the Go module proxy and from PyPI.
import { execFileSync } from "node:child_process";

import { actionlint, pythonTool } from "../support/pipelines/tools";
import { WrittenFiles } from "../support/pipelines/writtenFiles";

jest.setTimeout(600_000);

let files: WrittenFiles;
beforeEach(() => (files = new WrittenFiles()));
afterEach(() => files.remove());

function outcome(check: () => string): { code: number; output: string } {
    try {
        return { code: 0, output: check() };
    } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        return { code: status, output: `${stdout}${stderr}` };
    }
}

test.each([{}, { shards: 3 }])("actionlint and zizmor find nothing in the workflows: %j", (options) => {
    const paths = files.write({ system: "github", ...options });
    const lint = () => execFileSync(actionlint(), ["-no-color", ...paths], { cwd: files.root, encoding: "utf8" });
    const audit = () => pythonTool("zizmor", ["--offline", "--no-progress", "--persona", "auditor", "."], files.root);
    expect(outcome(lint)).toEqual({ code: 0, output: "" });
    expect(outcome(audit).output).toContain("No findings to report");
    expect(outcome(audit).code).toBe(0);
    const [path = ""] = paths;
    files.set(
        path,
        files
            .text(path)
            .replace(/@[0-9a-f]{40} # (v\d+)\S+/g, "@$1")
            .replace("matrix.stack", "matrix.stak"),
    );
    expect(outcome(lint).output).toContain('property "stak" is not defined');
    expect(outcome(audit).output).toContain("unpinned-uses");
});

test("Azure's schema accepts the pipeline and its template", () => {
    const paths = files.write({ system: "azure-devops", shards: 3 });
    // Unicode mode is off, because the schema contains regular expressions that are not valid in this mode.
    const options = ["--builtin-schema", "vendor.azure-pipelines", "--regex-variant", "nonunicode"];
    const check = () => pythonTool("check-jsonschema", [...options, ...paths], files.root);
    expect(outcome(check)).toMatchObject({ code: 0 });
    files.set(paths[0] ?? "", files.text(paths[0] ?? "").replace("dependsOn: preview", "dependOn: preview"));
    expect(outcome(check).code).not.toBe(0);
});

test("GitLab's schema accepts the pipeline", () => {
    const [path = ""] = files.write({ system: "gitlab", shards: 3 });
    const check = () => pythonTool("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci", path], files.root);
    expect(outcome(check)).toMatchObject({ code: 0 });
});
