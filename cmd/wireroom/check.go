package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"wireroom/cmd/wireroom/config"
)

func checkCommand(a *app) *cobra.Command {
	var schema bool
	cmd := &cobra.Command{
		Use: "check", Short: "Check the config: every fault with file, line and column", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if schema {
				s, err := config.Schema()
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(s)
				return err
			}
			c, err := config.Load(a.configPath(), a.getenv)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s is good: %d sources, %d feeds\n", c.Path(), len(c.Sources), len(channels(c)))
			return nil
		},
	}
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the config instead")
	return cmd
}

// healthcheck asks the server of this config whether it is alive; for images
// without a shell.
func healthcheckCommand(a *app) *cobra.Command {
	var ready bool
	cmd := &cobra.Command{
		Use: "healthcheck", Short: "Ask the running server whether it is well", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			path := "/healthz"
			if ready {
				path = "/readyz"
			}
			if err := ask(cmd.Context(), scheme(c), c.Server.Listen, path); err != nil {
				return failed{err}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "ask whether it has feeds to serve, too")
	return cmd
}

func ask(ctx context.Context, scheme, listen, path string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return err
	}
	// The server is this machine's own, and its certificate is for its public name.
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	return nil
}
