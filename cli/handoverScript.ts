// The PowerShell script that sets up Restore Portal in VB365. Pure. The script contains no secret: it prompts for the
// password. Veeam: "Set-VBORestorePortalSettings", "Get-VBORestorePortalSettings" (module Veeam.Archiver.PowerShell,
// PowerShell 7).

export interface HandoverValues {
    readonly applicationId: string;
    readonly region: string;
    readonly portalUrl: string;
    /** SHA-1, upper-case hex, as VB365 shows it. */
    readonly thumbprint: string;
    /** Name of the PFX file in the same folder as the script. */
    readonly pfxName: string;
}

export function handoverScript(values: HandoverValues): string {
    const { applicationId, region, portalUrl, thumbprint, pfxName } = values;
    return `# Sets up Restore Portal on this VB365 server. Put the PFX file in the same folder, and run this script in PowerShell 7 as
# administrator.
param(
    [string]$CertificateFilePath = '',
    [securestring]$CertificatePassword = $null
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$ApplicationId = ${quoted(applicationId)}
$Region = ${quoted(region)}
$PortalUri = ${quoted(portalUrl)}
$Thumbprint = ${quoted(thumbprint)}

if (-not $CertificateFilePath) {
    $CertificateFilePath = Join-Path $PSScriptRoot ${quoted(pfxName)}
}
$CertificateFilePath = (Resolve-Path -LiteralPath $CertificateFilePath).ProviderPath
if (-not $CertificatePassword) {
    $CertificatePassword = Read-Host -AsSecureString -Prompt "Password of $CertificateFilePath"
}

# Before any change: check that the password is right, and that the file contains the certificate registered in Entra.
$arguments = @($CertificateFilePath, $CertificatePassword, 'EphemeralKeySet')
$certificate = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $arguments
$fileThumbprint = $certificate.Thumbprint
$certificate.Dispose()
if ($fileThumbprint -ne $Thumbprint) {
    throw "$CertificateFilePath contains certificate $fileThumbprint instead of $Thumbprint; run pulumi-restore-portal handover again and copy both files"
}

Import-Module Veeam.Archiver.PowerShell
$settings = @{
    ApplicationId = $ApplicationId
    Region = $Region
    PortalUri = $PortalUri
    CertificateFilePath = $CertificateFilePath
    CertificatePassword = $CertificatePassword
}
Set-VBORestorePortalSettings -EnableService @settings | Out-Null

$actual = Get-VBORestorePortalSettings
$faults = @()
if ($actual.CertificateThumbprint -ne $Thumbprint) {
    $faults += "the certificate is $($actual.CertificateThumbprint) instead of $Thumbprint"
}
if ("$($actual.ApplicationId)" -ne $ApplicationId) {
    $faults += "the application is $($actual.ApplicationId) instead of $ApplicationId"
}
if ("$($actual.PortalUri)".TrimEnd('/') -ne $PortalUri) {
    $faults += "the web address is $($actual.PortalUri) instead of $PortalUri"
}
if (-not $actual.IsServiceEnabled) {
    $faults += 'Restore Portal is not enabled'
}
if ($faults.Count -gt 0) {
    throw "VB365 does not show the new settings: $($faults -join '; '). $CertificateFilePath was not deleted, so that you can run this script again."
}
Remove-Item -LiteralPath $CertificateFilePath
Write-Output "Restore Portal is set up with certificate $Thumbprint. $CertificateFilePath was deleted."
`;
}

/** Returns a PowerShell string literal. Any of these quotes ends it, and a doubled quote stands for itself. */
function quoted(value: string): string {
    return `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}
