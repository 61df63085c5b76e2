package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const (
	keyFileType = "PRIVATE KEY" // PKCS #8

	// maxKeyFileBytes is far above any key; it bounds what a wrong path costs.
	maxKeyFileBytes = 64 << 10
)

func openKeyFile(path string) (*rsa.PrivateKey, error) {
	key, err := readKeyFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := createKeyFile(path); err != nil {
		return nil, fmt.Errorf("create the local key %s: %w", path, err)
	}
	// Read it back: another process may have been faster, and its key counts.
	return readKeyFile(path)
}

func readKeyFile(path string) (*rsa.PrivateKey, error) {
	data, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(data)
	if err != nil {
		return nil, fmt.Errorf("%s is not a local key (%w): move it away to have a new one made,"+
			" which ends all tokens minted so far, or choose another path", path, err)
	}
	return key, nil
}

// readPrivate reads a regular file that only its owner can read or write.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path) // before opening: opening a pipe would block
	if err != nil {
		return nil, unreadable(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the local key %s is not a regular file: choose another path", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the local key %s is open to others (mode %04o): run chmod 600 on it if you trust it,"+
			" or delete it to have a new one made", path, mode)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxKeyFileBytes))
	if err != nil {
		return nil, unreadable(err)
	}
	return data, nil
}

// unreadable wraps an error of os, which names the path.
func unreadable(err error) error {
	return fmt.Errorf("read the local key: %w: run as the user who owns the file, or choose another path", err)
}

func decodeKey(data []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != keyFileType {
		return nil, errors.New("no PEM block " + keyFileType)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not PKCS #8")
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA || key.N.BitLen() < minKeyBits {
		return nil, errors.New("not an RSA key of 2048 bits or more")
	}
	return key, nil
}

// createKeyFile makes a new key appear at path complete or not at all, unless
// there is one by then.
func createKeyFile(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := writeNewKey(dir)
	if err != nil {
		return err
	}
	defer os.Remove(temp) // after a rename there is nothing left to remove
	err = os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// No hard links on this file system. A rename is as complete, but may replace
	// the key of a process that started at the same moment.
	return os.Rename(temp, path)
}

// writeNewKey returns the path of a temporary file, mode 0600, with a new key.
func writeNewKey(dir string) (path string, err error) {
	key, err := rsa.GenerateKey(rand.Reader, minKeyBits)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp(dir, ".local-key-*")
	if err != nil {
		return "", err
	}
	err = errors.Join(
		pem.Encode(file, &pem.Block{Type: keyFileType, Bytes: der}),
		file.Sync(),
		file.Close(),
	)
	if err != nil {
		os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
