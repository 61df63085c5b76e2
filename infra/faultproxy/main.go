// Command faultproxy puts a bad network between a client and a server.
//
//	go run ./infra/faultproxy --shape buffer-until-close --to http://127.0.0.1:3000 --listen 127.0.0.1:3100
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"notewire/infra/faultproxy/proxy"
)

// program is the command line.
type program struct {
	To     string        `default:"http://127.0.0.1:3000" help:"The server."`
	Listen string        `default:"127.0.0.1:3100" help:"Where to listen. Port 0 takes a free one."`
	Shape  []proxy.Shape `required:"" help:"Faults, which combine: ${shapes}."`
	Seed   uint64        `default:"1" help:"What happens to which request is drawn from this."`

	Hold           int           `default:"16384" help:"buffer: bytes that are held back."`
	Delay          time.Duration `default:"200ms" help:"delay: how much later everything comes."`
	BytesPerSecond int           `default:"16384" help:"throttle: of a connection."`
	Rate           float64       `default:"0.2" help:"half-open, reset, bad-gateway: the share of requests they hit."`
	Within         int           `default:"2048" help:"half-open, reset: they hit within so many bytes."`
	Idle           time.Duration `default:"10s" help:"idle-cut: the silence after which a connection is closed."`
	Connections    int           `default:"6" help:"cap-connections: of one address; more wait."`
	RefuseStatus   int           `help:"refuse-upgrades: answer with this status; without it the request goes on without its Upgrade header."`
}

func main() {
	var p program
	k := kong.Parse(&p, kong.Name("faultproxy"), kong.UsageOnError(), kong.Vars{"shapes": proxy.Names()},
		kong.Description("A reverse proxy that does what bad networks do."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.FatalIfErrorf(p.run(ctx))
}

func (p *program) run(ctx context.Context) error {
	x, err := proxy.Start(p.Listen, p.To, proxy.Options{
		Shapes: p.Shape, Seed: p.Seed, Hold: p.Hold, Delay: p.Delay, BytesPerSecond: p.BytesPerSecond, Rate: p.Rate,
		Within: p.Within, Idle: p.Idle, Connections: p.Connections, RefuseStatus: p.RefuseStatus,
	})
	if err != nil {
		return err
	}
	defer x.Close()
	fmt.Printf("%s goes to %s, with %v\n", x.URL(), p.To, p.Shape)
	<-ctx.Done()
	return nil
}
