// Contains the PowerShell script that exports one certificate from the Personal store of Windows. PowerShell reads the
// script from stdin, after one line with the request, so arguments and environment contain no secret. The script runs
// in Windows PowerShell 5.1 and in PowerShell 7. It uses X509Certificate2.Export, because Export-PfxCertificate fails
// in PowerShell 7 (PowerShell issue 12081). It compares subjects by the rule in subject.ts.
export const WINDOWS_STORE_SCRIPT = String.raw`param([string]$Request)
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

# Windows' dialog shows one attribute per line, and adds an invisible character at the beginning of a copied text.
function Get-Clean($Text) {
    $line = $Text -replace '\p{Cf}', '' -replace '\s*[\r\n]+\s*', ',' -replace '\s+', ' '
    return $line -replace '^[ ,;]+|[ ,;]+$', ''
}

function Get-Value($Text) {
    $value = Get-Clean $Text
    if ($value -match '^"(.*)"$') {
        $value = ($Matches[1] -replace '""', '"').Trim()
    }
    return $value -replace '\\([\\",+<>;=# ])', '$1'
}

$aliases = @{ ST = 'S'; EMAILADDRESS = 'E'; GN = 'G'; TITLE = 'T'; INITIALS = 'I' }
$type = '(?:OID\.)?[a-z0-9][a-z0-9.-]*'
$end = '\s*(?:$|[,;+](?=\s*' + $type + '\s*=))'
$value = '"(?:[^"\\]|""|\\.)*"|(?:[^\\]|\\.|\\$)*?'
$attribute = '(?i)\G\s*(' + $type + ')\s*=\s*(' + $value + ')' + $end

# Returns the attributes of a subject. A text that is not a subject has no attributes.
function Get-Attributes($Subject) {
    foreach ($one in [Regex]::Matches((Get-Clean $Subject), $attribute)) {
        $name = $one.Groups[1].Value.ToUpperInvariant() -replace '^OID\.', ''
        if ($aliases.ContainsKey($name)) {
            $name = $aliases[$name]
        }
        $name + '=' + (Get-Value $one.Groups[2].Value)
    }
}

# Returns the entries with this subject. If no entry has it, returns the entries with this common name.
function Select-BySubject($Entries, $Subject) {
    $named = @(Get-Attributes $Subject | Sort-Object)
    $whole = $named -join [char]10
    $same = @($Entries | Where-Object { $whole -and ($_.attributes -join [char]10) -eq $whole })
    if ($same.Count -gt 0) {
        return $same
    }
    $commonName = 'CN=' + (Get-Value $Subject)
    if ($named.Count -eq 1 -and $whole -like 'CN=*') {
        $commonName = $whole
    }
    return @($Entries | Where-Object { $_.attributes -contains $commonName })
}

try {
    $ask = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Request)) | ConvertFrom-Json
    $entries = @()
    foreach ($location in $ask.locations) {
        $store = New-Object Security.Cryptography.X509Certificates.X509Store 'My', $location
        $store.Open('ReadOnly,OpenExistingOnly')
        try {
            foreach ($certificate in $store.Certificates) {
                $entries += @{
                    certificate = $certificate
                    attributes = @(Get-Attributes $certificate.Subject | Sort-Object)
                    description = Get-Description $certificate $location
                }
            }
        } finally {
            $store.Close()
        }
    }
    # The request contains a thumbprint or a subject. Strict mode refuses to read a property that is missing.
    if ($ask.PSObject.Properties['thumbprint']) {
        $found = @($entries | Where-Object { $_.certificate.Thumbprint -eq $ask.thumbprint })
    } else {
        $found = @(Select-BySubject $entries $ask.subject)
    }
    $matching = @($found | Where-Object { $_.certificate.HasPrivateKey })
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
    } elseif ($found.Count -gt 0) {
        Write-Answer @{
            outcome = 'noPrivateKey'
            certificates = @($found | ForEach-Object { $_.description })
        }
    } else {
        Write-Answer @{
            outcome = 'notFound'
            certificates = @($entries | Where-Object { $_.certificate.HasPrivateKey } | ForEach-Object { $_.description })
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
