package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"notewire/chaos"
	"notewire/dynamo/ddb/ddbtest"
	"notewire/transport/bus/bustest"
)

// Whatever breaks, nothing that was acknowledged is lost, and everybody sees everything that
// he may, once and in order. NOTEWIRE_CHAOS=10m is the long form, for which the tests need
// -timeout 20m; NOTEWIRE_SEED takes another course.
func TestChaos(t *testing.T) {
	long, program := lengthOfChaos(t), buildProgram(t)
	t.Run("a fleet on a table", func(t *testing.T) {
		o := chaosOptions(t, max(long, 20*time.Second))
		o.Bus, o.Store, o.Servers, o.Program = bustest.Start(t).URL, ddbtest.Start(t), 3, program
		runChaos(t, o)
	})
	t.Run("one server on a file", func(t *testing.T) {
		o := chaosOptions(t, max(long, 10*time.Second))
		o.Store, o.Servers, o.Program = "bolt", 1, program
		runChaos(t, o)
	})
}

// A check that finds nothing is worth what it would have found: here the sequence of an
// account is taken before the transaction that writes its rows, as a counter would be.
func TestChaosFindsASequenceTakenOutsideTheTransaction(t *testing.T) {
	o := chaosOptions(t, time.Minute)
	o.Bus, o.Store, o.Servers = bustest.Start(t).URL, ddbtest.Start(t), 3
	o.Program = filepath.Join(t.TempDir(), "notewire.exe")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "fault_sequence", "-o", o.Program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	began := time.Now()
	report, err := chaos.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	names := func(f chaos.Finding) bool { return f.Rule == chaos.RuleGap || f.Rule == chaos.RuleLog }
	i := slices.IndexFunc(report.Findings, names)
	if i < 0 {
		t.Fatalf("no gap and no duplicate was found:\n%v", report)
	}
	t.Logf("after %v: %v", time.Since(began).Round(100*time.Millisecond), report.Findings[i].What)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("that took %v", took)
	}
}

func chaosOptions(t *testing.T, length time.Duration) chaos.Options {
	return chaos.Options{Seed: uint64(setting(t, "NOTEWIRE_SEED", 2)), For: length, Clients: 24, Progress: t.Output()}
}

func runChaos(t *testing.T, o chaos.Options) {
	t.Helper()
	report, err := chaos.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d\n%v", o.Seed, report)
	if len(report.Findings) > 0 {
		t.Errorf("%d findings", len(report.Findings))
	}
}

func lengthOfChaos(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("NOTEWIRE_CHAOS")
	if text == "" {
		return 0
	}
	long, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("NOTEWIRE_CHAOS=%s is not a time, as 10m is", text)
	}
	return long
}
