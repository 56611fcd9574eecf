// Keeps notes on disk about entries of others that our write dropped and that must be put back. If the process is
// killed before it puts them back, the next deployment on this machine does so. The notes contain no secrets, because
// the entries come from reads, and Graph returns no secrets in reads.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import type { Session } from "../entra/session";

type Fields = Readonly<Record<string, unknown>>;

function fileOf({ tenantId }: Session, path: string): string {
    const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
    const name = createHash("sha256").update(`${tenantId}${path}`).digest("hex").slice(0, 32);
    return join(home, "restore-portal", `${name}.json`);
}

/** Notes entries before they are put back. If the disk cannot be written, there is no note. */
export function noteRepair(session: Session, path: string, lost: Fields): void {
    const file = fileOf(session, path);
    try {
        mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
        writeFileSync(file, JSON.stringify(lost), { mode: 0o600 });
    } catch {
        // Without a note the entries are still put back. They are lost only if this attempt fails, or if the process
        // is killed first.
    }
}

export function forgetRepair(session: Session, path: string): void {
    rmSync(fileOf(session, path), { force: true });
}

/** Returns the entries that an earlier process did not put back before it ended. */
export function openRepair(session: Session, path: string): Fields | undefined {
    const file = fileOf(session, path);
    if (!existsSync(file)) return undefined;
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Fields;
    } catch {
        // The earlier process was killed while it wrote the note, or this user is not allowed to read the note.
        return undefined;
    }
}
