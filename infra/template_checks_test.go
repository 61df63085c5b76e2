package infra_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Who finds a fault.
const (
	linter    = "cfn-lint"
	validator = "cloudformation-validate" // of the template as SAM expands it, or SAM's refusal
	code      = "the code"                // misfits, here
)

// faults are edits of the good template: the first old becomes new.
var faults = []struct {
	name     string
	old, new string
	by       []string // all who find it
}{
	{"a property that SAM does not know", "            Schedule: rate", "            Rate: rate", []string{linter, validator, code}},
	{"a property that DynamoDB does not know", "PointInTimeRecoveryEnabled: true", "PointInTimeRecovery: true", []string{linter, validator, code}},
	{"a value that is none", "BillingMode: PAY_PER_REQUEST", "BillingMode: ON_DEMAND", []string{validator}},
	{"a value of a SAM property that is none", "InvokeMode: RESPONSE_STREAM", "InvokeMode: STREAM", []string{linter, validator, code}},
	{"a reference to nothing", "!Ref HttpLogs", "!Ref HttpLog", []string{linter, validator, code}},
	{"an attribute that queues do not have", "!GetAtt FanoutFailures.QueueName", "!GetAtt FanoutFailures.Name", []string{linter, validator, code}},
	{"a substitution without Sub", "!Sub integrations/", "integrations/", []string{linter, validator, code}},
	{"a route without a key", "      RouteKey: $default\n", "", []string{linter, validator, code}},
	{"words for a number", "      Timeout: 60\n", "      Timeout: a minute\n", []string{linter, validator}},
	{"words for a boolean", "BisectBatchOnFunctionError: true", "BisectBatchOnFunctionError: sometimes", []string{linter, validator, code}},
}

// overlooked are faults that neither checker finds.
var overlooked = []struct{ name, old, new string }{
	{"a property that SAM overlooks", "InvokeMode: R", "InvocationMode: R"},
	{"a name for an ARN", "EventSourceArn: !GetAtt Table.StreamArn", "EventSourceArn: !Ref Table"},
	{"retries without end", "      MaximumRetryAttempts: 5\n", ""},
	{"an alarm that nobody hears", "      AlarmActions: [!Ref Alarms]\n", ""},
}

func TestWhatCheckersOverlookDoesNotFitTheCode(t *testing.T) {
	good, err := os.ReadFile("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range overlooked {
		tpl, err := parse(broken(t, string(good), fault.name, fault.old, fault.new))
		if err != nil {
			t.Fatal(err)
		}
		if len(misfits(tpl)) == 0 {
			t.Errorf("nobody finds %s", fault.name)
		}
	}
}

func broken(t *testing.T, good, name, old, new string) string {
	t.Helper()
	if !strings.Contains(good, old) {
		t.Fatalf("%s: the template has no %q", name, old)
	}
	return strings.Replace(good, old, new, 1)
}

// finding is a line of a checker.
type finding struct{ File, Rule, Message string }

func TestTheTemplatePassesTheCheckersAndFaultsDoNot(t *testing.T) {
	t.Parallel()
	installed, dir := checkers(t), t.TempDir()
	good, err := os.ReadFile("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{filepath.Join(dir, "good.yaml")}
	texts := []string{string(good)}
	for i, fault := range faults {
		files = append(files, filepath.Join(dir, fmt.Sprintf("fault-%02d.yaml", i+1)))
		texts = append(texts, broken(t, texts[0], fault.name, fault.old, fault.new))
	}
	found := map[string]map[string][]string{} // by file and checker
	for i, file := range files {
		if err := os.WriteFile(file, []byte(texts[i]), 0o600); err != nil {
			t.Fatal(err)
		}
		tpl, err := parse(texts[i])
		if err != nil {
			t.Fatal(err)
		}
		found[file] = map[string][]string{}
		if m := misfits(tpl); len(m) > 0 {
			found[file][code] = m
		}
	}
	var linted, validated []finding
	var both sync.WaitGroup
	both.Go(func() { linted = lint(t, installed, files) })
	both.Go(func() { validated = validate(t, installed, files) })
	both.Wait()
	for _, f := range linted {
		found[f.File][linter] = append(found[f.File][linter], f.Rule+" "+f.Message)
	}
	for _, f := range validated {
		file := strings.TrimSuffix(f.File, ".json")
		found[file][validator] = append(found[file][validator], f.Rule+" "+f.Message)
	}

	for by, what := range found[files[0]] {
		t.Errorf("template.yaml: %s: %s", by, strings.Join(what, "\n\t"))
	}
	for i, fault := range faults {
		for _, by := range []string{linter, validator, code} {
			what, does := found[files[i+1]][by]
			if want := slices.Contains(fault.by, by); does != want {
				t.Errorf("%s: %s finds it: %v, want %v: %s", fault.name, by, does, want, strings.Join(what, "; "))
			}
		}
	}
}

// lint is cfn-lint, which expands SAM itself.
func lint(t *testing.T, installed string, files []string) (found []finding) {
	var matches []struct {
		Filename, Message string
		Rule              struct{ Id string }
	}
	args := append([]string{"--regions", "us-east-1", "--format", "json", "--template"}, files...)
	out := output(t, true, filepath.Join(installed, "venv/bin/cfn-lint"), args...)
	if err := json.Unmarshal(out, &matches); err != nil {
		t.Errorf("cfn-lint: %v: %s", err, out)
	}
	for _, m := range matches {
		found = append(found, finding{m.Filename, m.Rule.Id, m.Message})
	}
	return found
}

// validate expands the templates, and gives them to AWS's validator, which does not look
// into SAM's resources.
func validate(t *testing.T, installed string, files []string) []finding {
	refused := findings(t, output(t, false, filepath.Join(installed, "venv/bin/python"), append([]string{"template-checks/expand.py"}, files...)...))
	args := []string{"template-checks/validate.js", installed}
	for _, file := range files {
		if !slices.ContainsFunc(refused, func(f finding) bool { return f.File == file }) {
			args = append(args, file+".json")
		}
	}
	return append(refused, findings(t, output(t, false, "node", args...))...)
}

func findings(t *testing.T, out []byte) (found []finding) {
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var f finding
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Errorf("%v: %s", err, lines.Text())
		}
		found = append(found, f)
	}
	return found
}

// output runs a checker. What it finds may show in its exit status, too.
func output(t *testing.T, mayFail bool, name string, args ...string) []byte {
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && !(mayFail && len(out) > 0) {
		t.Errorf("%s: %v\n%s", filepath.Base(name), err, stderr.String())
	}
	return out
}

// checkers returns where the checkers are installed. They come with `make tools` where it
// may install: there and in CI they must be there. Elsewhere the test is skipped.
func checkers(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("template-checks/install.sh", "--where").Output()
	if err != nil {
		t.Fatal(err)
	}
	installed := strings.TrimSpace(string(out))
	if _, err := os.Stat(filepath.Join(installed, ".complete")); err == nil {
		return installed
	}
	const how = "the checkers of infra/template.yaml are not installed: run infra/template-checks/install.sh, which needs Python 3.9 with venv, and Node 20 with npm"
	_, noApt := exec.LookPath("apt-get")
	if os.Getenv("CI") == "true" || os.Getuid() == 0 && noApt == nil {
		t.Fatal(how)
	}
	t.Skip(how)
	return ""
}
