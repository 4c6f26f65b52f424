package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the manual pages into a folder", Args: cobra.ExactArgs(1),
		Long:   "Writes one page of manual a command, wireroom.1 and on, into a folder such as /usr/local/share/man/man1.",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writeManual(cmd.Root(), args[0])
		},
	}
}

func writeManual(cmd *cobra.Command, dir string) error {
	name := pageName(cmd) + ".1"
	if err := os.WriteFile(filepath.Join(dir, name), manual(cmd), 0o644); err != nil {
		return err
	}
	for _, c := range cmd.Commands() {
		if !hasPage(c) {
			continue
		}
		if err := writeManual(c, dir); err != nil {
			return err
		}
	}
	return nil
}

// hasPage tells the commands that have pages of their own.
func hasPage(c *cobra.Command) bool {
	return c.IsAvailableCommand() && !c.IsAdditionalHelpTopicCommand()
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual is a command's page, in the macros of man(7). It has no date: it is the
// same whenever it is built.
func manual(c *cobra.Command) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"Wireroom %s\" \"Wireroom\"\n", strings.ToUpper(roff(pageName(c))), roff(version()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n%s\n", roff(c.CommandPath()), roff(strings.TrimPrefix(c.UseLine(), c.CommandPath())))
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	b.WriteString(".SH DESCRIPTION\n")
	paragraphs(&b, text)
	options(&b, "OPTIONS", c.NonInheritedFlags())
	options(&b, "OPTIONS OF ALL COMMANDS", c.InheritedFlags())
	if c.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	if !c.HasParent() {
		b.WriteString(".SH EXIT STATUS\n0: done. 1: done with failures, each named. 2: wrong usage or config, nothing was started.\n")
		b.WriteString(".SH ENVIRONMENT\n.TP\n.B WIREROOM_CONFIG\nThe config file.\n.TP\n.B NO_COLOR\nNo colours, if set.\n.TP\n.B OTEL_EXPORTER_OTLP_ENDPOINT\nWhere traces are sent, and further variables of OpenTelemetry.\n")
	}
	var see []string
	if c.HasParent() {
		see = append(see, ".BR "+roff(pageName(c.Parent()))+" (1)")
	}
	for _, d := range c.Commands() {
		if hasPage(d) {
			see = append(see, ".BR "+roff(pageName(d))+" (1)")
		}
	}
	if len(see) > 0 {
		b.WriteString(".SH SEE ALSO\n" + strings.Join(see, ",\n") + "\n")
	}
	return b.Bytes()
}

func paragraphs(b *bytes.Buffer, text string) {
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		b.WriteString(roff(p) + "\n")
	}
}

func options(b *bytes.Buffer, title string, flags *pflag.FlagSet) {
	begun := false
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if !begun {
			begun = true
			b.WriteString(".SH " + title + "\n")
		}
		kind, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		fmt.Fprintf(b, ".TP\n.B %s\n", roff(strings.TrimSpace(name+" "+kind)))
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			usage += " (default " + f.DefValue + ")"
		}
		b.WriteString(roff(usage) + "\n")
	})
}

// roff escapes what troff would obey.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
