// Package functions is the HTTP surface: every route, and handlers that decode, call and
// encode. It holds no rule about notes. Its subfolders are the programs.
package functions

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/auth"
	"notewire/functions/page"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/sse"
	"notewire/transport/webhook"
	"notewire/transport/ws"
)

// Deps are what the surface is made of.
type Deps struct {
	Service  *notes.Service
	Sessions *transport.Sessions
	Verifier interface {
		Verify(ctx context.Context, token string) (auth.Identity, error)
	}
	Tickets Tickets       // nil: none are given
	Webhook *auth.Webhook // nil: nobody else says who has signed out
	// Webhooks post accounts' changes to receivers; nil: they do not.
	Webhooks *webhook.Hooks
	// Local is the issuer of local mode; nil otherwise. In local mode requests without a
	// token may act as the user "local", and the Host header must name the loopback.
	Local *auth.LocalIssuer
	// With PublishableKey, Clerk's, the page signs people in; FrontendAPI is the origin that it names.
	PublishableKey, FrontendAPI string
	// Origins are the web pages that may call, besides the server's own. In local mode
	// those on the loopback may too.
	Origins []string
	// TrustedProxies are believed about where their clients are.
	TrustedProxies []netip.Prefix
	BodyBytes      int64 // of a request, at most
	SSE            sse.Options
	// WebSocketURL is where a gateway holds the WebSockets; empty: they are served here.
	WebSocketURL string
	// StreamWindow ends event streams after that time, for hostings that would cut them off
	// later: clients are told to reconnect, and do so at once. 0: never.
	StreamWindow time.Duration
	WS           ws.Options
	Log          *slog.Logger
	NewID        func() string // names an error in the answer and in the log
	// Stopping is closed when the server begins to stop.
	Stopping <-chan struct{}
	Edge     *Edge // nil: no edge is in front of the server
}

// surface is the handlers.
type surface struct {
	Deps
	page http.Handler
}

// New returns the handler of every route.
func New(d Deps) *echo.Echo {
	s := &surface{Deps: d, page: page.Handler(d.WebSocketURL, page.Clerk{PublishableKey: d.PublishableKey, Origin: d.FrontendAPI})}
	e := echo.New()
	e.HTTPErrorHandler = s.writeError
	e.IPExtractor = addresses(d.TrustedProxies)
	e.Use(s.logRequest, s.recoverPanic, s.checkHost, s.checkOrigin)

	e.GET("/", s.root, s.countAddress)        // the page, or the account dialect on a WebSocket
	e.GET("/ws", s.accountWS, s.countAddress) // the account dialect
	e.GET("/ws/note/:id", s.noteWS, s.countAddress)
	e.GET("/page/*", echo.WrapHandler(s.page))
	e.GET("/inspector", echo.WrapHandler(s.page))
	e.GET("/sw.js", echo.WrapHandler(s.page))

	e.GET("/api/events", s.accountSSE, s.countAddress)
	e.POST("/api/events", s.accountSSE, s.countAddress)
	e.GET("/api/notes/:id/events", s.noteSSE, s.countAddress)
	e.POST("/api/notes/:id/events", s.noteSSE, s.countAddress)
	e.GET("/api/changes", s.accountPoll, s.countAddress)
	e.POST("/api/changes", s.accountPoll, s.countAddress)
	e.GET("/api/notes/:id/changes", s.notePoll, s.countAddress)
	e.POST("/api/notes/:id/changes", s.notePoll, s.countAddress)

	e.GET("/api/negotiate", s.negotiate)
	e.GET("/api/probe", s.probe, s.countAddress)

	e.GET("/api/notes", s.list)
	e.GET("/api/counts", s.counts)
	e.GET("/api/notes/:id", s.get)
	e.GET("/api/notes/:id/versions", s.versions)
	e.GET("/api/notes/:id/versions/:version", s.version)
	e.GET("/api/notes/:id/versions/:version/kept", s.kept)
	e.GET("/api/notes/:id/diff", s.diff)

	e.POST("/api/notes", s.mutation("create"))
	e.POST("/api/notes/:id", s.mutation("edit"))
	e.POST("/api/notes/:id/organise", s.mutation("organise"))
	e.POST("/api/notes/:id/revert", s.mutation("revert"))
	e.POST("/api/notes/:id/trash", s.mutation("trash"))
	e.POST("/api/notes/:id/restore", s.mutation("restore"))
	e.POST("/api/notes/:id/purge", s.mutation("purge"))
	e.POST("/api/notes/:id/share", s.mutation("share"))
	e.POST("/api/notes/:id/leave", s.mutation("leave"))
	e.POST("/api/mutations", s.batch)
	e.POST("/api/notes/:id/visit", s.visit)
	e.POST("/api/notes/:id/forget", s.forget)
	e.POST("/api/notes/:id/presence", s.show)
	e.POST("/api/notes/:id/custom", s.custom)

	e.GET("/api/folders", s.folders)
	e.POST("/api/folders", s.mutation("folder_create"))
	e.POST("/api/folders/:id", s.mutation("folder_update"))
	e.POST("/api/folders/:id/delete", s.mutation("folder_delete"))

	e.GET("/api/v1/*", s.trpc) // queries of the tRPC API
	e.POST("/api/v1/*", s.trpc)

	e.POST("/api/connections/:id/auth", s.refresh)
	e.POST("/api/signout", s.signOut)
	if d.Tickets != nil {
		e.POST("/api/tickets", s.newTicket)
	}
	if d.Webhook != nil {
		e.POST("/api/clerk/webhook", s.clerkWebhook)
	}
	if d.Webhooks != nil {
		e.GET("/api/webhooks", s.webhooks)
		e.POST("/api/webhooks", s.newWebhook)
		e.POST("/api/webhooks/:id/delete", s.deleteWebhook)
		e.POST("/api/webhooks/:id/resume", s.resumeWebhook)
	}

	e.Match([]string{http.MethodGet, http.MethodHead}, "/healthz", s.health)
	e.Match([]string{http.MethodGet, http.MethodHead}, "/readyz", s.ready)
	if d.Local != nil {
		e.GET("/dev/token", s.devToken)
	}
	if d.Edge != nil {
		s.edgeRoutes(e)
	}
	return e
}

// health says that the process lives.
func (s *surface) health(c echo.Context) error {
	return c.JSONBlob(http.StatusOK, []byte(`{"status":"ok"}`))
}

// ready says whether to send new clients here.
func (s *surface) ready(c echo.Context) error {
	select {
	case <-s.Stopping:
		return c.JSONBlob(http.StatusServiceUnavailable, []byte(`{"status":"stopping"}`))
	default:
		return c.JSONBlob(http.StatusOK, []byte(`{"status":"ready"}`))
	}
}
