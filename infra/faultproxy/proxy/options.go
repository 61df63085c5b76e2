package proxy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Shape is a fault.
type Shape string

const (
	BufferUntilClose Shape = "buffer-until-close" // an answer, its header too, waits for its end
	Buffer           Shape = "buffer"             // an answer is passed on whenever Hold bytes of it are there
	Delay            Shape = "delay"              // what comes down comes Delay later
	Throttle         Shape = "throttle"           // what comes down comes at BytesPerSecond
	KillFrames       Shape = "kill-frames"        // a WebSocket opens; then nothing passes, either way
	HalfOpen         Shape = "half-open"          // some exchanges go silent, either way, and stay open
	Reset            Shape = "reset"              // some exchanges end with a TCP reset, in the middle
	BadGateway       Shape = "bad-gateway"        // some requests are answered 502
	IdleCut          Shape = "idle-cut"           // what is silent for Idle is closed
	StripHeaders     Shape = "strip-headers"      // headers that are not common are dropped, both ways
	RefuseUpgrades   Shape = "refuse-upgrades"    // no WebSocket opens
	CapConnections   Shape = "cap-connections"    // a client's exchanges beyond Connections wait
)

// Shapes are all of them.
func Shapes() []Shape {
	return []Shape{
		BufferUntilClose, Buffer, Delay, Throttle, KillFrames, HalfOpen,
		Reset, BadGateway, IdleCut, StripHeaders, RefuseUpgrades, CapConnections,
	}
}

// Options say which faults there are. The zero value has none.
type Options struct {
	Shapes []Shape
	Seed   uint64

	Hold           int           // bytes that Buffer holds back; 0 is 16 KiB
	Delay          time.Duration // 0 is 200 ms
	BytesPerSecond int           // of an exchange; 0 is 16 KiB
	// Rate is the share of exchanges, 0 to 1, that HalfOpen, Reset and BadGateway hit, each
	// on its own; 0 is 0.2.
	Rate float64
	// Within is how many bytes an exchange that HalfOpen or Reset hits brings down before,
	// at most; 0 is 2048. A shorter answer is spared.
	Within       int
	Idle         time.Duration // 0 is 10 s
	Connections  int           // of one address at a time; 0 is 6
	RefuseStatus int           // the answer to an upgrade; 0: it is asked for without its Upgrade header
}

func (o Options) withDefaults() (*Options, error) {
	for _, s := range o.Shapes {
		if !slices.Contains(Shapes(), s) {
			return nil, fmt.Errorf("%q is no shape; there are %s", s, Names())
		}
	}
	if o.Rate < 0 || o.Rate > 1 || min(o.Hold, o.BytesPerSecond, o.Within, o.Connections) < 0 || min(o.Delay, o.Idle) < 0 {
		return nil, fmt.Errorf("a negative setting, or a rate above 1, of %v", o.Shapes)
	}
	if o.RefuseStatus != 0 && (o.RefuseStatus < 200 || o.RefuseStatus > 599) {
		return nil, fmt.Errorf("%d is no status of an answer", o.RefuseStatus)
	}
	o.Hold, o.Delay = cmp.Or(o.Hold, 16<<10), cmp.Or(o.Delay, 200*time.Millisecond)
	o.BytesPerSecond, o.Rate = cmp.Or(o.BytesPerSecond, 16<<10), cmp.Or(o.Rate, 0.2)
	o.Within, o.Idle = cmp.Or(o.Within, 2048), cmp.Or(o.Idle, 10*time.Second)
	o.Connections = cmp.Or(o.Connections, 6)
	return &o, nil
}

func (o *Options) has(s Shape) bool { return slices.Contains(o.Shapes, s) }

// Names are the shapes' names, for people.
func Names() string {
	var names []string
	for _, s := range Shapes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
