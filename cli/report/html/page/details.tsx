// Renders the details of an open row: each property with its declared and live value, the action of `pulumi up`, the
// risk, and the person or application that made the change.
import type { ComponentChildren } from "preact";

import type { PageDifference, PageRow } from "./data";
import { capital, Outside, sentence } from "./parts";
import { date, lasting } from "./words";

interface DetailsProps {
    readonly row: PageRow;
    readonly now: string;
}

const RISKS = { signIn: "Users cannot sign in", widened: "Access is wider than declared", cosmetic: "Cosmetic" };
const OPERATIONS = {
    none: "`pulumi up` changes nothing here.",
    create: "`pulumi up` creates this resource.",
    update: "`pulumi up` updates this resource.",
    replace: "`pulumi up` replaces this resource with a new one.",
    delete: "`pulumi up` removes this resource from the stack.",
};

export function Details({ row, now }: DetailsProps) {
    const { differences, checks, unreadable, who = [] } = row;
    return (
        <div class="inside">
            {unreadable !== undefined && (
                <p class="why">
                    Not readable: <Outside text={sentence(unreadable)} />
                    {who.map((one) => (
                        <span class="sub" key={one}>
                            <Outside text={sentence(capital(one))} />
                        </span>
                    ))}
                </p>
            )}
            {differences.length > 0 && <Differences row={row} now={now} />}
            {checks.length > 0 && <Checks checks={checks} />}
            {differences.length === 0 && unreadable === undefined && <p>Entra is as the program declares.</p>}
            <p class="operation">{operationOf(row)}</p>
            <Facts row={row} />
        </div>
    );
}

function operationOf({ operation, unreadable }: PageRow): string {
    if (operation === "none" && unreadable !== undefined)
        return "It is unknown what pulumi up would change, because something could not be read.";
    return OPERATIONS[operation].replaceAll("`", "");
}

function Differences({ row, now }: DetailsProps) {
    const hasWho = row.differences.some(({ who }) => who !== undefined);
    return (
        <table class="differences">
            <caption class="hidden">
                What differs: <Outside text={row.name} />
            </caption>
            <thead>
                <tr>
                    <th scope="col">Property</th>
                    <th scope="col">Declared</th>
                    <th scope="col">Live, in Entra</th>
                    <th scope="col">pulumi up</th>
                    <th scope="col">Risk</th>
                    {hasWho && <th scope="col">Who, and when</th>}
                </tr>
            </thead>
            <tbody>
                {row.differences.map((difference) => (
                    <tr
                        key={`${difference.property} ${difference.label}`}
                        class={difference.accepted ? "accepted" : difference.risk}
                    >
                        <Property difference={difference} now={now} />
                        <td class="value" data-label="Declared">
                            <Outside text={difference.declared} />
                        </td>
                        <td class="value" data-label="Live, in Entra">
                            <Outside text={difference.live} />
                        </td>
                        <td data-label="pulumi up">
                            <Outside text={difference.up} />
                            {difference.remedy !== undefined && (
                                <span class="sub">
                                    <Outside text={sentence(capital(difference.remedy))} />
                                </span>
                            )}
                        </td>
                        <Risk difference={difference} />
                        {hasWho && <Who who={difference.who} />}
                    </tr>
                ))}
            </tbody>
        </table>
    );
}

function Property({ difference, now }: { readonly difference: PageDifference; readonly now: string }) {
    const { label, property, cause, accepted, change, since } = difference;
    return (
        <th scope="row">
            <Outside text={capital(label)} />
            {property !== "" && (
                <span class="sub">
                    <code>
                        <Outside text={property} />
                    </code>
                </span>
            )}
            {cause === "program" && (
                <span class="sub">the program has changed, and the change is not deployed yet</span>
            )}
            {change === "new" && <span class="sub">new in this run</span>}
            {change !== "new" && since !== undefined && (
                <span class="sub">
                    since {date(since)} ({lasting(since, now)})
                </span>
            )}
            {accepted && (
                <span class="sub">
                    Accepted until {date(accepted.until)} by <Outside text={accepted.by} />:{" "}
                    <Outside text={sentence(accepted.reason)} />
                </span>
            )}
        </th>
    );
}

function Risk({ difference: { risk, aadsts = [], accepted } }: { readonly difference: PageDifference }) {
    return (
        <td data-label="Risk" class="risk">
            {accepted ? "Accepted" : RISKS[risk]}
            {aadsts.length > 0 && <span class="sub">{aadsts.map((code) => `AADSTS${code}`).join(" or ")}</span>}
        </td>
    );
}

/** Shows all candidates, because the log does not show which one is right. */
function Who({ who = [] }: { readonly who?: readonly string[] | undefined }) {
    return (
        <td data-label="Who, and when">
            <ul>
                {who.map((one) => (
                    <li key={one}>
                        <Outside text={capital(one)} />
                    </li>
                ))}
            </ul>
        </td>
    );
}

const MARKS = { failed: "Failed", unknown: "Could not be checked", warning: "Warning" };

function Checks({ checks }: { readonly checks: PageRow["checks"] }) {
    return (
        <ul class="checks">
            {checks.map(({ name, status, message, remedy, aadsts }) => (
                <li key={`${name} ${message}`} class={status}>
                    <strong>{MARKS[status]}</strong>{" "}
                    <code>
                        <Outside text={name} />
                    </code>
                    : <Outside text={sentence(message)} />
                    {aadsts !== undefined && !message.includes(String(aadsts)) && ` Users get AADSTS${aadsts}.`}
                    {remedy !== undefined && (
                        <>
                            {" "}
                            <Outside text={sentence(capital(remedy))} />
                        </>
                    )}
                </li>
            ))}
        </ul>
    );
}

/** If a name has more characters than this, the row may cut it off. So the details repeat the whole name. */
const SHORT = 60;

function Facts({ row }: { readonly row: PageRow }) {
    const { name, applicationId, tenantId, servicePrincipalId, id } = row;
    return (
        <dl class="ids">
            <Fact term="Application ID">{applicationId}</Fact>
            <Fact term="Tenant">{tenantId}</Fact>
            {servicePrincipalId !== undefined && <Fact term="Service principal">{servicePrincipalId}</Fact>}
            {name.length > SHORT && (
                <Fact term="Name">
                    <Outside text={name} />
                </Fact>
            )}
            <Fact term="Link">
                <a href={`#only=${id}`}>this row alone</a>
            </Fact>
        </dl>
    );
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }) {
    if (children === "") return null;
    return (
        <div>
            <dt>{term}</dt>
            <dd>
                <bdi>{children}</bdi>
            </dd>
        </div>
    );
}
