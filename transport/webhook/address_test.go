package webhook

import (
	"encoding/binary"
	"net/http"
	"net/netip"
	"testing"
)

func TestOnlyAddressesOfTheInternetArePublic(t *testing.T) {
	for _, text := range []string{
		"8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "169.253.1.1", "192.0.1.0",
		"198.17.1.1", "198.20.0.1", "223.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1", "168.63.129.15",
		"2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001::1", "2001:4860:4860::8888", "2001:200::1", "3ffe::1",
	} {
		if !public(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	for _, text := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.0.1", "169.254.169.254",
		"169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1",
		"::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
		"2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:0:4136:e378::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1",
		"2000::1%eth0",
	} {
		if public(netip.MustParseAddr(text)) {
			t.Errorf("%s is let through", text)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is let through")
	}
}

// A proxy would connect for us, to wherever it is told to.
func TestNoProxyIsAsked(t *testing.T) {
	for _, client := range []*http.Client{NewSink(Options{}).secure, NewSink(Options{Loopback: true}).secure, NewSink(Options{Loopback: true}).plain} {
		if client.Transport.(*http.Transport).Proxy != nil {
			t.Error("the environment says who connects")
		}
	}
}

// FuzzPublic compares with the standard library's own idea of the worst, and with IPv4 in all of
// IPv6's clothes.
func FuzzPublic(f *testing.F) {
	for _, s := range []string{"\x7f\x00\x00\x01", "\x0a\x00\x00\x01", "\x08\x08\x08\x08", "\xa9\xfe\xa9\xfe"} {
		f.Add([]byte(s))
	}
	for _, s := range []string{"::1", "2002::1", "64:ff9b::1", "fe80::1", "2600::1"} {
		a := netip.MustParseAddr(s).As16()
		f.Add(a[:])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, ok := netip.AddrFromSlice(raw)
		if !ok {
			return
		}
		plain := a.Unmap()
		inner := plain.IsPrivate() || plain.IsLoopback() || plain.IsMulticast() || plain.IsLinkLocalUnicast() || plain.IsUnspecified() || !plain.IsGlobalUnicast()
		if public(a) && (inner || a.Is4In6()) {
			t.Errorf("%v is let through", a)
		}
		if !a.Is4() {
			return
		}
		four := a.As4()
		for _, clothes := range []string{"::ffff:0:0", "::", "64:ff9b::", "64:ff9b:1::"} {
			six := netip.MustParseAddr(clothes).As16()
			copy(six[12:], four[:])
			if public(netip.AddrFrom16(six)) {
				t.Errorf("%v is let through as %v", a, netip.AddrFrom16(six))
			}
		}
		to6 := [16]byte{0x20, 0x02, 2: four[0], 3: four[1], 4: four[2], 5: four[3]}
		binary.BigEndian.PutUint16(to6[14:], 1)
		if public(netip.AddrFrom16(to6)) {
			t.Errorf("%v is let through by 6to4", a)
		}
	})
}

func TestAURLIsCheckedWhenItIsGiven(t *testing.T) {
	closed, local := NewSink(Options{}), NewSink(Options{Loopback: true})
	for url, want := range map[string]struct{ closed, local bool }{
		"https://example.com/hook?x=1":      {true, true},
		"https://example.com:8443":          {true, true},
		"https://93.184.216.34/":            {true, true},
		"http://example.com":                {},
		"http://93.184.216.34":              {},
		"http://localhost:8080/x":           {false, true},
		"http://127.0.0.1:8080/x":           {false, true},
		"https://localhost":                 {false, true},
		"https://a.localhost.":              {false, true},
		"http://[::1]:80":                   {false, true},
		"https://10.0.0.1":                  {},
		"http://10.0.0.1":                   {},
		"https://[fe80::1%25eth0]":          {},
		"https://[::ffff:10.0.0.1]":         {},
		"https://[::ffff:127.0.0.1]":        {},
		"https://user@example.com":          {},
		"https://user:password@example.com": {},
		"https://example.com/#part":         {},
		"https:///x":                        {},
		"https://:443":                      {},
		"ftp://example.com":                 {},
		"example.com":                       {},
		"https:example.com":                 {},
		"":                                  {},
		"https://example.com/\x00":          {},
		"https://example.com/" + string(make([]byte, 3000)): {},
	} {
		for name, c := range map[string]struct {
			sink *Sink
			want bool
		}{"closed": {closed, want.closed}, "local": {local, want.local}} {
			if err := c.sink.checkURL(url); (err == nil) != c.want {
				t.Errorf("%s %.60q: %v", name, url, err)
			}
		}
	}
}
