#!/bin/sh
# Builds the port and runs the vectors of sigcheck through it. What is given here goes to sigcheck:
#
#     sh test.sh --level core
set -eu
cd "$(dirname "$0")"
{{- with .Build}}
{{.}}
{{- end}}
exec "${SIGCHECK:-sigcheck}" run "$@" -- {{.Command}}
