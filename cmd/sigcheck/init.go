package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/scaffold"
	"sigkit/internal/shell"
	"sigkit/ports"
)

type initOptions struct{ list, complete bool }

func initCommand() *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init LANGUAGE [DIR]",
		Short: "Write a project to start a port from",
		Long: `init writes a project in LANGUAGE into DIR, by default the current folder. It
builds and runs at once: the adapter that speaks the protocol is complete, and
each step of the signing is a function to fill in. With --complete the signing
is there too. No file is overwritten.

Exit codes: 0 written, or listed; 2 wrong usage, or a file exists already.`,
		Example: `  sigcheck init python my-port
  sigcheck init java my-port --complete
  sigcheck init --list`,
		Args: cobra.MaximumNArgs(2),
		ValidArgsFunction: func(
			_ *cobra.Command, args []string, _ string,
		) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveFilterDirs
			}
			return languageNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.run(args, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&o.list, "list", false, "list the languages, and what they need")
	cmd.Flags().BoolVar(&o.complete, "complete", false, "write the whole sample port")
	return cmd
}

func (o initOptions) run(args []string, w io.Writer) error {
	switch {
	case o.list && len(args) > 0:
		return errors.New("--list takes no language")
	case o.list:
		return listLanguages(w)
	case len(args) == 0:
		return fmt.Errorf("LANGUAGE is missing: choose %s", strings.Join(languageNames(), ", "))
	}
	language, err := findLanguage(args[0])
	if err != nil {
		return err
	}
	folder := "."
	if len(args) > 1 {
		folder = args[1]
	}
	files, err := scaffold.Project(language, o.complete)
	if err != nil {
		return err
	}
	if err := scaffold.Write(folder, files); err != nil {
		return err
	}
	next := "sh test.sh"
	if !o.complete {
		next = scaffold.Guide(language)
	}
	fmt.Fprintf(w, "wrote %d files to %s; it needs %s\nnext: cd %s && %s\n",
		len(files), folder, language.Needs, shell.Word(folder), next)
	return nil
}

// findLanguage finds a language by its name or another one, in any case.
func findLanguage(name string) (ports.Language, error) {
	lower := strings.ToLower(name)
	for _, language := range ports.Languages() {
		if lower == strings.ToLower(language.Name) || slices.Contains(language.Aliases, lower) {
			return language, nil
		}
	}
	return ports.Language{}, cli.Unknown("language", name, languageNames())
}

func languageNames() (names []string) {
	for _, language := range ports.Languages() {
		names = append(names, language.Name)
	}
	return names
}

func listLanguages(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, language := range ports.Languages() {
		fmt.Fprintf(table, "%s\t%s\t%s\n",
			language.Name, strings.Join(language.Aliases, ", "), language.Needs)
	}
	return table.Flush()
}
