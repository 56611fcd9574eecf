//go:build tools

// Package languagehost pins the Node.js language host that tools/engineFromGo.mjs builds. v3.68.0 is the last version of
// sdk/v3 that contains it. The module proxy does not serve the later, separate module.
package languagehost

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
