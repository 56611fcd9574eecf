// Defines an error that makes the engine keep an object whose create or update failed half-way. Limits the error's
// message.

import { withoutSecretTexts } from "../secretTexts";

/** The engine drops messages beyond about 70 KB (measured). A long answer of a proxy must not hide the error. */
const MAX_MESSAGE_LENGTH = 4000;

export function messageOf(error: unknown): string {
    const message = withoutSecretTexts(error instanceof Error ? error.message : String(error));
    return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message;
}

/** A hook throws this, and the engine stores `id` and `properties` as it does for the SDK's InitFailedError. */
export class HalfDone extends Error {
    readonly reasons: string[];

    constructor(
        readonly id: string,
        readonly properties: object,
        cause: unknown,
    ) {
        super(messageOf(cause), { cause });
        this.reasons = [messageOf(cause)];
    }
}
