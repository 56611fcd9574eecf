// Command example declares a portal with the generated SDK, so that a test can compile it.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	restoreportal "pulumi-restore-portal/sdks/go/restoreportal"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		certificate, err := restoreportal.NewPortalCertificate(ctx, "certificate", &restoreportal.PortalCertificateArgs{
			Source: restoreportal.CertificateSourceArgs{
				Generate: restoreportal.GenerateArgs{Name: pulumi.String("Restore Portal")},
			},
		})
		if err != nil {
			return err
		}
		portal, err := restoreportal.NewRestorePortalApp(ctx, "portal", &restoreportal.RestorePortalAppArgs{
			DisplayName: pulumi.String("Restore Portal"),
			PortalUrl:   pulumi.String("https://portal.abc.com:4443"),
			Certificate: restoreportal.PortalCertificateReferenceArgs{
				CertificatePem: certificate.Certificate.CertificatePem(),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("applicationId", portal.ApplicationId)
		ctx.Export("pfx", certificate.Pfx)
		return nil
	})
}
