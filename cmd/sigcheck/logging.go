package main

import (
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"
)

// logging are the flags of all commands that say what is logged, on standard error.
type logging struct {
	level  string
	format string
}

func (l *logging) flags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&l.level, "log-level", "warning", "log from this level on: debug, info, warning or error")
	f.StringVar(&l.format, "log-format", "text", "write the log as text or json")
}

var logLevels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warning": slog.LevelWarn, "error": slog.LevelError}

// logger makes the logger of a command by the flags of the root.
func logger(cmd *cobra.Command) (*slog.Logger, error) {
	level, format := cmd.Flag("log-level").Value.String(), cmd.Flag("log-format").Value.String()
	from, ok := logLevels[level]
	if !ok {
		return nil, fmt.Errorf("--log-level %q is unknown: choose debug, info, warning or error", level)
	}
	options := &slog.HandlerOptions{Level: from}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), options)), nil
	}
	return nil, fmt.Errorf("--log-format %q is unknown: choose text or json", format)
}
