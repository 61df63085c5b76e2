package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/claims"
)

func openLocal(t *testing.T, path string) *auth.LocalIssuer {
	t.Helper()
	local, err := auth.OpenLocalIssuer(path)
	if err != nil {
		t.Fatal(err)
	}
	return local
}

func mint(t *testing.T, local *auth.LocalIssuer, user string) string {
	t.Helper()
	token, _, err := local.Mint(user, start)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestLocalTokensVerifyUntilTheyExpire(t *testing.T) {
	local := openLocal(t, filepath.Join(t.TempDir(), "state", "local.key"))
	clock := newClock()
	v, err := local.Verifier(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	token, expiresAt, err := local.Mint("ada", start.Add(300*time.Millisecond))
	if err != nil || !expiresAt.Equal(start.Add(auth.LocalTokenLifetime)) {
		t.Fatalf("expires at %v, %v", expiresAt, err)
	}
	id, err := v.Verify(t.Context(), token)
	if err != nil || id.UserID != "ada" || id.SessionID == "" || !id.IssuedAt.Equal(start) || !id.ExpiresAt.Equal(expiresAt) {
		t.Fatalf("got %+v, %v", id, err)
	}
	clock.Advance(auth.LocalTokenLifetime + auth.DefaultLeeway)
	if _, err := v.Verify(t.Context(), token); !auth.IsExpired(err) {
		t.Fatalf("got %v", err)
	}
}

func TestEachLocalTokenHasItsOwnSession(t *testing.T) {
	local := openLocal(t, filepath.Join(t.TempDir(), "local.key"))
	v, err := local.Verifier(newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	first, err1 := v.Verify(t.Context(), mint(t, local, "ada"))
	second, err2 := v.Verify(t.Context(), mint(t, local, "ada"))
	if err1 != nil || err2 != nil || first.SessionID == second.SessionID {
		t.Fatalf("%+v %+v %v %v", first, second, err1, err2)
	}
}

func TestMintRefusesWhatNoVerifierWouldAccept(t *testing.T) {
	local := openLocal(t, filepath.Join(t.TempDir(), "local.key"))
	for _, user := range []string{"", "a b", "../x", strings.Repeat("a", 65), "mch_1"} {
		if token, _, err := local.Mint(user, start); claims.ReasonOf(err) != claims.ReasonSubject || token != "" {
			t.Errorf("%q: %v", user, err)
		}
	}
}

func TestLocalTokensSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.key")
	token := mint(t, openLocal(t, path), "ada")
	v, err := openLocal(t, path).Verifier(newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
}

func TestLocalAndClerkTokensAreNotInterchangeable(t *testing.T) {
	genuine, _ := issuers(t)
	local := openLocal(t, filepath.Join(t.TempDir(), "local.key"))
	other := openLocal(t, filepath.Join(t.TempDir(), "local.key"))
	v, err := local.Verifier(newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, v, genuine.Mint(t, start, nil), claims.ReasonKey)
	refuses(t, v, mint(t, other, "ada"), claims.ReasonKey)
	refuses(t, newVerifier(t, genuine, newClock().Now), mint(t, local, "ada"), claims.ReasonKey)
	refuses(t, newVerifier(t, local, newClock().Now), mint(t, local, "ada"), claims.ReasonIssuer)
}

func TestTheKeyFileIsPrivateAndLeavesNothingBehind(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "local.key")
	openLocal(t, path)
	for name, want := range map[string]os.FileMode{path: 0o600, dir: 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
}

func TestProcessesThatStartAtOnceShareOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "local.key")
	issuers := make([]*auth.LocalIssuer, 4)
	var group sync.WaitGroup
	for i := range issuers {
		group.Go(func() { issuers[i], _ = auth.OpenLocalIssuer(path) })
	}
	group.Wait()
	for _, issuer := range issuers {
		if issuer == nil {
			t.Fatal("one could not open the key")
		}
		v, err := issuers[0].Verifier(newClock().Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Verify(t.Context(), mint(t, issuer, "ada")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBadKeyFilesAreLeftAloneAndTheErrorSaysWhatToDo(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.key")
	openLocal(t, good)
	key, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, say string
		content   []byte
		mode      os.FileMode
	}{
		{"open to the group", "chmod 600", key, 0o640},
		{"open to all", "chmod 600", key, 0o604},
		{"empty", "move it away", nil, 0o600},
		{"garbage", "move it away", []byte("garbage"), 0o600},
		{"half a key", "move it away", key[:len(key)/2], 0o600},
		{"other PEM", "move it away", []byte("-----BEGIN X-----\nAAAA\n-----END X-----\n"), 0o600},
		{"short key", "move it away", shortKey(t), 0o600},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "local.key")
			if err := os.WriteFile(path, tt.content, tt.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, tt.mode); err != nil { // WriteFile's mode is cut by the umask
				t.Fatal(err)
			}
			refusesFile(t, path, tt.say)
			if after, err := os.ReadFile(path); err != nil || string(after) != string(tt.content) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestPathsThatCannotHoldAKey(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "nowhere", "key"), dangling); err != nil {
		t.Fatal(err)
	}
	refusesFile(t, dir, "not a regular file")
	refusesFile(t, filepath.Join(file, "local.key"), "choose another path")
	refusesFile(t, dangling, "choose another path")
}

func TestAKeyThatOthersOwnIsUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	path := filepath.Join(t.TempDir(), "local.key")
	openLocal(t, path)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	refusesFile(t, path, "run as the user who owns the file")
}

func refusesFile(t *testing.T, path, say string) {
	t.Helper()
	_, err := auth.OpenLocalIssuer(path)
	if err == nil || !strings.Contains(err.Error(), say) || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v, want %q and the path", err, say)
	}
}

func shortKey(t *testing.T) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
