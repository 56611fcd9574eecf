# Writes the reasons why each script would not run in Windows PowerShell 5.1: errors of the parser, and syntax that only
# PowerShell 7 has.
param([string]$TaskFile, [string]$ResultsFile)
$tokenKinds = @('QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr')
$treeKinds = @('TernaryExpressionAst', 'PipelineChainAst')
$faults = foreach ($text in @(Get-Content -LiteralPath $TaskFile -Raw | ConvertFrom-Json)) {
    $tokens = $null
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
    $kinds = @($tokens | ForEach-Object { "$($_.Kind)" } | Where-Object { $tokenKinds -contains $_ })
    $kinds += @($tree.FindAll({ $treeKinds -contains $args[0].GetType().Name }, $true) | ForEach-Object { $_.GetType().Name })
    , @(@($errors | ForEach-Object { $_.ErrorId }) + $kinds)
}
ConvertTo-Json @($faults) -Depth 3 | Set-Content -LiteralPath $ResultsFile
