package main

import (
	"crypto/rand"
	"fmt"

	"github.com/spf13/cobra"

	"wireroom/server/token"
)

func tokenCommand() *cobra.Command {
	return &cobra.Command{
		Use: "token", Short: "Make a token for a private feed", Args: cobra.NoArgs,
		Long: "Prints a new token and its hash. The token goes to the reader: as ?token=… in the feed's\n" +
			"address, as a bearer token, or as the password of a user. The hash goes into the config:\n" +
			"under tokens or users of a feed. The token itself is stored nowhere.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			word, hash, err := token.New(rand.Reader)
			if err != nil {
				return failed{err}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "token  %s\nhash   %s\n", word, hash)
			return nil
		},
	}
}
