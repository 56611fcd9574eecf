"""Deploys the Restore Portal of a service provider, and the consent of each customer's tenant.

Each customer has a provider of its own, which holds the tenant and the credentials. A new customer is a new entry in the
configuration of the stack.
"""

import pulumi
import pulumi_restore_portal as restore_portal

config = pulumi.Config()

certificate = restore_portal.PortalCertificate(
    "certificate", source={"generate": {"name": "Restore Portal"}}
)

portal = restore_portal.RestorePortalApp(
    "portal",
    display_name="Restore Portal",
    portal_url=config.require("portalUrl"),
    certificate=certificate.certificate.apply(
        lambda one: restore_portal.PortalCertificateReferenceArgs(
            certificate_pem=one.certificate_pem, id=one.id, name=one.name
        )
    ),
    sign_in_audience="AzureADMultipleOrgs",
)


def consent_of(customer: dict) -> restore_portal.PortalTenantConsent:
    """Consents in the tenant of one customer, through a provider for that tenant."""
    name = customer["name"]
    provider = restore_portal.Provider(
        name,
        tenant_id=customer["tenantId"],
        region=customer.get("region"),
        credentials=customer.get("credentials"),
    )
    return restore_portal.PortalTenantConsent(
        f"customer-{name}",
        application_id=portal.application_id,
        portal_url=portal.portal_url,
        opts=pulumi.ResourceOptions(provider=provider),
    )


consents = {customer["name"]: consent_of(customer) for customer in config.require_object("customers")}

pulumi.export("applicationId", portal.application_id)
pulumi.export("consents", {name: consent.consent for name, consent in consents.items()})
pulumi.export("consentUrls", {name: consent.consent_url for name, consent in consents.items()})
