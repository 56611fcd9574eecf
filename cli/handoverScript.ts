// Makes the text of the PowerShell script that sets up Restore Portal in VB365. The script contains no secret: it
// prompts for the password. Pure. Veeam's documentation: "Set-VBORestorePortalSettings", "Get-VBORestorePortalSettings"
// (module Veeam.Archiver.PowerShell, PowerShell 7).

export interface HandoverValues {
    readonly applicationId: string;
    readonly region: string;
    readonly portalUrl: string;
    /** The SHA-1 thumbprint in upper-case hexadecimal digits, as VB365 shows it. */
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
$PfxName = ${quoted(pfxName)}

${CHECKS}
${CHANGE}`;
}

/**
 * Returns a PowerShell string literal. A single quotation mark, straight or typographic, would end the literal. So each
 * mark is written twice, which PowerShell reads as one mark.
 */
function quoted(value: string): string {
    return `'${value.replace(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`;
}

const CHECKS = `if (-not $CertificateFilePath) {
    $CertificateFilePath = Join-Path $PSScriptRoot $PfxName
}
if (-not (Test-Path -LiteralPath $CertificateFilePath -PathType Leaf)) {
    throw "$CertificateFilePath does not exist; copy the PFX file from pulumi-restore-portal handover to this path"
}
$CertificateFilePath = (Resolve-Path -LiteralPath $CertificateFilePath).ProviderPath
if (-not $CertificatePassword) {
    $CertificatePassword = Read-Host -AsSecureString -Prompt "Password of $CertificateFilePath"
}

# Before any change: check that the password is right, and that the file contains the certificate registered in Entra.
try {
    $arguments = @($CertificateFilePath, $CertificatePassword, 'EphemeralKeySet')
    $certificate = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $arguments
} catch {
    throw "$CertificateFilePath cannot be opened: $($_.Exception.GetBaseException().Message) Enter the password that pulumi-restore-portal handover --show-password prints."
}
$fileThumbprint = $certificate.Thumbprint
$hasKey = $certificate.HasPrivateKey
$certificate.Dispose()
if ($fileThumbprint -ne $Thumbprint) {
    throw "$CertificateFilePath contains certificate $fileThumbprint instead of $Thumbprint; run pulumi-restore-portal handover again and copy both files"
}
if (-not $hasKey) {
    throw "$CertificateFilePath contains no private key; use the PFX file that pulumi-restore-portal handover writes"
}
`;

const CHANGE = `try {
    Import-Module Veeam.Archiver.PowerShell
} catch {
    throw "the module Veeam.Archiver.PowerShell cannot be loaded: $($_.Exception.Message) Run this script on the VB365 server, in PowerShell 7.4.2 or newer."
}
$settings = @{
    ApplicationId = $ApplicationId
    Region = $Region
    PortalUri = $PortalUri
    CertificateFilePath = $CertificateFilePath
    CertificatePassword = $CertificatePassword
}
Set-VBORestorePortalSettings -EnableService @settings | Out-Null

# VB365 may show an address with or without its default port, and in upper or lower case.
function Get-Origin($Address) {
    $uri = $null
    if (-not [Uri]::TryCreate("$Address", 'Absolute', [ref]$uri)) {
        return "$Address"
    }
    return '{0}://{1}:{2}{3}' -f $uri.Scheme, $uri.IdnHost, $uri.Port, $uri.PathAndQuery
}

$actual = Get-VBORestorePortalSettings
$faults = @()
if ($null -eq $actual) {
    $faults += 'it shows no settings'
} else {
    if ($actual.CertificateThumbprint -ne $Thumbprint) {
        $faults += "the certificate is $($actual.CertificateThumbprint) instead of $Thumbprint"
    }
    if ("$($actual.ApplicationId)" -ne $ApplicationId) {
        $faults += "the application is $($actual.ApplicationId) instead of $ApplicationId"
    }
    if ("$($actual.Region)" -ne $Region) {
        $faults += "the region is $($actual.Region) instead of $Region"
    }
    if ((Get-Origin $actual.PortalUri) -ne (Get-Origin $PortalUri)) {
        $faults += "the web address is $($actual.PortalUri) instead of $PortalUri"
    }
    if (-not $actual.IsServiceEnabled) {
        $faults += 'Restore Portal is not enabled'
    }
}
if ($faults.Count -gt 0) {
    throw "VB365 does not show the new settings: $($faults -join '; '). $CertificateFilePath was not deleted, so that you can run this script again."
}
try {
    Remove-Item -LiteralPath $CertificateFilePath -Force
} catch {
    throw "Restore Portal is set up with certificate $Thumbprint, but $CertificateFilePath could not be deleted: $($_.Exception.Message) Delete this file, because it contains the private key."
}
Write-Output "Restore Portal is set up with certificate $Thumbprint. $CertificateFilePath was deleted."
`;
