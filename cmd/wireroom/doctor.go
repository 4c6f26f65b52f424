package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"wireroom/cmd/wireroom/config"
	"wireroom/cmd/wireroom/doctor"
	"wireroom/operate/metrics"
	"wireroom/store"
)

func doctorCommand(a *app) *cobra.Command {
	var asJSON, offline bool
	cmd := &cobra.Command{
		Use: "doctor [SOURCE...]", Short: "Examine config, store, disk, clock, names, ways out and in",
		Long: "Examines the installation and says what to do about what it finds: whether the\n" +
			"config is good, the store opens, takes writes and has no damage, there is room on\n" +
			"the disk, the clock is right, names resolve, sources' hosts can be reached (each is\n" +
			"asked for its robots.txt; at most 20, or those of the sources named), and base_url\n" +
			"leads to this server. It changes nothing and may be used beside a running server.\n" +
			"Exit code 1: something is bad.",
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newPainter(cmd)
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			bad := 0
			tell := func(f doctor.Finding) {
				if f.State == doctor.Bad {
					bad++
				}
				if asJSON {
					_ = enc.Encode(f) // whoever reads went away
					return
				}
				p.finding(f)
			}
			if err := a.examine(cmd.Context(), offline, args, tell); err != nil {
				return err
			}
			if bad > 0 {
				return failed{errors.New("")}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a finding")
	cmd.Flags().BoolVar(&offline, "offline", false, "leave out what leaves this machine")
	return cmd
}

// examine has the doctor look at the config's installation. A config with faults
// is a finding, too, and the last one.
func (a *app) examine(ctx context.Context, offline bool, sources []string, tell func(doctor.Finding)) error {
	c, err := a.config()
	if err != nil {
		tell(doctor.Finding{Check: "config", State: doctor.Bad, Says: err.Error(), Do: "mend it; `wireroom check` tells the same, docs/configuration.md lists the keys"})
		return nil
	}
	if err := known("source", idsOfSources(c.Sources), sources); err != nil {
		return err
	}
	log, err := a.logger(quiet{})
	if err != nil {
		return err
	}
	hc, err := client(c, log)
	if err != nil {
		return err
	}
	defer hc.Close()
	d := doctor.Doctor{
		Config: c, Offline: offline, Only: sources,
		Open: func(ctx context.Context) (store.Store, error) { return a.existingStore(ctx, c) },
		Out:  hc.RoundTripper(), Agent: hc.UserAgent(), Resolver: net.DefaultResolver, Free: freeSpace,
		OpenFiles: func() (float64, bool) { return metrics.OpenFiles("/proc") }, Now: time.Now,
	}
	d.Examine(ctx, tell)
	return nil
}

// existingStore opens the config's store; where there is none yet, it is made, as
// `serve` would.
func (a *app) existingStore(ctx context.Context, c *config.Config) (store.Store, error) {
	log, err := a.logger(quiet{})
	if err != nil {
		return nil, err
	}
	return openStore(ctx, c, log)
}

// quiet takes what is logged beside findings.
type quiet struct{}

func (quiet) Write(b []byte) (int, error) { return len(b), nil }

// finding prints a finding and, below it, what to do.
func (p *painter) finding(f doctor.Finding) {
	colour := map[string]string{doctor.Good: green, doctor.Warning: yellow, doctor.Bad: red, doctor.Skipped: faint}[f.State]
	fmt.Fprintf(p.w, "%s %-10s %s\n", p.paint(colour, fmt.Sprintf("%-8s", f.State)), f.Check, p.fold(f.Says, 20))
	if f.Do != "" {
		fmt.Fprintf(p.w, "%-20s→ %s\n", "", p.fold(f.Do, 22))
	}
}
