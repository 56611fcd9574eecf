// What the engine is told when a deployment fails half-way, and how long a message may be.

/** Messages beyond some 70 KB never reach the engine (measured), so a long answer of a proxy must not hide the error. */
const MAX_MESSAGE_LENGTH = 4000;

export function messageOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message;
}

/** The engine keeps an object whose creation or update failed half-way when the hook throws this (SDK: InitFailedError). */
export class HalfDone extends Error {
    readonly reasons: string[];

    constructor(
        readonly id: string,
        readonly properties: unknown,
        cause: unknown,
    ) {
        super(messageOf(cause), { cause });
        this.reasons = [messageOf(cause)];
    }
}
