package dynamotest

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"notewire/dynamo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheModelKeepsTheContract(t *testing.T) {
	model := func(*testing.T) dynamo.Engine { return newModel() }
	RunEngine(t, model)
	RunEngineAtOnce(t, model)
}

func TestAFaultlessFaultyEngineKeepsTheContract(t *testing.T) {
	faultless := func(*testing.T) dynamo.Engine { return &Faulty{Engine: newModel()} }
	RunEngine(t, faultless)
	RunEngineAtOnce(t, faultless)
}

func TestFaulty(t *testing.T) {
	lost := errors.New("connection lost")
	for _, c := range []struct {
		name    string
		apply   bool
		err     error
		applied bool
	}{
		{"failed, not applied", false, lost, false},
		{"applied, but the answer was lost", true, lost, true},
		{"nothing wrong", true, nil, true},
		{"acknowledged and lost", false, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			engine := &Faulty{Engine: newModel(), OnTransact: func([]dynamo.Op) (bool, error) { return c.apply, c.err }}
			tr := &trial{T: t, engine: engine, pk: "p"}
			if err := tr.transact(dynamo.Op{Put: tr.item("a", 1)}); err != c.err {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if got := tr.get("a") != nil; got != c.applied {
				t.Fatalf("applied %v, want %v", got, c.applied)
			}
		})
	}
}
