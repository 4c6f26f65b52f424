// Command wireroom reads many news sources, turns each item into one rich
// article record and publishes combined Atom, RSS and JSON feeds.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the image has no zone files

	"github.com/spf13/cobra"
)

// Exit codes: 0 done; 1 done with failures, each named; 2 wrong usage or config,
// nothing was started.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// failed is an error after which the work was done as far as it went.
type failed struct{ error }

func (f failed) Unwrap() error { return f.error }

// cores are this process's; nil where nothing decides on them.
var cores *processors

func main() {
	cores = ownProcessors()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; tests start it as the user does.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var f failed
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f):
		if f.Error() != "" {
			fmt.Fprintln(errs, "wireroom:", f.Error())
		}
		return exitFailed
	}
	msg := err.Error()
	if strings.Contains(msg, "\n") {
		msg = strings.ReplaceAll(msg, "\n", "\nwireroom: ")
	}
	fmt.Fprintln(errs, "wireroom:", msg)
	return exitUsage
}

// command is the tree of commands.
func command() *cobra.Command {
	a := &app{getenv: os.LookupEnv}
	root := &cobra.Command{
		Use:           "wireroom",
		Short:         "Many news sources in, one set of clean feeds out",
		Long:          "Wireroom polls news sources, turns each item into one article record,\nand publishes combined Atom, RSS and JSON feeds.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&a.path, "config", "", "config file (default $WIREROOM_CONFIG or wireroom.yaml)")
	root.PersistentFlags().StringVar(&a.logLevel, "log-level", "info", "debug, info, warn or error")
	root.PersistentFlags().StringVar(&a.logFormat, "log-format", "text", "text or json")
	profileFlag(root)
	root.AddCommand(
		serveCommand(a), elsewhere(refreshCommand(a), remoteRefresh), tryCommand(a), extractCommand(a),
		addCommand(a), importCommand(a), exportCommand(a),
		elsewhere(sourcesCommand(a), remoteSources), elsewhere(feedsCommand(a), remoteFeeds), elsewhere(articleCommand(a), remoteArticle), storyCommand(a),
		checkCommand(a), storeCommand(a), healthcheckCommand(a), versionCommand(),
		hubCommand(a), tokenCommand(), passwordCommand(),
		doctorCommand(a), manCommand(),
	)
	completeFlags(root)
	return root
}
