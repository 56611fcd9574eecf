// Renders the timeline of all certificates, by their expiry date.
import { useState } from "preact/hooks";

import type { PageCertificate, PageData } from "./data";
import { Outside, Whole } from "./parts";
import { DAY_MS, counted, date, month, until } from "./words";

const MOST = 20;
/** If a certificate expires later than this, its bar reaches the right edge. */
const MOST_DAYS = 3 * 365;

interface Axis {
    readonly start: number;
    readonly end: number;
    readonly now: number;
}

export function Timeline({ data: { certificates, createdAt } }: { readonly data: PageData }) {
    const [isWhole, setWhole] = useState(false);
    if (certificates.length === 0) return null;
    const now = Date.parse(createdAt);
    const last = Math.max(...certificates.map(({ notAfter }) => Date.parse(notAfter)));
    const end = Math.min(Math.max(last, now + 90 * DAY_MS), now + MOST_DAYS * DAY_MS);
    const axis: Axis = { start: now - 60 * DAY_MS, end: end + 14 * DAY_MS, now };
    const shown = isWhole ? certificates : certificates.slice(0, MOST);
    const next = certificates.find(({ state }) => state !== "ended");
    const sameDay = certificates.filter(({ notAfter }) => notAfter.slice(0, 10) === next?.notAfter.slice(0, 10));
    const others = sameDay.length - 1;
    return (
        <section aria-labelledby="certificates-title" class="timeline">
            <h2 id="certificates-title">Certificates</h2>
            {next && (
                <p>
                    Next to expire: the certificate of <Outside text={next.row} />, on {date(next.notAfter)} (
                    {until(next.daysLeft)}){next.renews ? ". pulumi up renews the certificate before that day." : "."}
                    {others > 0 &&
                        ` ${counted(others, "other certificate expires", "other certificates expire")} on the same day.`}
                </p>
            )}
            <Scale axis={axis} />
            <ol>
                {shown.map((certificate, index) => (
                    <Bar
                        key={`${certificate.row} ${certificate.thumbprint} ${index}`}
                        certificate={certificate}
                        axis={axis}
                    />
                ))}
            </ol>
            {certificates.length > shown.length && (
                <p class="rest">
                    <button type="button" class="plain" onClick={() => setWhole(true)}>
                        Show all {counted(certificates.length, "certificate")}
                    </button>
                </p>
            )}
        </section>
    );
}

/**
 * Returns the position in percent of the width. SVG takes a position as an attribute, because the page's policy forbids
 * inline styles.
 */
function position(ms: number, { start, end }: Axis): number {
    return Math.round(Math.min(1, Math.max(0, (ms - start) / (end - start))) * 10_000) / 100;
}

function Scale({ axis }: { readonly axis: Axis }) {
    return (
        <svg class="scale" aria-hidden="true">
            <text class="today" x={`${position(axis.now, axis)}%`} y="12">
                today
            </text>
            {ticks(axis).map((ms) => (
                <text key={ms} x={`${position(ms, axis)}%`} y="12">
                    {month(ms)}
                </text>
            ))}
        </svg>
    );
}

/**
 * Returns the first days of at most eight months. Leaves out months whose label would be too close to "today" or to the
 * right end.
 */
function ticks({ start, end, now }: Axis): number[] {
    const months = (end - start) / (30 * DAY_MS);
    const step = [1, 2, 3, 6, 12].find((size) => months / size <= 8) ?? 12;
    const first = new Date(start);
    const all = Array.from({ length: Math.ceil(months) + 1 }, (_, index) =>
        Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1 + index, 1),
    );
    const room = (end - start) / 14;
    return all.filter((ms) => new Date(ms).getUTCMonth() % step === 0 && ms < end - room && Math.abs(ms - now) > room);
}

function Bar({ certificate, axis }: { readonly certificate: PageCertificate; readonly axis: Axis }) {
    const { row, stack, name, thumbprint, notBefore, notAfter, state, daysLeft } = certificate;
    const from = position(notBefore === undefined ? axis.start : Date.parse(notBefore), axis);
    const to = Math.max(position(Date.parse(notAfter), axis), from + 0.5);
    const today = `${position(axis.now, axis)}%`;
    return (
        <li class={state}>
            <span class="whose">
                <Whole text={row} />
                <span class="sub" title={thumbprint}>
                    <Whole text={name ?? (thumbprint.slice(0, 8) || "unnamed")} />, stack <Whole text={stack} />
                </span>
            </span>
            <svg class="bar" aria-hidden="true">
                <rect class="track" x="0" y="9" width="100%" height="2" />
                <rect class="life" x={`${from}%`} y="5" width={`${to - from}%`} height="10" rx="3" />
                <line x1={today} x2={today} y1="0" y2="20" />
            </svg>
            <span class="end">
                <strong>
                    {state === "ended" ? "expired" : "expires"} {date(notAfter)}
                </strong>
                , {until(daysLeft)}
                <span class="sub">{fate(certificate)}</span>
            </span>
        </li>
    );
}

function fate({ current, ours, renews, renewsFrom, replacedOn, retiresOn, state }: PageCertificate): string {
    if (replacedOn !== undefined) {
        const removal =
            retiresOn === undefined ? "" : `; pulumi up removes the old certificate from ${date(retiresOn)} on`;
        return `replaced on ${date(replacedOn)}: VB365 needs the new certificate${removal}`;
    }
    const whose = current ? "in use" : ours ? "added by the program" : "of others";
    if (!renews) return whose;
    const renewal = state === "due" ? "its renewal is due" : "pulumi up renews it";
    return `${whose}, ${renewal}${renewsFrom === undefined ? "" : ` from ${date(renewsFrom)}`}`;
}
