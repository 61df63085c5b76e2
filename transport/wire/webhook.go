package wire

import "notewire/notes"

// NewWebhook is the body of a request for a webhook.
type NewWebhook struct {
	URL string `json:"url"`
}

// DecodeNewWebhook reads the body of a request. Errors are *FormatError.
func DecodeNewWebhook(body []byte) (NewWebhook, error) {
	var n NewWebhook
	if err := DecodeStrict(body, &n); err != nil {
		return n, err
	}
	if n.URL == "" {
		return n, malformed(MissingMember, invalidFormat, "url is missing")
	}
	return n, nil
}

// WebhookCreated answers the request for a webhook. Its secret is shown only here.
type WebhookCreated struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Secret    string       `json:"secret"`
	CreatedAt notes.Millis `json:"createdAt"`
	Cursor    string       `json:"cursor"` // of the account's log: what comes after it is posted
}

// What a webhook is doing.
const (
	WebhookActive     = "active"
	WebhookBackingOff = "backing_off" // its receiver is away; nothing is skipped
)

// Webhook is how far a webhook is.
type Webhook struct {
	ID        string          `json:"id"`
	URL       string          `json:"url"`
	State     string          `json:"state"`
	CreatedAt notes.Millis    `json:"createdAt"`
	Cursor    string          `json:"cursor"`            // up to it everything was delivered, but for the notes that are paused
	RetryAt   notes.Millis    `json:"retryAt,omitzero"`  // when a receiver that is away is asked again
	Failures  int             `json:"failures,omitzero"` // how often in a row it was away
	Paused    []PausedNote    `json:"paused"`
	LastError *WebhookFailure `json:"lastError,omitzero"`
}

// PausedNote is a note whose changes the receiver refuses.
type PausedNote struct {
	NoteID  notes.NoteID   `json:"noteId,omitempty"` // absent: the folders
	Cursor  string         `json:"cursor"`           // up to it all changes of the note were delivered
	RetryAt notes.Millis   `json:"retryAt,omitzero"` // absent: not before the webhook is resumed
	Error   WebhookFailure `json:"error"`
}

// WebhookFailure is why something was not delivered, and when that was.
type WebhookFailure struct {
	Message string       `json:"message"`
	At      notes.Millis `json:"at"`
}

// Webhooks answers with all webhooks of an account.
type Webhooks struct {
	Webhooks []Webhook `json:"webhooks"`
}
