package webhook

import "net/netip"

// notPublic4 is what of IPv4 is not the Internet (RFC 6890 and its successors), and one address of
// it that is a cloud's own.
var notPublic4 = prefixes(
	"0.0.0.0/8",        // this network
	"10.0.0.0/8",       // private
	"100.64.0.0/10",    // behind a carrier's NAT; metadata at Alibaba
	"127.0.0.0/8",      // loopback
	"169.254.0.0/16",   // link-local; metadata nearly everywhere
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // protocol assignments; metadata at Oracle
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays
	"192.168.0.0/16",   // private
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, and broadcast
	"168.63.129.16/32", // Azure's metadata
)

// public6 is all of IPv6 that is the Internet, and notPublic6 what in it is not. Outside of it are
// loopback, link-local, private and multicast addresses, and those that stand for IPv4 addresses:
// mapped, compatible and NAT64.
var (
	public6    = netip.MustParsePrefix("2000::/3")
	notPublic6 = prefixes(
		"2001::/23",     // protocol assignments: Teredo, benchmarks, ORCHID
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4, which stands for IPv4 addresses
		"3fff::/20",     // documentation
	)
)

func prefixes(all ...string) (list []netip.Prefix) {
	for _, s := range all {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

// public reports whether an address is one of the Internet, and not of the networks that the
// server may stand in.
func public(a netip.Addr) bool {
	switch {
	case !a.IsValid() || a.Zone() != "":
		return false
	case a.Is4():
		return !in(notPublic4, a)
	default: // IPv4 in IPv6's clothes too: it is not in public6
		return public6.Contains(a) && !in(notPublic6, a)
	}
}

func in(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
