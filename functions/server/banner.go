package main

import (
	"fmt"
	"io"
	"net"
	"os"

	"notewire/functions/config"
)

// banner says where the server is, who may enter, and what to open.
func (s *Serve) banner(addr net.Addr, in *config.SignIn) {
	out := s.out
	if out == nil {
		out = os.Stdout
	}
	url := "http://" + printable(addr)
	fmt.Fprintf(out, "\n  Notewire is running.  Open %s\n\n", url)
	if in.Local == nil {
		fmt.Fprintf(out, "  Sign-in   Clerk; apps at %v\n", s.AuthorizedParties)
	} else {
		s.localBanner(out, url, in)
	}
	fmt.Fprintf(out, "  Data      %s\n", s.where())
	fmt.Fprintf(out, "  Stop      Ctrl-C; clients reconnect, nothing is lost\n\n")
	if s.UnsafeNoSync {
		fmt.Fprintf(out, "  UNSAFE: answers leave before data is on disk (UNSAFE_NO_SYNC).\n\n")
	}
	if s.ready != nil {
		s.ready <- addr
	}
}

func (s *Serve) localBanner(out io.Writer, url string, in *config.SignIn) {
	fmt.Fprintf(out, "  Sign-in   local mode: requests without a token act as the user \"local\";\n")
	fmt.Fprintf(out, "            a token for anybody: curl '%s/dev/token?user=alice'\n", url)
	if in.Exposed {
		fmt.Fprintf(out, "\n  WARNING   local mode beyond the loopback: whoever reaches %s is any user.\n\n", url)
	}
}

// printable is an address that a browser can open.
func printable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() {
		host = "localhost"
	}
	return net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}
