package transport

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// What a client may meet is in the protocol's document.
func TestTheProtocolNamesEveryCode(t *testing.T) {
	data, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, errorCodes, _ := strings.Cut(string(data), "\n## 6. ")
	errorCodes, closeCodes, _ := strings.Cut(errorCodes, "\n## 7. ")
	for _, code := range notes.Codes {
		if !strings.Contains(errorCodes, "`"+string(code)+"`") {
			t.Errorf("error code %s is not in section 6", code)
		}
	}
	for _, code := range wire.FormatCodes {
		if !strings.Contains(errorCodes, "`"+string(code)+"`") {
			t.Errorf("error code %s is not in section 6", code)
		}
	}
	for _, code := range []CloseCode{
		CloseNormal, CloseTooLarge, CloseGoingAway, CloseSlow, CloseUnresponsive, CloseTokenExpired, CloseAuthTimeout,
		CloseTooMany, CloseInternal, CloseAccessChanged, CloseAuthFailed, CloseAccessLost, CloseAccountChange,
	} {
		if !strings.Contains(closeCodes, "\n| "+strconv.Itoa(int(code))+" |") {
			t.Errorf("close code %d is not in section 7", code)
		}
	}
}
