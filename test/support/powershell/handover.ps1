# Runs Set-RestorePortal.ps1 once per case, as an administrator does, and writes the result of each run.
param([string]$CasesFile, [string]$ResultsFile)
$ErrorActionPreference = 'Stop'
$modulePath = $env:PSModulePath
$results = foreach ($case in @(Get-Content -LiteralPath $CasesFile -Raw | ConvertFrom-Json)) {
    $env:VB365_SERVER = $case.server
    $env:PSModulePath = if ($case.hasModule) { $case.modules + [IO.Path]::PathSeparator + $modulePath } else { $modulePath }
    Remove-Module Veeam.Archiver.PowerShell -ErrorAction Ignore
    if ($case.isInUse) {
        function Remove-Item { throw 'The file is in use.' }
    }
    $arguments = @{}
    if ($case.path) { $arguments.CertificateFilePath = $case.path }
    if ($null -ne $case.password) {
        $password = New-Object Security.SecureString
        foreach ($character in $case.password.ToCharArray()) { $password.AppendChar($character) }
        $arguments.CertificatePassword = $password
    }
    $result = @{ output = ''; error = '' }
    try {
        $result.output = @(& $case.script @arguments) -join "`n"
    } catch {
        $result.error = $_.Exception.Message
    }
    Microsoft.PowerShell.Management\Remove-Item function:\Remove-Item -ErrorAction Ignore
    $result
}
ConvertTo-Json @($results) -Depth 5 | Set-Content -LiteralPath $ResultsFile
