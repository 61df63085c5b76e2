package webhook_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"notewire/transport/feed"
	"notewire/transport/webhook"
)

// deliver posts one event to a URL, within a time.
func deliver(t *testing.T, sink *webhook.Sink, url string, within time.Duration) error {
	t.Helper()
	config, err := json.Marshal(map[string]string{"url": url, "secret": "s"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	return sink.Deliver(ctx, &feed.Delivery{ID: "id-1", Config: config, Cursor: "epoch-1", Event: []byte(`{"type":"note_sync"}`)})
}

// listening is a TLS receiver on this machine that counts connections.
func listening(t *testing.T) (r *receiver, port string, connections *atomic.Int32) {
	r, connections = newReceiver(t), new(atomic.Int32)
	r.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	r.StartTLS()
	_, port, err := net.SplitHostPort(r.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return r, port, connections
}

const notPublic = "the receiver's address is not a public one"

func TestANameThatStandsForAPrivateAddressIsNotConnectedTo(t *testing.T) {
	_, port, connections := listening(t)
	for _, a := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.168.1.1"} {
		dns := &names{answers: [][]netip.Addr{{netip.MustParseAddr(a)}}}
		sink := webhook.NewSink(webhook.Options{Resolver: dns.resolver(t)})
		err := deliver(t, sink, "https://receiver.example:"+port, time.Second)
		if r, ok := errors.AsType[*feed.Retry](err); !ok || r.Error() != notPublic {
			t.Errorf("%s: %v", a, err)
		}
		if dns.questions() == 0 {
			t.Fatal("the name was not asked for: this test tests nothing")
		}
	}
	for _, host := range []string{"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0.0.0.0", "[::]", "127.1", "2130706433"} {
		err := deliver(t, webhook.NewSink(webhook.Options{}), "https://"+host+":"+port, time.Second)
		if _, ok := errors.AsType[*feed.Retry](err); !ok {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// Who asks for the name first sees a public address. What counts is the address that is connected
// to.
func TestANameThatIsReboundDoesNotPass(t *testing.T) {
	_, port, connections := listening(t)
	dns := &names{answers: [][]netip.Addr{{netip.MustParseAddr("93.184.216.34")}, {netip.MustParseAddr("127.0.0.1")}}}
	resolver := dns.resolver(t)
	first, err := resolver.LookupNetIP(t.Context(), "ip4", "receiver.example")
	if err != nil || first[0].String() != "93.184.216.34" {
		t.Fatal(first, err)
	}
	sink := webhook.NewSink(webhook.Options{Resolver: resolver})
	if err := deliver(t, sink, "https://receiver.example:"+port, time.Second); err == nil || err.Error() != notPublic {
		t.Errorf("%v", err)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// The same receiver is reached where it may be: what the tests above see is the guard.
func TestAReceiverOnThisMachineIsReachedWhereItMayBe(t *testing.T) {
	r, port, _ := listening(t)
	roots := x509.NewCertPool()
	roots.AddCert(r.Certificate())
	dns := &names{answers: [][]netip.Addr{{netip.MustParseAddr("127.0.0.1")}}}
	resolver := dns.resolver(t)
	sink := webhook.NewSink(webhook.Options{Loopback: true, Roots: roots, Resolver: resolver})
	defer sink.Close()
	if err := deliver(t, sink, "https://example.com:"+port, time.Second); err != nil { // a name in the certificate
		t.Error(err)
	}
	if err := deliver(t, sink, "https://other.example:"+port, time.Second); err == nil || err.Error() != "the receiver's certificate is not good" {
		t.Errorf("under another name: %v", err)
	}
	stranger := webhook.NewSink(webhook.Options{Loopback: true, Resolver: resolver})
	if err := deliver(t, stranger, "https://example.com:"+port, time.Second); err == nil || err.Error() != "the receiver's certificate is not good" {
		t.Errorf("with a certificate of nobody's: %v", err)
	}
}

// By http only this machine is reached, whatever a name stands for.
func TestPlainHTTPDoesNotLeaveThisMachine(t *testing.T) {
	dns := &names{answers: [][]netip.Addr{{netip.MustParseAddr("93.184.216.34")}}}
	sink := webhook.NewSink(webhook.Options{Loopback: true, Resolver: dns.resolver(t)})
	if err := deliver(t, sink, "http://a.example/", time.Second); err == nil || err.Error() != notPublic {
		t.Errorf("%v", err)
	}
	if err := deliver(t, webhook.NewSink(webhook.Options{}), "http://127.0.0.1/", time.Second); err == nil || err.Error() != notPublic {
		t.Errorf("where this machine is not allowed: %v", err)
	}
}
