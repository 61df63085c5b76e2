package chaos

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Options say what a run is. All fields but Bus, Keep and Progress are needed.
type Options struct {
	Seed    uint64
	For     time.Duration // how long clients write and things break; a run takes some seconds more
	Servers int
	Clients int    // connections: two of three follow accounts, the third follows a note; some more pass by
	Program string // the path of notewire
	// Store is "bolt", for a file and one server, or the http:// URL of a DynamoDB endpoint
	// that takes any credentials.
	Store string
	Bus   string // redis://host:port; empty: none, and so no faults of it
	// Keep is a directory for the servers' data and logs, which stays. Empty: one that is
	// removed at the end.
	Keep     string
	Progress io.Writer // a line every 5 s; nil: none

	started time.Time
}

// shortest is a run in which every kind of fault has its time.
const shortest = 4 * time.Second

func (o *Options) check() error {
	switch {
	case o.For < shortest:
		return fmt.Errorf("a run is at least %v long", shortest)
	case o.Servers < 1 || o.Clients < 3:
		return errors.New("a run needs a server and three clients")
	case !o.onTable() && o.Servers != 1:
		return errors.New("only one server can have a file: give --servers=1, or a DynamoDB endpoint as --store")
	case o.Program == "":
		return errors.New("a run needs the program")
	}
	return nil
}

// onTable reports whether the servers share a DynamoDB table.
func (o *Options) onTable() bool { return o.Store != "bolt" }

func (o *Options) kinds() []Kind {
	kinds := []Kind{Kill, Drain}
	if canFreeze {
		kinds = append(kinds, Freeze)
	}
	if o.onTable() {
		kinds = append(kinds, storeKinds...)
	}
	if o.Bus != "" {
		kinds = append(kinds, busKinds...)
	}
	return kinds
}

// replay is the command that does the same again.
func (o *Options) replay() string {
	command := fmt.Sprintf("notewire chaos --seed %d --for %v --servers %d --clients %d --store %s", o.Seed, o.For, o.Servers, o.Clients, o.Store)
	if o.Bus != "" {
		command += " --bus " + o.Bus
	}
	return command
}
