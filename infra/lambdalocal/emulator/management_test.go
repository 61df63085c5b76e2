package emulator

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestUnsignedRequestsAreRefused(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	c := g.connect(t)
	id := event(t, g.notes.wait(t, "$connect")).RequestContext.ConnectionID
	res, err := http.Post(g.url+"/@connections/"+id, "", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("status %d", res.StatusCode)
	}
	send(t, c, "echo still open")
	if answer, err := receive(t, c); answer != "still open" {
		t.Errorf("%q %v", answer, err)
	}
}

// boto3 is AWS's own client, of which we wrote nothing.
const boto3Script = `
import sys, boto3, botocore
url, id, message = sys.argv[1:4]
api = boto3.client("apigatewaymanagementapi", endpoint_url=url, region_name="us-east-1",
    aws_access_key_id="local", aws_secret_access_key="local",
    config=botocore.config.Config(retries={"total_max_attempts": 1}))
def status(r): return r["ResponseMetadata"]["HTTPStatusCode"]
def fails(name, call):
    try: call()
    except api.exceptions.ClientError as e: assert e.response["Error"]["Code"] == name, e
    else: raise AssertionError("no " + name)
assert status(api.post_to_connection(ConnectionId=id, Data=message.encode())) == 200
info = api.get_connection(ConnectionId=id)
assert info["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "Go-http-client/1.1"}, info
assert info["ConnectedAt"] <= info["LastActiveAt"], info
assert status(api.post_to_connection(ConnectionId=id, Data=b"x" * (128 << 10))) == 200
fails("PayloadTooLargeException", lambda: api.post_to_connection(ConnectionId=id, Data=b"x" * ((128 << 10) + 1)))
fails("GoneException", lambda: api.post_to_connection(ConnectionId="L0SM9cOFvHcCIAg=", Data=b"x"))
assert status(api.delete_connection(ConnectionId=id)) == 204
fails("GoneException", lambda: api.get_connection(ConnectionId=id))
`

// pythonWithBoto3 is the one beside the template's checkers, which bring boto3.
func pythonWithBoto3(t *testing.T) string {
	t.Helper()
	const install = "../../template-checks/install.sh"
	dir, err := exec.Command(install, "--where").Output()
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(strings.TrimSpace(string(dir)), "venv", "bin", "python")
	if out, err := exec.Command(python, "-c", "import boto3").CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must have boto3: %v\n%s", err, out)
		}
		t.Skip("this test needs boto3, which infra/template-checks/install.sh installs")
	}
	return python
}

func TestAWSsOwnClientIsContent(t *testing.T) {
	t.Parallel()
	python := pythonWithBoto3(t)
	g := startGateway(t, WebSocketConfig{}, Config{})
	c := g.connect(t)
	id := event(t, g.notes.wait(t, "$connect")).RequestContext.ConnectionID
	script := exec.Command(python, "-c", boto3Script, g.url, id, "für dich")
	said := make(chan string, 1)
	go func() {
		out, err := script.CombinedOutput()
		if err != nil {
			out = append(out, err.Error()...)
		}
		said <- string(out)
	}()
	if message, err := receive(t, c); message != "für dich" {
		t.Errorf("%q %v", message, err)
	}
	if message, err := receive(t, c); len(message) != MaxMessage {
		t.Errorf("%d bytes, %v", len(message), err)
	}
	if _, err := receive(t, c); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("DELETE closed with %v", err)
	}
	if out := <-said; out != "" {
		t.Error(out)
	}
}
