// Command notewire is the server for a laptop or a container.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set at link time.
var version = "dev"

// commands is the command line.
type commands struct {
	Serve   Serve      `cmd:"" default:"withargs" help:"Run the server (the default command)."`
	Migrate Migrate    `cmd:"" help:"Make the DynamoDB table, or check the one that is there."`
	Export  Export     `cmd:"" help:"Write all notes with their history to an archive, as JSON lines."`
	Import  Import     `cmd:"" help:"Fill an empty store from an archive. No server may be running on it."`
	Thin    Thin       `cmd:"" help:"Remove old versions of all notes, as HISTORY_KEEP has it. A server does that to notes that are written to."`
	Health  Health     `cmd:"" help:"Ask a running server whether it is ready, for health checks."`
	Tail    Tail       `cmd:"" help:"Show events as they come, as a client of a server that runs."`
	Chaos   Chaos      `cmd:"" help:"Break real servers while clients write and follow, and check that nothing is lost."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("notewire", version)
	return nil
}

func main() {
	var cli commands
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k := kong.Parse(&cli,
		kong.Name("notewire"),
		kong.Description("A real-time backend for notes: one binary, one file, every change on every device."),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "notewire:", err)
		os.Exit(1)
	}
}
