// Reads text files in the encodings in which programs of Windows write them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readText } from "../../system/textFile";

const TEXT = '{ "reason": "Überbrückt" }\r\n';
const folder = mkdtempSync(join(tmpdir(), "text-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a byte order mark, as Notepad", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16, as > of Windows PowerShell", Buffer.from(`\ufeff${TEXT}`, "utf16le")],
])("%s", (_name, bytes) => {
    const file = join(folder, "accepted.json");
    writeFileSync(file, bytes);
    expect(readText(file)).toBe(TEXT);
});

test("a path with a file as a folder is named with what to do", () => {
    const file = join(folder, "file");
    writeFileSync(file, TEXT);
    // Windows reports such a path like a missing file.
    const reason = process.platform === "win32" ? "there is no such file" : "a part of this path is a file";
    expect(() => readText(join(file, "accepted.json"))).toThrow(`${reason}; correct the path`);
});
