package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"wireroom/server/token"
)

func tokenCommand() *cobra.Command {
	return &cobra.Command{
		Use: "token", Short: "Make a token for a private feed, the API or the desk", Args: cobra.NoArgs,
		Long: "Prints a new token and its hash. The token goes to the reader: as ?token=… in the feed's\n" +
			"address, as a bearer token, or as the password of a user. The hash goes into the config:\n" +
			"under tokens or users of a feed, or under api or desk. The token itself is stored nowhere.",
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

func passwordCommand() *cobra.Command {
	return &cobra.Command{
		Use: "password", Short: "Make the hash of a password for the desk", Args: cobra.NoArgs,
		Long: "Asks for a password, or reads it from standard input, and prints its hash for\n" +
			"desk.password_hash. The password itself is stored nowhere.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			word, err := readPassword(cmd)
			if err != nil {
				return err
			}
			if utf8.RuneCountInString(word) < shortest {
				return fmt.Errorf("the password is too short: expected at least %d characters", shortest)
			}
			hash, err := token.HashPassword(rand.Reader, word)
			if err != nil {
				return failed{err}
			}
			fmt.Fprintln(cmd.OutOrStdout(), hash)
			return nil
		},
	}
}

// shortest is the least length of a password.
const shortest = 8

// readPassword asks on a terminal without showing what is typed; elsewhere it
// reads a line.
func readPassword(cmd *cobra.Command) (string, error) {
	if in, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(cmd.ErrOrStderr(), "Password: ")
		word, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(word), err
	}
	line, err := bufio.NewReader(io.LimitReader(cmd.InOrStdin(), 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
