//go:build tools

// Package languagehost pins the language hosts of Node.js and Python. tools/engineFromGo.mjs builds the host of
// Node.js, and tools/languages.mjs the host of Python. v3.68.0 is the last version of sdk/v3 that contains both hosts.
// The module proxy does not serve the later, separate modules.
package languagehost

import (
	_ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
	_ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
)
