# Fills the Personal store of the current user, runs the script of the provider once per request, and writes the answers.
param([string]$TaskFile, [string]$ResultsFile)
$ErrorActionPreference = 'Stop'
$task = Get-Content -LiteralPath $TaskFile -Raw | ConvertFrom-Json
$namespace = 'Security.Cryptography.X509Certificates'
$store = New-Object "$namespace.X509Store" 'My', 'CurrentUser'
$store.Open('ReadWrite')
foreach ($file in $task.files) {
    $store.Add((New-Object "$namespace.X509Certificate2" -ArgumentList $file, '', 'Exportable'))
}
$store.Close()
$console = [Console]::Out
$answers = foreach ($request in $task.requests) {
    $written = New-Object IO.StringWriter
    [Console]::SetOut($written)
    try {
        & ([ScriptBlock]::Create($task.script)) $request | Out-Null
    } finally {
        [Console]::SetOut($console)
    }
    $written.ToString()
}
ConvertTo-Json @($answers) | Set-Content -LiteralPath $ResultsFile
