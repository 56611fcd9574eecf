//go:build tools

// Package cli pins the Pulumi CLI that tools/engineFromGo.mjs builds. To move to another version, run
// `go get github.com/pulumi/pulumi/pkg/v3@VERSION && go mod tidy`, and change the constant in tools/engineFromGo.mjs.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
