package main

import (
	"log/slog"
	"time"

	"notewire/functions/config"
	"notewire/transport/bus"
)

// hintsEvery is how often an instance of a fleet looks for what no hint told it.
const hintsEvery = 3 * time.Second

// BusFlags say how the instances of a fleet hint at changes to each other.
type BusFlags struct {
	BusUrl string `name:"bus-url" env:"BUS_URL" help:"Valkey or Redis for hints between instances: redis://host:6379. Without it, changes of other instances arrive within seconds, by a sweep."`
}

func (f *BusFlags) open(log *slog.Logger) (*bus.Bus, error) {
	if f.BusUrl == "" {
		return nil, nil
	}
	return bus.Open(f.BusUrl, config.NewID(), log)
}
