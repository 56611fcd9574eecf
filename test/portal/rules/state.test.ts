// Checks which inputs the provider restores from a state of release 0.1.0, and when a replaced certificate retires.
import type { RestorePortalAppInputs } from "../../../provider/portal/rules/inputs";
import { initialManaged } from "../../../provider/portal/rules/registration";
import { retiringCertificates, type RegisteredCertificate } from "../../../provider/portal/rules/certificates";
import { upgraded } from "../../../provider/portal/rules/oldState";
import { outputsFrom, type PortalState } from "../../../provider/portal/rules/state";
import { APP_ID, SCOPE_ID, THUMBPRINT, portalInputs, wizardLive } from "../../support/rules/observation";

const HOME = { tenantId: "22222222-2222-4222-8222-222222222222", loginUrl: "https://login.microsoftonline.com" };

/** Returns the state that release 0.1.0 left after a deployment of these inputs. */
function stateOf(inputs: RestorePortalAppInputs): PortalState {
    const { created, holder, scopeId } = initialManaged(inputs, SCOPE_ID);
    const outcome = { inputs, desired: inputs, live: wizardLive(), retiring: [] };
    const { desired, ...state } = outputsFrom(HOME, { ...outcome, managed: initialManaged(inputs, SCOPE_ID) });
    const managed = {
        created,
        hash: holder,
        scopeId,
        added: [],
        portalUrls: [desired.portalUrl, ...desired.additionalPortalUrls],
        ...(desired.certificate ? { certificate: desired.certificate.thumbprint } : {}),
        ...(desired.owners ? { owners: desired.owners } : {}),
    };
    return { ...state, managed } as unknown as PortalState;
}

const inputsOf = (state: PortalState) => upgraded(state).desired;

/** Removes the inputs without a value, because state does not contain them. */
function given(inputs: RestorePortalAppInputs): unknown {
    return JSON.parse(JSON.stringify(inputs));
}

describe("the inputs in a state of 0.1.0", () => {
    const rows: readonly (readonly [what: string, given: Record<string, unknown>])[] = [
        ["an adopted application", {}],
        ["several web addresses", { additionalPortalUrls: ["https://b.abc.com:4443", "https://c.abc.com:4443"] }],
        ["no certificate", { certificate: undefined }],
        ["owners", { owners: ["33333333-3333-4333-8333-333333333333"] }],
        ["an overlap", { certificateOverlapDays: 30 }],
        ["no consent", { adminConsent: false }],
    ];
    test.each(rows)("are the inputs of the last deployment: %s", (_what, more) => {
        const inputs = portalInputs({ tenantId: HOME.tenantId, ...more });
        expect(given(inputsOf(stateOf(inputs)))).toEqual(given(inputs));
    });

    test("the id of a registered application is an output only", () => {
        const inputs = portalInputs({ applicationId: undefined, displayName: "Restore Portal" });
        const state = stateOf(inputs);
        expect(state.applicationId).toBe(APP_ID);
        expect(inputsOf(state)).not.toHaveProperty("applicationId");
        expect(inputsOf(state)).toMatchObject({ displayName: "Restore Portal" });
    });

    test("after a refresh with drift they are still the program's, not the live values", () => {
        const inputs = portalInputs({ additionalPortalUrls: ["https://b.abc.com:4443"], owners: ["owner"] });
        const refreshed: PortalState = {
            ...stateOf(inputs),
            portalUrl: "not registered",
            additionalPortalUrls: [],
            owners: [],
            certificate: { certificatePem: "pem", thumbprint: "not registered" },
        };
        expect(inputsOf(refreshed)).toMatchObject({
            portalUrl: "https://portal.abc.com:4443",
            additionalPortalUrls: ["https://b.abc.com:4443"],
            owners: ["owner"],
            certificate: { thumbprint: THUMBPRINT },
        });
    });
});

describe("retiringCertificates", () => {
    const NOW = new Date("2026-06-01T00:00:00Z");
    const END = "2027-01-01T00:00:00.000Z";
    const OLD = "B".repeat(40);
    const old = (more: Partial<RegisteredCertificate> = {}) => ({
        thumbprint: OLD,
        notAfter: END,
        ours: true,
        ...more,
    });
    const current = { thumbprint: THUMBPRINT, notAfter: END, ours: true };

    interface Row {
        readonly what: string;
        readonly certificates: readonly RegisteredCertificate[];
        readonly inputs?: Record<string, unknown>;
        readonly retiring: readonly unknown[];
    }
    const ROWS: readonly Row[] = [
        { what: "the program's own stays", certificates: [current], retiring: [] },
        { what: "a certificate of others stays", certificates: [old({ ours: false })], retiring: [] },
        {
            what: "without a certificate in the program, no certificate retires",
            certificates: [old()],
            inputs: { certificate: undefined },
            retiring: [],
        },
        {
            what: "a certificate that was just replaced retires when it ends",
            certificates: [old(), current],
            retiring: [{ thumbprint: OLD, replacedOn: NOW.toISOString(), retiresOn: END }],
        },
        {
            what: "with an overlap, it retires that many days after its replacement",
            certificates: [old()],
            inputs: { certificateOverlapDays: 30 },
            retiring: [{ thumbprint: OLD, replacedOn: NOW.toISOString(), retiresOn: "2026-07-01T00:00:00.000Z" }],
        },
        {
            what: "the overlap counts from the day of the replacement, not from today",
            certificates: [old({ replacedOn: "2026-05-20T00:00:00.000Z" })],
            inputs: { certificateOverlapDays: 30 },
            retiring: [
                {
                    thumbprint: OLD,
                    replacedOn: "2026-05-20T00:00:00.000Z",
                    retiresOn: "2026-06-19T00:00:00.000Z",
                },
            ],
        },
        {
            what: "an overlap ends at the latest with the certificate",
            certificates: [old({ notAfter: "2026-06-11T00:00:00Z" })],
            inputs: { certificateOverlapDays: 30 },
            retiring: [{ thumbprint: OLD, replacedOn: NOW.toISOString(), retiresOn: "2026-06-11T00:00:00.000Z" }],
        },
        {
            what: "an overlap of no days retires it at once",
            certificates: [old()],
            inputs: { certificateOverlapDays: 0 },
            retiring: [{ thumbprint: OLD, replacedOn: NOW.toISOString(), retiresOn: NOW.toISOString() }],
        },
        {
            what: "another overlap in the program replaces the one in state",
            certificates: [old({ replacedOn: "2026-05-20T00:00:00.000Z", retiresOn: "2026-06-19T00:00:00.000Z" })],
            inputs: { certificateOverlapDays: 60 },
            retiring: [
                {
                    thumbprint: OLD,
                    replacedOn: "2026-05-20T00:00:00.000Z",
                    retiresOn: "2026-07-19T00:00:00.000Z",
                },
            ],
        },
        {
            what: "a certificate that the program names again does not retire",
            certificates: [{ ...current, replacedOn: "2026-05-20T00:00:00.000Z" }, old({ ours: false })],
            inputs: { certificateOverlapDays: 0 },
            retiring: [],
        },
    ];
    test.each(ROWS)("$what", ({ certificates, inputs = {}, retiring }) => {
        expect(retiringCertificates(certificates, portalInputs(inputs), NOW)).toEqual(retiring);
    });
});
