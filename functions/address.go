package functions

import (
	"net"
	"net/netip"

	"github.com/labstack/echo/v4"

	"notewire/notes"
)

// addresses says where clients are: what the connection says, or if that is a proxy which the
// operator named, what it says in X-Forwarded-For.
func addresses(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

func addressOf(c echo.Context) netip.Addr {
	address, _ := netip.ParseAddr(c.RealIP()) // invalid if there is none: not counted
	return address.Unmap()
}

// countAddress bounds the connections from one address, for as long as the handler takes.
func (s *surface) countAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		release, err := s.Sessions.AdmitAddress(addressOf(c))
		if err != nil {
			return err
		}
		defer release()
		return next(c)
	}
}

// takeQuota counts mutations that came by HTTP.
func (s *surface) takeQuota(c echo.Context, user notes.UserID, mutations, bytes int) error {
	if s.Sessions.Quota == nil {
		return nil
	}
	return s.Sessions.Quota.Take(user, addressOf(c), mutations, bytes)
}
