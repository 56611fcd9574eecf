// Command sdkgen generates the SDKs of the plugin from its schema with Pulumi's own generators.
//
// Usage: sdkgen SCHEMA FOLDER [LANGUAGE...]
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	nodejsgen "github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	pythongen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-restore-portal"

func main() {
	if err := generate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sdkgen:", err)
		os.Exit(1)
	}
}

func generate(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("usage: sdkgen SCHEMA FOLDER LANGUAGE...")
	}
	pkg, err := load(args[0])
	if err != nil {
		return err
	}
	for _, language := range args[2:] {
		files, err := filesOf(pkg, language)
		if err != nil {
			return fmt.Errorf("generating the SDK for %s: %w", language, err)
		}
		if err := write(filepath.Join(args[1], language), files); err != nil {
			return err
		}
	}
	return nil
}

func load(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, fmt.Errorf("binding %s: %w", file, err)
	}
	if len(diagnostics) > 0 {
		return nil, fmt.Errorf("binding %s: %w", file, diagnostics)
	}
	return pkg, nil
}

func filesOf(pkg *schema.Package, language string) (map[string][]byte, error) {
	// The schema refers to no other package, so nothing has to be loaded.
	switch language {
	case "nodejs":
		return nodejsgen.GeneratePackage(tool, pkg, nil, nil, true, nil)
	case "python":
		return pythongen.GeneratePackage(tool, pkg, nil, nil)
	case "go":
		return gogen.GeneratePackage(tool, pkg, nil)
	}
	return nil, fmt.Errorf("there is no generator")
}

func write(folder string, files map[string][]byte) error {
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
