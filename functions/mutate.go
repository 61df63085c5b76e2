package functions

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// mutation handles the route of one operation.
func (s *surface) mutation(op string) echo.HandlerFunc {
	return func(c echo.Context) error {
		user, err := s.user(c)
		if err != nil {
			return err
		}
		body, err := s.body(c)
		if err != nil {
			return err
		}
		m, err := wire.DecodeMutation(op, c.Param("id"), body)
		refs := wire.Refs{NoteID: m.Note, MutationID: m.ID, FolderID: m.Folder}
		if err != nil {
			return refused{err, refs}
		}
		if err := s.takeQuota(c, user, 1, len(body)); err != nil {
			return refused{err, refs}
		}
		out, err := s.Service.Mutate(c.Request().Context(), user, "", m)
		if err != nil {
			return refused{err, refs}
		}
		status := http.StatusOK
		if op == "create" || op == "folder_create" {
			status = http.StatusCreated
		}
		return c.JSONBlob(status, wire.Answer(out))
	}
}

// batch carries out several mutations, each for itself.
func (s *surface) batch(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	body, err := s.body(c)
	if err != nil {
		return err
	}
	items, err := wire.DecodeBatch(body)
	if err != nil {
		return err
	}
	if err := s.takeQuota(c, user, len(items), len(body)); err != nil {
		return err
	}
	results, err := s.Service.Batch(c.Request().Context(), user, items)
	if err != nil {
		return err
	}
	answer := make([]wire.BatchResult, len(results))
	for i, r := range results {
		answer[i] = wire.ResultOf(items[i].Mutation, r.Outcome, r.Err)
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(map[string]any{"results": answer}))
}

// body reads the request's body, which must be JSON by its content type: a page elsewhere
// can send other types without asking first. No body at all is as good as an empty object.
func (s *surface) body(c echo.Context) ([]byte, error) {
	r := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, s.BodyBytes))
	if err != nil {
		return nil, bodyError(err)
	}
	if len(body) == 0 {
		return nil, nil
	}
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return nil, &wire.FormatError{
			Code: wire.WrongContentType, Message: "Send JSON with the header Content-Type: application/json",
		}
	}
	return body, nil
}

func bodyError(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return notes.Refuse(notes.TooLarge, fmt.Sprintf("The body is larger than %d bytes", tooLarge.Limit))
	}
	return &wire.FormatError{Code: wire.InvalidJSON, Message: "The body could not be read"}
}
