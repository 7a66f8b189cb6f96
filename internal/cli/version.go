package cli

import "runtime/debug"

// Version returns the version of this build. The Go command sets it: the tag of a checkout that has
// one, or a pseudo-version with the commit, or (devel) if the build does not look at Git.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
