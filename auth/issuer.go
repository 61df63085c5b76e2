package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// issuer returns the exact iss. The SDK would settle for anything that starts
// with https://clerk. or contains .clerk.accounts, which everybody can own.
func (c Config) issuer() (string, error) {
	if given := strings.TrimSpace(c.Issuer); given != "" {
		return checkIssuer(given)
	}
	if given := strings.TrimSpace(c.PublishableKey); given != "" {
		return FrontendAPI(given)
	}
	return "", errors.New("the issuer is unknown: set CLERK_ISSUER to the Frontend API URL of the Clerk instance" +
		" (Clerk dashboard, Domains), or set CLERK_PUBLISHABLE_KEY, which contains it")
}

// checkIssuer accepts an absolute http(s) URL. A final slash is dropped: Clerk
// writes none.
func checkIssuer(issuer string) (string, error) {
	issuer = strings.TrimSuffix(issuer, "/")
	u, err := url.Parse(issuer)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", errors.New("CLERK_ISSUER is not a URL like https://clerk.example.com")
	}
	if u.User != nil || strings.ContainsAny(issuer, "?#") {
		return "", errors.New("CLERK_ISSUER has more than a host and a path")
	}
	return issuer, nil
}

// FrontendAPI is the origin of a Clerk instance, which is also the issuer of its tokens, from its
// publishable key: pk_live_... or pk_test_..., whose last part is the base64 of the host and a
// dollar sign. It fails if that is no such key.
func FrontendAPI(publishableKey string) (string, error) {
	invalid := errors.New("CLERK_PUBLISHABLE_KEY is not a key like pk_live_...; correct it or set CLERK_ISSUER")
	encoded, ok := strings.CutPrefix(publishableKey, "pk_live_")
	if !ok {
		encoded, ok = strings.CutPrefix(publishableKey, "pk_test_")
	}
	if !ok {
		return "", invalid
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return "", invalid
	}
	host, complete := strings.CutSuffix(string(decoded), "$")
	if !complete || !strings.Contains(host, ".") || strings.ContainsFunc(host, notHostRune) {
		return "", invalid
	}
	return "https://" + host, nil
}

func notHostRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '.', r == '-':
		return false
	}
	return true
}

// origins brings the authorized parties into the form in which browsers write an
// Origin, because azp is compared as a string.
func origins(values []string) ([]string, error) {
	var list []string
	for _, value := range nonEmpty(values) {
		origin, err := originOf(value)
		if err != nil {
			return nil, err
		}
		list = append(list, origin)
	}
	if len(list) == 0 {
		return nil, errors.New("AUTHORIZED_PARTIES is empty: list the origins of your apps, like https://app.example.com," +
			" or tokens that any other site obtained from the same Clerk instance would be accepted")
	}
	return list, nil
}

func originOf(value string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(strings.ToLower(value), "/"))
	if err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" || u.User != nil || strings.ContainsAny(value, "?#*") {
		return "", fmt.Errorf("AUTHORIZED_PARTIES: %q is not an origin like https://app.example.com", value)
	}
	host := u.Host
	switch u.Scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host, nil
}
