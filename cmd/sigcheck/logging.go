package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
)

// logging are the flags of all commands that say what is logged, on standard error.
type logging struct {
	level  string
	format string
}

var (
	logLevels    = []string{"debug", "info", "warning", "error"}
	logFormats   = []string{"text", "json"}
	slogOfLevels = map[string]slog.Level{
		"debug":   slog.LevelDebug,
		"info":    slog.LevelInfo,
		"warning": slog.LevelWarn,
		"error":   slog.LevelError,
	}
)

func (l *logging) flags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&l.level, "log-level", "warning",
		"log from this `LEVEL` on: debug, info, warning or error")
	f.StringVar(&l.format, "log-format", "text", "log in this `FORMAT`: text or json")
	cli.Complete(root, "log-level", logLevels)
	cli.Complete(root, "log-format", logFormats)
}

// logger makes the logger of a command by the flags of the root.
func logger(cmd *cobra.Command) (*slog.Logger, error) {
	level, err := cli.OneOf("--log-level", cmd.Flag("log-level").Value.String(), logLevels)
	if err != nil {
		return nil, err
	}
	format, err := cli.OneOf("--log-format", cmd.Flag("log-format").Value.String(), logFormats)
	if err != nil {
		return nil, err
	}
	options := &slog.HandlerOptions{Level: slogOfLevels[level]}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), options)), nil
	}
	return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), options)), nil
}
