package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// build builds the functions whose binaries were not given, into dir.
func (p *program) build(ctx context.Context, dir string) error {
	for name, path := range map[string]*string{"http": &p.HTTP, "socket": &p.Socket, "fanout": &p.Fanout} {
		if *path != "" {
			continue
		}
		*path = filepath.Join(dir, name, "bootstrap")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "lambda.norpc", "-o", *path, "./functions/"+name)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("build ./functions/%s: %w\n%s", name, err, out)
		}
	}
	return nil
}
