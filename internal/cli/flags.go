package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// OneOf returns the given name, which must be one of the known ones. The error is that of
// [Unknown].
func OneOf[S ~string](kind, given string, known []S) (S, error) {
	if !slices.Contains(known, S(given)) {
		return "", Unknown(kind, given, known)
	}
	return S(given), nil
}

// Complete makes shells complete a flag of the command with the known names.
func Complete[S ~string](cmd *cobra.Command, flag string, known []S) {
	CompleteFunc(cmd, flag, func() []string {
		names := make([]string, len(known))
		for i, name := range known {
			names[i] = string(name)
		}
		return names
	})
}

// CompleteFunc is [Complete] for names that are not known before the flags are read.
func CompleteFunc(cmd *cobra.Command, flag string, names func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, Completion(names))
	if err != nil {
		panic(err) // the program registers a flag that the command does not have
	}
}

// Completion returns the names that start with what was typed, in the form that cobra asks for.
func Completion(names func() []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		var matching []string
		for _, name := range names() {
			if strings.HasPrefix(name, typed) {
				matching = append(matching, name)
			}
		}
		return matching, cobra.ShellCompDirectiveNoFileComp
	}
}

// FlagError returns the error for a flag that could not be read: it names the flag, and says what
// to write.
func FlagError(cmd *cobra.Command, err error) error {
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return unknownFlag(cmd, missing, err)
	}
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	flag := invalid.GetFlag()
	advice := map[string]string{
		"duration": "is not a time: write a number and its unit, for example 10s or 500ms",
		"int":      "is not a whole number",
		"uint64":   "is not a whole number of 0 or more",
		"bool":     "is not a yes or no: write true or false",
	}[flag.Value.Type()]
	if advice == "" {
		return err
	}
	return fmt.Errorf("--%s %q %s", flag.Name, invalid.GetValue(), advice)
}

// unknownFlag suggests the closest flag of the command.
func unknownFlag(cmd *cobra.Command, missing *pflag.NotExistError, err error) error {
	given := missing.GetSpecifiedName()
	if missing.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	text := fmt.Sprintf("unknown flag --%s: ", given)
	if name := closest(given, names); name != "" {
		text += fmt.Sprintf("did you mean --%s? ", name)
	}
	return errors.New(text + "see " + cmd.CommandPath() + " --help")
}
