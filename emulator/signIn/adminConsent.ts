// An administrator consents to an application for the whole organization; a multi-tenant one of another tenant gets its
// service principal here. https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
import { askedPermissions, type AskedPermissions } from "./askedPermissions";
import { assertAccepted, needAdminApproval } from "./askForConsent";
import { grantConsent } from "./consent";
import type { Answer } from "../context";
import type { Application, ServicePrincipal } from "../graphTypes";
import { addServicePrincipal } from "../seed";
import { SignInFault } from "./signInError";
import { consentPage, DECISION, faultPage } from "./signInPages";
import {
    askForVisitor,
    assertAudience,
    assertMember,
    faultValues,
    replyToOf,
    sendBack,
    visitorOf,
    type BrowserCall,
    type ReplyTo,
} from "./signInRequest";
import type { Tenant } from "../tenant";

const ENTERPRISE_APPLICATION = "WindowsAzureActiveDirectoryIntegratedApp";

export function adminConsent(call: BrowserCall): Answer {
    const now = new Date(call.world.now());
    let replyTo: ReplyTo | undefined;
    try {
        replyTo = { ...replyToOf(call), mode: "query" };
        return answer(call, replyTo);
    } catch (fault) {
        if (!(fault instanceof SignInFault)) throw fault;
        if (!replyTo || fault.number === 90094) return faultPage(fault, now);
        return sendBack(replyTo, { ...faultValues(fault, now), admin_consent: "True" });
    }
}

/** Order of the checks: the request itself, the user, what is asked for. Nothing is written before it is accepted. */
function answer(call: BrowserCall, replyTo: ReplyTo): Answer {
    const { world, params } = call;
    const { application } = replyTo.client;
    assertAudience(call, replyTo.client);
    const visitor = visitorOf(call);
    if (!visitor) return askForVisitor(call);
    assertMember(call, visitor, replyTo.client);
    const { user, tenant } = visitor;
    if (!user.isAdministrator) throw needAdminApproval();
    const viewpoint = { tenant, tenants: world.tenants, url: world.url };
    const asked = askedPermissions(viewpoint, application, params.get("scope"));
    const decision = params.get(DECISION);
    if (decision === null) {
        const permissions = asked.flatMap(({ scopes }) => scopes);
        return consentPage({
            params,
            user,
            applicationName: application.displayName,
            permissions,
            isForOrganization: true,
        });
    }
    assertAccepted(decision);
    grantAll(tenant, application, asked);
    return sendBack(replyTo, { admin_consent: "True", tenant: tenant.tenantId });
}

function grantAll(tenant: Tenant, application: Application, asked: readonly AskedPermissions[]): void {
    const { id: clientId } = servicePrincipalIn(tenant, application);
    for (const { resourceAppId, scopes } of asked) {
        const resource = tenant.servicePrincipalOf(resourceAppId);
        if (!resource) {
            const text = `The app is trying to access a service '${resourceAppId}' that your organization '${tenant.tenantId}' lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions or consent to the application in order to create the required service principal.`;
            throw new SignInFault(400, "invalid_client", 650052, text);
        }
        grantConsent(tenant, { clientId, resourceId: resource.id, principalId: null }, scopes);
    }
}

function servicePrincipalIn(tenant: Tenant, { appId }: Application): ServicePrincipal {
    const found = tenant.servicePrincipalOf(appId);
    if (found) return found;
    const id = addServicePrincipal(tenant, appId, []);
    const added = { ...(tenant.servicePrincipals.current(id) as ServicePrincipal), tags: [ENTERPRISE_APPLICATION] };
    tenant.servicePrincipals.put(added);
    return added;
}
