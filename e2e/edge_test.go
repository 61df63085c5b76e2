package e2e_test

import (
	"testing"

	"notewire/e2e"
	"notewire/edge/edgetest"
)

// The edge on the real workerd, in front of a server.
func TestOnTheEdge(t *testing.T) {
	t.Cleanup(edgetest.Clean)
	edge := edgetest.Start(t, edgetest.Options{})
	e2e.Run(t, e2e.Hosting{Name: "edge", URL: edge.URL, Options: e2e.DevTokens(edge.Origin.URL), Abilities: e2e.Server().Without(e2e.Presence)})
}
