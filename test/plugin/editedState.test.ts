// Checks that the native plugin refuses to refresh a resource whose outputs somebody removed from the state, and that
// it still recognizes an import.
import { Resource } from "../../plugin/resource";
import { decode } from "../../plugin/values";
import { urnOf } from "../support/plugin/pluginProcess";

const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
const PORTAL = { identity: "portals/dev//x", displayName: "Portal", portalUrl: "https://portal.abc.com:4443" };

test.each(["RestorePortalApp", "PortalCertificate", "PortalTenantConsent", "PortalServer"])(
    "a %s with an empty state is refused, because a refresh is not an import",
    async (type) => {
        const resource = new Resource(`restore-portal:index:${type}`, urnOf(type, "x"), decode());
        await expect(resource.read(APP_ID, decode(), decode(PORTAL))).rejects.toThrow(
            /is missing.*; nothing was written; restore an earlier version of the stack's state/,
        );
    },
);

test.each([{}, PORTAL])("without a state, or with the arguments of .get(), a read is an import", async (given) => {
    const type = "PortalTenantConsent";
    const resource = new Resource(`restore-portal:index:${type}`, urnOf(type, "x"), decode());
    await expect(resource.read(APP_ID, decode(given), decode(given))).rejects.toThrow(
        /^importing a PortalTenantConsent: /,
    );
});
