package config

import "testing"

func TestOriginsAreSpelledAsBrowsersDo(t *testing.T) {
	for origin, want := range map[string]string{
		"http://localhost:5173/": "http://localhost:5173", "HTTPS://App.Example.com:443": "https://app.example.com",
		"http://a.example:80": "http://a.example", "https://a.example:8443": "https://a.example:8443",
	} {
		if got, err := normalOrigin(origin); got != want || err != nil {
			t.Errorf("%s: %q %v", origin, got, err)
		}
	}
}
