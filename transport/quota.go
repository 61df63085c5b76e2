package transport

import (
	"net/netip"
	"sync"
	"time"

	"notewire/notes"
)

// Quota bounds how fast accounts and addresses change notes: as many mutations, and as many
// bytes of them, as a minute allows, at once or spread. It holds one number for each that is
// not idle, and at most quotaKeys of them. Safe for concurrent use.
type Quota struct {
	perAccount, perAddress bucket
}

// QuotaOptions are what a minute allows. Zero: no bound.
type QuotaOptions struct {
	Mutations, Bytes               int // of one account
	AddressMutations, AddressBytes int // of one address, whoever signs in from there
}

// quotaKeys bounds how many accounts, or addresses, are counted at a time.
const quotaKeys = 1 << 16

// quotaWindow is the time that the bounds are for.
const quotaWindow = time.Minute

// NewQuota returns a Quota.
func NewQuota(o QuotaOptions) *Quota {
	return &Quota{
		perAccount: bucket{mutations: o.Mutations, bytes: o.Bytes, what: "this account"},
		perAddress: bucket{mutations: o.AddressMutations, bytes: o.AddressBytes, what: "this address"},
	}
}

// Take counts mutations of user, sent from an address, with so many bytes.
// Errors: RateLimited, which says when to try again; then nothing is counted.
func (q *Quota) Take(user notes.UserID, address netip.Addr, mutations, bytes int) error {
	now := time.Now()
	if err := q.perAccount.take(string(user), now, mutations, bytes); err != nil {
		return err
	}
	if !address.IsValid() || address.IsLoopback() {
		return nil // this machine, or a proxy on it that is not said to be one
	}
	return q.perAddress.take(prefix(address).String(), now, mutations, bytes)
}

// take counts a mutation that came on the session's connection.
func (s *session) take(user notes.UserID, bytes int) error {
	if s.Quota == nil {
		return nil
	}
	var address netip.Addr
	if c, ok := s.conn.(Addressed); ok {
		address = c.Address()
	}
	return s.Quota.Take(user, address, 1, bytes)
}

// Addressed is a Conn that knows where its client is.
type Addressed interface {
	Conn
	Address() netip.Addr
}

// prefix is what one client has: an address of IPv4, or a network of IPv6.
func prefix(address netip.Addr) netip.Prefix {
	bits := 32
	if address = address.Unmap(); address.Is6() {
		bits = 64
	}
	p, _ := address.Prefix(bits) // the bits fit
	return p
}

// bucket is the generic cell rate algorithm: of each key it knows when what it has taken
// will have been paid back.
type bucket struct {
	mutations, bytes int
	what             string

	mu     sync.Mutex
	paid   map[string]time.Time // guarded by mu
	purged time.Time            // when paid was last cleaned
}

func (b *bucket) take(key string, now time.Time, mutations, bytes int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	debt := max(portion(mutations, b.mutations), portion(bytes, b.bytes))
	paid, known := b.paid[key]
	if !known && len(b.paid) >= quotaKeys && !b.purge(now) {
		return tooMuch("all accounts together", time.Second)
	}
	if !known || paid.Before(now) {
		paid = now
	}
	after := paid.Add(debt)
	if over := after.Sub(now) - quotaWindow; over > 0 && paid.After(now) {
		return tooMuch(b.what, over)
	}
	if b.paid == nil {
		b.paid = map[string]time.Time{}
	}
	b.paid[key] = after
	return nil
}

// portion is how much of the window so many take.
func portion(n, limit int) time.Duration {
	if limit <= 0 {
		return 0
	}
	return time.Duration(float64(quotaWindow) * float64(n) / float64(limit))
}

// purge forgets who is idle, at most once a second, and reports whether there is room.
func (b *bucket) purge(now time.Time) bool {
	if now.Sub(b.purged) >= time.Second {
		b.purged = now
		for key, paid := range b.paid {
			if !paid.After(now) {
				delete(b.paid, key)
			}
		}
	}
	return len(b.paid) < quotaKeys
}

func tooMuch(what string, wait time.Duration) error {
	return &notes.Error{
		Code: notes.RateLimited, Message: "Too many changes from " + what + "; slow down",
		RetryAfter: (wait + time.Millisecond - 1).Milliseconds(),
	}
}
