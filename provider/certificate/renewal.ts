// When a generated certificate is due to be renewed. Pure.

/** What check fills in and what a certificate in good time is. */
export const CURRENT = "current";

export interface Renewable {
    readonly certificate: { readonly notAfter: string };
    readonly source: { readonly generate: { readonly renewBeforeDays: number } };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** `current`, or the words by which a preview names a renewal. */
export function renewalStatus({ certificate, source }: Renewable, now: Date): string {
    const end = new Date(certificate.notAfter).getTime();
    const isDue = now.getTime() >= end - source.generate.renewBeforeDays * DAY_MS;
    return isDue ? `due for renewal: ends ${certificate.notAfter.slice(0, 10)}` : CURRENT;
}
