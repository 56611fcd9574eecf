// Checks the number of entries that an adoption leaves alone, as its message says it.
import { plan } from "../../../provider/portal/rules/plan";
import { leftAlone } from "../../../provider/portal/rules/words";
import { observed, portalInputs, wizardLive, withApplication } from "../../support/rules/observation";

test("redirect URIs of the platforms Web and Mobile count, although the deployment turns implicit grant off", () => {
    const inputs = portalInputs({ implicitGrant: false });
    const live = withApplication(wizardLive(), {
        publicClient: { redirectUris: ["https://mobile.abc.com"] },
        web: {
            redirectUris: ["https://web.abc.com", "https://web.abc.com/signin"],
            implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
        },
    });
    const next = plan(inputs, observed(live, inputs));
    expect(next.application?.body["web"]).toMatchObject({ implicitGrantSettings: { enableIdTokenIssuance: false } });
    expect(leftAlone(inputs, live, next)).toContain("3 redirect URIs");
});
