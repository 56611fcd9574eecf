// The PowerShell script that exports one certificate from the Personal store of Windows. PowerShell reads it from
// stdin, after one line with the request, so that no secret is in arguments or environment. It runs in Windows
// PowerShell 5.1 and in PowerShell 7. It uses X509Certificate2.Export, because Export-PfxCertificate fails in 7
// (PowerShell issue 12081).
export const WINDOWS_STORE_SCRIPT = `param([string]$Request)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Set-StrictMode -Version 2

function Write-Answer($Answer) {
    $json = $Answer | ConvertTo-Json -Depth 6 -Compress
    [Console]::Out.Write([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))
}

function Get-Description($Certificate, $Location) {
    $end = $Certificate.NotAfter.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
    return @{
        thumbprint = $Certificate.Thumbprint
        subject = $Certificate.Subject
        notAfter = $end
        location = $Location
    }
}

try {
    $ask = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Request)) | ConvertFrom-Json
    $withKey = @()
    $matching = @()
    $withoutKey = @()
    foreach ($location in $ask.locations) {
        $store = New-Object Security.Cryptography.X509Certificates.X509Store 'My', $location
        $store.Open('ReadOnly,OpenExistingOnly')
        try {
            foreach ($certificate in $store.Certificates) {
                $isWanted = $false
                if ($ask.thumbprint) {
                    $isWanted = $certificate.Thumbprint -eq $ask.thumbprint
                } else {
                    $isWanted = $certificate.Subject -eq $ask.subject
                }
                $entry = @{
                    certificate = $certificate
                    description = Get-Description $certificate $location
                }
                if ($certificate.HasPrivateKey) {
                    $withKey += $entry
                    if ($isWanted) {
                        $matching += $entry
                    }
                } elseif ($isWanted) {
                    $withoutKey += $entry
                }
            }
        } finally {
            $store.Close()
        }
    }
    $thumbprints = @($matching | ForEach-Object { $_.certificate.Thumbprint } | Sort-Object -Unique)
    if ($thumbprints.Count -eq 1) {
        $problem = $null
        $exported = $null
        foreach ($entry in $matching) {
            try {
                $kind = [Security.Cryptography.X509Certificates.X509ContentType]::Pfx
                $exported = $entry.certificate.Export($kind, [string]$ask.password)
                break
            } catch {
                $problem = $_.Exception
            }
        }
        if ($null -eq $exported) {
            throw $problem
        }
        Write-Answer @{
            outcome = 'exported'
            pfx = [Convert]::ToBase64String($exported)
        }
    } elseif ($thumbprints.Count -gt 1) {
        Write-Answer @{
            outcome = 'several'
            certificates = @($matching | ForEach-Object { $_.description })
        }
    } elseif ($withoutKey.Count -gt 0) {
        Write-Answer @{
            outcome = 'noPrivateKey'
            certificates = @($withoutKey | ForEach-Object { $_.description })
        }
    } else {
        Write-Answer @{
            outcome = 'notFound'
            certificates = @($withKey | ForEach-Object { $_.description })
        }
    }
} catch {
    $exception = $_.Exception
    while ($exception.InnerException) {
        $exception = $exception.InnerException
    }
    Write-Answer @{
        outcome = 'failed'
        hresult = '0x{0:X8}' -f $exception.HResult
        message = $exception.Message
    }
}
`;

/** Reads the request and the script from stdin, either as `$input` or from the console, and then runs the script. */
export const WINDOWS_STORE_BOOTSTRAP = `$text = @($input) -join [char]10
if (-not $text) { $text = [Console]::In.ReadToEnd() }
$request, $script = $text -split '\\r?\\n', 2
& ([ScriptBlock]::Create($script)) $request.Trim()
`;
