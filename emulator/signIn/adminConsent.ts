// Handles admin consent: an administrator consents to an application for the whole organization. If the application has
// no service principal in the administrator's tenant, Entra then creates one. The application may be a multi-tenant
// application of another tenant.
// https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
import { recordConsent } from "../auditLog/recording";
import type { Answer } from "../context";
import type { Application, ServicePrincipal } from "../graphTypes";
import { graphRoleId } from "../microsoftGraph";
import { addServicePrincipal } from "../seed";
import type { Tenant } from "../tenant";
import { requestedPermissions, type RequestedPermissions } from "./requestedPermissions";
import { assertAccepted, needAdminApproval, NEEDS_ADMINISTRATOR } from "./promptForConsent";
import { grantConsent } from "./consent";
import { SignInFault } from "./signInError";
import { consentPage, DECISION } from "./signInPages";
import {
    promptForVisitor,
    assertAudience,
    assertMember,
    faultValues,
    replyToOf,
    sendBack,
    visitorOf,
    type BrowserCall,
    type ReplyTo,
} from "./signInRequest";

const ENTERPRISE_APPLICATION = "WindowsAzureActiveDirectoryIntegratedApp";

export function adminConsent(call: BrowserCall): Answer {
    const replyTo = { ...replyToOf(call, true), mode: "query" };
    try {
        return answer(call, replyTo);
    } catch (fault) {
        if (!(fault instanceof SignInFault) || fault.number === NEEDS_ADMINISTRATOR) throw fault;
        return sendBack(replyTo, { ...faultValues(fault, new Date(call.world.now())), admin_consent: "True" });
    }
}

/** Checks in this order: request, user, permissions. Entra writes nothing before the administrator accepts. */
function answer(call: BrowserCall, replyTo: ReplyTo): Answer {
    const { world, params } = call;
    const { application } = replyTo.client;
    assertAudience(call, replyTo.client);
    const visitor = visitorOf(call);
    if (!visitor) return promptForVisitor(call);
    assertMember(call, visitor, replyTo.client);
    const { user, tenant } = visitor;
    if (!user.isAdministrator) throw needAdminApproval();
    const viewpoint = { tenant, tenants: world.tenants, url: world.url };
    const requested = requestedPermissions(viewpoint, application, params.get("scope"));
    const decision = params.get(DECISION);
    if (decision === null) {
        const permissions = requested.flatMap(({ scopes, roles = [] }) => [...scopes, ...roles]);
        return consentPage({
            params,
            user,
            applicationName: application.displayName,
            permissions,
            isForOrganization: true,
        });
    }
    assertAccepted(decision);
    const admin = { viewpoint, user, isForOrganization: true };
    recordConsent(admin, () => grantAll(tenant, application, requested));
    return sendBack(replyTo, { admin_consent: "True", tenant: tenant.tenantId });
}

/** Returns the id of the client's service principal. */
function grantAll(tenant: Tenant, application: Application, requested: readonly RequestedPermissions[]): string {
    const isLacking = ({ resourceAppId }: RequestedPermissions) =>
        resourceAppId !== application.appId && !tenant.servicePrincipalOf(resourceAppId);
    const lacking = requested.find(isLacking);
    if (lacking) {
        const text = `The app is trying to access a service '${lacking.resourceAppId}' that your organization '${tenant.tenantId}' lacks a service principal for. Contact your IT Admin to review the configuration of your service subscriptions or consent to the application in order to create the required service principal.`;
        throw new SignInFault(400, "invalid_client", 650052, text);
    }
    const { id: clientId } = servicePrincipalIn(tenant, application);
    for (const { resourceAppId, scopes, roles = [] } of requested) {
        const resource = tenant.servicePrincipalOf(resourceAppId);
        if (resource && scopes.length > 0)
            grantConsent(tenant, { clientId, resourceId: resource.id, principalId: null }, scopes);
        const present = tenant.appRoleAssignments.inGroup(clientId).map(({ appRoleId }) => appRoleId);
        const missing = roles.filter((role) => !present.includes(graphRoleId(role)));
        tenant.grantRoles(clientId, missing);
    }
    return clientId;
}

function servicePrincipalIn(tenant: Tenant, { appId }: Application): ServicePrincipal {
    const found = tenant.servicePrincipalOf(appId);
    if (found) return found;
    const id = addServicePrincipal(tenant, appId, []);
    const added = { ...(tenant.servicePrincipals.current(id) as ServicePrincipal), tags: [ENTERPRISE_APPLICATION] };
    tenant.servicePrincipals.put(added);
    return added;
}
