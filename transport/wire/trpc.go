package wire

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
)

// The wire of tRPC, version 11, without a transformer: what a stock @trpc/client with httpLink or
// httpBatchLink says and hears. trpc_types.go has the inputs and outputs of the procedures.

// TRPCCode is tRPC's name for a kind of error.
type TRPCCode string

const (
	TRPCBadRequest           TRPCCode = "BAD_REQUEST"
	TRPCUnauthorized         TRPCCode = "UNAUTHORIZED"
	TRPCForbidden            TRPCCode = "FORBIDDEN"
	TRPCNotFound             TRPCCode = "NOT_FOUND"
	TRPCMethodNotSupported   TRPCCode = "METHOD_NOT_SUPPORTED"
	TRPCConflict             TRPCCode = "CONFLICT"
	TRPCPayloadTooLarge      TRPCCode = "PAYLOAD_TOO_LARGE"
	TRPCUnsupportedMediaType TRPCCode = "UNSUPPORTED_MEDIA_TYPE"
	TRPCUnprocessableContent TRPCCode = "UNPROCESSABLE_CONTENT"
	TRPCTooManyRequests      TRPCCode = "TOO_MANY_REQUESTS"
	TRPCUnavailable          TRPCCode = "SERVICE_UNAVAILABLE"
	TRPCInternal             TRPCCode = "INTERNAL_SERVER_ERROR"
)

// trpcCodes has the JSON-RPC number and the HTTP status that tRPC gives each name.
var trpcCodes = map[TRPCCode]struct{ number, status int }{
	TRPCBadRequest:           {-32600, 400},
	TRPCUnauthorized:         {-32001, 401},
	TRPCForbidden:            {-32003, 403},
	TRPCNotFound:             {-32004, 404},
	TRPCMethodNotSupported:   {-32005, 405},
	TRPCConflict:             {-32009, 409},
	TRPCPayloadTooLarge:      {-32013, 413},
	TRPCUnsupportedMediaType: {-32015, 415},
	TRPCUnprocessableContent: {-32022, 422},
	TRPCTooManyRequests:      {-32029, 429},
	TRPCInternal:             {-32603, 500},
	TRPCUnavailable:          {-32603, 503},
}

// trpcOf is the one table from a refusal to tRPC's name for it. tRPC knows nothing that is gone:
// a note is then not found, and a version was a bad request in the ancestor's words.
var trpcOf = map[notes.Code]TRPCCode{
	notes.Invalid:         TRPCBadRequest,
	notes.Unauthenticated: TRPCUnauthorized,
	notes.Forbidden:       TRPCForbidden,
	notes.NotFound:        TRPCNotFound,
	notes.VersionMismatch: TRPCConflict,
	notes.Conflict:        TRPCConflict,
	notes.BaseGone:        TRPCConflict,
	notes.NoteExpired:     TRPCConflict,
	notes.Purged:          TRPCNotFound,
	notes.VersionThinned:  TRPCBadRequest,
	notes.NoteExists:      TRPCConflict,
	notes.MutationReused:  TRPCConflict,
	notes.TooLarge:        TRPCPayloadTooLarge,
	notes.LimitExceeded:   TRPCUnprocessableContent,
	notes.RateLimited:     TRPCTooManyRequests,
	notes.Skipped:         TRPCConflict,
	notes.Unavailable:     TRPCUnavailable,
	notes.Internal:        TRPCInternal,
}

// trpcCodeOf names a refusal, or what is wrong with an input.
func trpcCodeOf(code string) TRPCCode {
	if name, ok := trpcOf[notes.Code(code)]; ok {
		return name
	}
	if FormatCode(code) == WrongContentType {
		return TRPCUnsupportedMediaType
	}
	return TRPCBadRequest
}

// TRPCReply answers one call. Exactly one member is set.
type TRPCReply struct {
	Result *trpcResult `json:"result,omitzero"`
	Error  *trpcError  `json:"error,omitzero"`
}

type trpcResult struct {
	Data any `json:"data"`
}

type trpcError struct {
	Message string        `json:"message"`
	Code    int           `json:"code"` // JSON-RPC's
	Data    trpcErrorData `json:"data"`
}

type trpcErrorData struct {
	Code       TRPCCode `json:"code"`
	HTTPStatus int      `json:"httpStatus"`
	Path       string   `json:"path,omitempty"`
	Problem    *Problem `json:"problem,omitzero"` // the refusal as the HTTP API has it
}

// TRPCResult is the reply of a call that succeeded.
func TRPCResult(data any) TRPCReply { return TRPCReply{Result: &trpcResult{data}} }

// TRPCRefusal is the reply of a call that was refused.
func TRPCRefusal(path string, p Problem) TRPCReply {
	message := p.Message
	if p.Reason != "" {
		message += ": " + p.Reason
	}
	reply := TRPCError(path, trpcCodeOf(p.Code), message)
	reply.Error.Data.Problem = &p
	return reply
}

// TRPCError is the reply of a call that is none.
func TRPCError(path string, code TRPCCode, message string) TRPCReply {
	known := trpcCodes[code]
	return TRPCReply{Error: &trpcError{message, known.number, trpcErrorData{Code: code, HTTPStatus: known.status, Path: excerpt(path)}}}
}

// Status is the HTTP status of the reply by itself.
func (r TRPCReply) Status() int {
	if r.Error != nil {
		return r.Error.Data.HTTPStatus
	}
	return 200
}

// EncodeTRPC is the answer to a request: of a batch an array, whose status is 207 where the
// calls' differ.
func EncodeTRPC(replies []TRPCReply, batch bool) (status int, body []byte) {
	status = replies[0].Status()
	for _, r := range replies[1:] {
		if r.Status() != status {
			status = 207
		}
	}
	if !batch {
		return status, Encode(replies[0])
	}
	return status, Encode(replies)
}

// TRPCInputs reads the inputs of a request's calls, from its body or from ?input=; nil where a
// call has none. Errors are *FormatError.
func TRPCInputs(text []byte, calls int, batch bool) ([][]byte, error) {
	inputs := make([][]byte, calls)
	if len(text) == 0 {
		return inputs, nil
	}
	if !batch {
		inputs[0] = text
		return inputs, nil
	}
	if first := bytes.TrimLeft(text, " \t\r\n"); json.Valid(text) && first[0] != '{' {
		return nil, malformed(WrongType, `"input" needs to be an object when doing a batch call`, "")
	}
	var byCall map[string]jsontext.Value
	if err := decodeFrame(text, &byCall); err != nil {
		return nil, err
	}
	for i := range inputs {
		inputs[i] = byCall[strconv.Itoa(i)]
	}
	return inputs, nil
}

// DecodeTRPC reads a call's input into v, and ignores members that v has not, as the ancestor
// did. No input is an empty object. Errors are *FormatError.
func DecodeTRPC(input []byte, v any) error {
	if len(input) == 0 {
		return nil
	}
	return decodeFrame(input, v)
}
