// Checks what an adoption says about an application that lets only assigned users sign in.
import { UNKNOWN } from "../../../provider/inputs/rawInputs";
import { adoptionWarnings } from "../../../provider/portal/rules/adoption";
import { portalInputs, wizardLive } from "../../support/rules/observation";

const live = wizardLive();
const assigned = {
    ...live,
    servicePrincipal: live.servicePrincipal && { ...live.servicePrincipal, appRoleAssignmentRequired: true },
};

test.each([
    [undefined, 1],
    ["assignment required", 0],
    // The same adoption is refused, so "the deployment leaves that alone" would be wrong.
    ["enabled for all users", 0],
    // A preview does not know yet whether the deployment leaves that alone.
    [UNKNOWN, 0],
])("with servicePrincipal %j there are %d warnings that other users cannot sign in", (servicePrincipal, count) => {
    const inputs = portalInputs(servicePrincipal === undefined ? {} : { servicePrincipal });
    expect(adoptionWarnings(assigned, inputs)).toHaveLength(count);
    expect(adoptionWarnings(live, inputs)).toEqual([]);
});
