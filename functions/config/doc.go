// Package config is what the programs have in common of their configuration: flags and
// environment variables, and what is made of them.
package config
