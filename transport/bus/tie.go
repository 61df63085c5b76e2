package bus

import (
	"context"
	"net"

	"github.com/redis/go-redis/v9"
)

// tie returns options whose connections close when ctx ends. Otherwise a read that waits
// goes on to wait, whatever its context says.
func tie(ctx context.Context, options *redis.Options) *redis.Options {
	tied := *options
	dial := redis.NewDialer(options)
	tied.Dialer = func(_ context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		untie := context.AfterFunc(ctx, func() { _ = conn.Close() })
		return &tiedConn{conn, untie}, nil
	}
	return &tied
}

type tiedConn struct {
	net.Conn
	untie func() bool
}

func (c *tiedConn) Close() error {
	c.untie()
	return c.Conn.Close()
}
