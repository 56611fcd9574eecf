// The PowerShell script that gives VB365 its Restore Portal settings. Pure. It holds no secret: the password is asked for.
// Veeam: "Set-VBORestorePortalSettings", "Get-VBORestorePortalSettings" (module Veeam.Archiver.PowerShell, PowerShell 7).

export interface HandoverValues {
    readonly applicationId: string;
    readonly region: string;
    readonly portalUrl: string;
    /** SHA-1, upper-case hex, as VB365 shows it. */
    readonly thumbprint: string;
    /** Of the file beside the script. */
    readonly pfxName: string;
}

export function handoverScript(values: HandoverValues): string {
    const { applicationId, region, portalUrl, thumbprint, pfxName } = values;
    return `# Sets up Restore Portal on this VB365 server. Run it in PowerShell 7 as administrator, with the PFX file beside it.
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

# Before anything is changed: the password opens the file, and it holds the certificate that is registered in Entra.
$arguments = @($CertificateFilePath, $CertificatePassword, 'EphemeralKeySet')
$certificate = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $arguments
$found = $certificate.Thumbprint
$certificate.Dispose()
if ($found -ne $Thumbprint) {
    throw "$CertificateFilePath holds certificate $found instead of $Thumbprint; hand it over again"
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
    throw "VB365 does not show what was set: $($faults -join '; '). $CertificateFilePath was kept for another try."
}
Remove-Item -LiteralPath $CertificateFilePath
Write-Output "Restore Portal is set up with certificate $Thumbprint, and $CertificateFilePath is removed."
`;
}

/** A literal: PowerShell ends it by any of these quotes, and takes a doubled one for itself. */
function quoted(value: string): string {
    return `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}
