package functions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// The tRPC API of seed 001, for the clients that have it: an app that calls /api/v1 with the stock
// @trpc/client goes on as it is. Its procedures are those of the HTTP API under other names; who
// may do what is the same.

// procedure is one of them.
type procedure struct {
	mutation  bool
	forbidden string // how a refusal for want of a right is worded
	run       func(*surface, call) (any, error)
}

// call is one call of a procedure.
type call struct {
	ctx   context.Context
	user  notes.UserID
	input []byte
}

// procedures is all of them.
var procedures = map[string]procedure{
	"createNote":        {true, "", with((*surface).createNote)},
	"updateNote":        {true, "Not authorized to update this note", with((*surface).updateNote)},
	"revertToVersion":   {true, "Not authorized to update this note", with((*surface).revertToVersion)},
	"deleteNote":        {true, "Not authorized to delete this note", with((*surface).deleteNote)},
	"toggleShare":       {true, "Only owner can change sharing settings", with((*surface).toggleShare)},
	"trackBoardAccess":  {true, "Not authorized to access this note", with((*surface).trackBoardAccess)},
	"removeSharedBoard": {true, "", with((*surface).removeSharedBoard)},
	"getNote":           {false, "Not authorized to view this note", with((*surface).getNote)},
	"listNotes":         {false, "", with((*surface).listNotes)},
	"getHistory":        {false, "Not authorized to view this note", with((*surface).getHistory)},
	"getVersion":        {false, "Not authorized to view this note", with((*surface).getVersion)},
}

// with has a procedure's input decoded.
func with[I any](run func(*surface, call, I) (any, error)) func(*surface, call) (any, error) {
	return func(s *surface, c call) (any, error) {
		var in I
		if err := wire.DecodeTRPC(c.input, &in); err != nil {
			return nil, err
		}
		return run(s, c, in)
	}
}

// trpcCalls is how many calls a batch may have. The calls of one are done one after another.
const trpcCalls = 20

// trpc answers a call of a procedure, or with ?batch=1 several.
func (s *surface) trpc(c echo.Context) error {
	batch := c.QueryParam("batch") == "1"
	paths := []string{strings.TrimPrefix(c.Request().URL.Path, "/api/v1/")} // not c.Param, which is as escaped as it came
	if batch {
		if paths = strings.Split(paths[0], ","); len(paths) > trpcCalls {
			message := fmt.Sprintf("Batch call exceeds maximum size: %d calls; the limit is %d", len(paths), trpcCalls)
			return s.answerTRPC(c, []wire.TRPCReply{wire.TRPCError("", wire.TRPCBadRequest, message)}, false)
		}
	}
	replies := make([]wire.TRPCReply, len(paths))
	user, inputs, wrong := s.trpcRequest(c, paths, batch)
	for i, path := range paths {
		p, known := procedures[path]
		switch method := c.Request().Method; {
		case !known:
			replies[i] = wire.TRPCError(path, wire.TRPCNotFound, fmt.Sprintf("No procedure found on path %q", path))
		case p.mutation != (method == http.MethodPost):
			kind := map[bool]string{true: "mutation", false: "query"}[p.mutation]
			message := fmt.Sprintf("Unsupported %s-request to %s procedure at path %q", method, kind, path)
			replies[i] = wire.TRPCError(path, wire.TRPCMethodNotSupported, message)
		case wrong != nil:
			replies[i] = s.refuseTRPC(c, path, p, wrong)
		default:
			data, err := p.run(s, call{c.Request().Context(), user, inputs[i]})
			if err != nil {
				replies[i] = s.refuseTRPC(c, path, p, err)
			} else {
				replies[i] = wire.TRPCResult(data)
			}
		}
	}
	return s.answerTRPC(c, replies, batch)
}

// trpcRequest reads what all calls of a request have in common. An error is every call's.
func (s *surface) trpcRequest(c echo.Context, paths []string, batch bool) (user notes.UserID, inputs [][]byte, err error) {
	if user, err = s.user(c); err != nil {
		return "", nil, err
	}
	text := []byte(c.QueryParam("input"))
	if c.Request().Method == http.MethodPost {
		if text, err = s.body(c); err != nil {
			return "", nil, err
		}
		mutations := 0
		for _, path := range paths {
			if procedures[path].mutation {
				mutations++
			}
		}
		if err := s.takeQuota(c, user, mutations, len(text)); err != nil {
			return "", nil, err
		}
	}
	inputs, err = wire.TRPCInputs(text, len(paths), batch)
	return user, inputs, err
}

// refuseTRPC describes an error as the other API does; what is our fault is logged.
func (s *surface) refuseTRPC(c echo.Context, path string, p procedure, err error) wire.TRPCReply {
	status, problem := s.describe(err)
	if status >= 500 {
		problem.ErrorID = s.NewID()
		s.Log.Log(c.Request().Context(), severity(c, err), "call failed", "errorId", problem.ErrorID, "procedure", path, "error", err)
	}
	if problem.Code == string(notes.Forbidden) && p.forbidden != "" {
		problem.Message = p.forbidden
	}
	return wire.TRPCRefusal(path, problem)
}

func (s *surface) answerTRPC(c echo.Context, replies []wire.TRPCReply, batch bool) error {
	status, body := wire.EncodeTRPC(replies, batch)
	if status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="notewire"`)
	}
	return c.JSONBlob(status, body)
}

// do carries out a mutation of a call.
func (s *surface) do(c call, m notes.Mutation) (*notes.Outcome, error) {
	out, err := s.Service.Mutate(c.ctx, c.user, "", m)
	if err != nil {
		return nil, refused{err, wire.Refs{NoteID: m.Note, MutationID: m.ID}}
	}
	return out, nil
}

// isRefusal reports whether err is a refusal with one of the codes.
func isRefusal(err error, codes ...notes.Code) bool {
	refusal, ok := errors.AsType[*notes.Error](err)
	if !ok {
		return false
	}
	for _, code := range codes {
		if refusal.Code == code {
			return true
		}
	}
	return false
}
