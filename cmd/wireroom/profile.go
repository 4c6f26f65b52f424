package main

import (
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profileFlag lets the bench see where a command's time goes. It is hidden: it
// changes nothing that the program does.
func profileFlag(root *cobra.Command) {
	var file string
	var out *os.File
	root.PersistentFlags().StringVar(&file, "cpu-profile", "", "write a CPU profile to this file")
	if err := root.PersistentFlags().MarkHidden("cpu-profile"); err != nil {
		panic(err) // there is no such flag: a slip in the line above
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) (err error) {
		if file == "" {
			return nil
		}
		if out, err = os.Create(file); err != nil {
			return fmt.Errorf("--cpu-profile: %w", err)
		}
		return pprof.StartCPUProfile(out)
	}
	root.PersistentPostRunE = func(*cobra.Command, []string) error {
		if out == nil {
			return nil
		}
		pprof.StopCPUProfile()
		return out.Close()
	}
}
