package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"notewire/chaos"
)

// Chaos is the command that breaks real servers while clients write and follow, and checks
// that nothing is lost.
type Chaos struct {
	Seed    uint64        `help:"Where all that is random comes from; 0 takes one, and says which."`
	For     time.Duration `default:"30s" help:"How long clients write and things break."`
	Servers int           `default:"3" help:"Servers; a file can have only one."`
	Clients int           `default:"24" help:"Connections that follow."`
	Store   string        `default:"bolt" help:"bolt, for a file; or the URL of a DynamoDB endpoint, such as DynamoDB Local's http://127.0.0.1:8000."`
	Bus     string        `help:"Valkey or Redis for hints between the servers: redis://host:6379. Without it, there are no faults of a bus."`
	Keep    string        `help:"Directory for the servers' data and logs, which stay there."`
}

// Run runs chaos, and fails if it found something.
func (c *Chaos) Run(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if c.Seed == 0 {
		c.Seed = 1 + rand.Uint64N(1<<32)
	}
	if c.Store == "bolt" {
		c.Servers = 1
	}
	fmt.Printf("chaos: seed %d, for %v, %d servers on %s, %d clients\n", c.Seed, c.For, c.Servers, c.Store, c.Clients)
	if c.Bus == "" {
		fmt.Println("chaos: no --bus: the faults of a bus are left out")
	}
	report, err := chaos.Run(ctx, chaos.Options{
		Seed: c.Seed, For: c.For, Servers: c.Servers, Clients: c.Clients, Program: program,
		Store: c.Store, Bus: c.Bus, Keep: c.Keep, Progress: os.Stderr,
	})
	if err != nil {
		return err
	}
	fmt.Print(report)
	if n := len(report.Findings); n > 0 {
		return errors.New("chaos found something that must not be")
	}
	return nil
}
