package config

import (
	"strings"

	"github.com/google/uuid"
)

// NewID returns a UUIDv7: ids made later sort later, which keeps neighbours together.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// NewEpoch names the logs of a new store.
func NewEpoch() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:12] }
