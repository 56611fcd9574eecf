# Replaces VB365's PowerShell module, with the documented parameters and types of both cmdlets. VB365_SERVER names a file
# with the settings, the settings that the server shows instead, and the error with which it refuses new settings.
enum VBOOffice365Region {
    Worldwide
    Germany
    China
    USDefence
    USGovernment
}

function Read-Server {
    Get-Content -LiteralPath $env:VB365_SERVER -Raw | ConvertFrom-Json
}

# A setting keeps its value if its parameter is left out.
function Set-VBORestorePortalSettings {
    [CmdletBinding()]
    param(
        [switch]$EnableService,
        [Guid]$ApplicationId,
        [string]$CertificateFilePath,
        [VBOOffice365Region]$Region,
        [securestring]$CertificatePassword,
        [string]$PortalUri
    )
    $server = Read-Server
    if ($server.refuses) {
        Write-Error $server.refuses
        return
    }
    $settings = $server.settings
    if ($EnableService) { $settings.IsServiceEnabled = $true }
    if ($PSBoundParameters.ContainsKey('ApplicationId')) { $settings.ApplicationId = "$ApplicationId" }
    if ($PSBoundParameters.ContainsKey('Region')) { $settings.Region = "$Region" }
    if ($PortalUri) { $settings.PortalUri = $PortalUri }
    if ($CertificateFilePath) {
        $type = [Security.Cryptography.X509Certificates.X509Certificate2]
        $settings.CertificateThumbprint = $type::new($CertificateFilePath, $CertificatePassword).Thumbprint
    }
    $server | ConvertTo-Json -Depth 5 | Set-Content -LiteralPath $env:VB365_SERVER
    'a line that the cmdlet prints'
}

function Get-VBORestorePortalSettings {
    [CmdletBinding()]
    param()
    $server = Read-Server
    if ($server.shows -eq 'nothing') { return }
    $settings = $server.settings
    foreach ($shown in $server.shows.PSObject.Properties) { $settings.($shown.Name) = $shown.Value }
    [PSCustomObject]@{
        IsServiceEnabled = [bool]$settings.IsServiceEnabled
        Region = [VBOOffice365Region]$settings.Region
        ApplicationId = [Guid]$settings.ApplicationId
        PortalUri = [string]$settings.PortalUri
        CertificateIssuedTo = 'Restore Portal'
        CertificateIssuedBy = 'Restore Portal'
        CertificateFriendlyName = 'Restore Portal'
        CertificateExpirationDate = [DateTime]::UtcNow.AddDays(365)
        CertificateThumbprint = [string]$settings.CertificateThumbprint
    }
}

Export-ModuleMember -Function Set-VBORestorePortalSettings, Get-VBORestorePortalSettings
