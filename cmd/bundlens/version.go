package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// versionCommand prints which version of the program this is.
func versionCommand() *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "print the version",
		Description: "Examples:\n  bundlens version\n  bundlens --version",
		Action:      printVersion,
	}
}

func printVersion(c *cli.Context) error {
	commit := ""
	if text := commitOf(); text != "" {
		commit = " (commit " + text + ")"
	}
	_, err := fmt.Fprintf(c.App.Writer, "bundlens %s%s %s %s/%s\n", version(), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// A release is linked with its version and commit, as `go build` does not find them in each checkout.
var linkedVersion, linkedCommit string

// version is the module's version.
func version() string {
	if linkedVersion != "" {
		return linkedVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// commitOf is the commit that the program was built from, where it was built in its repository.
func commitOf() string {
	if linkedCommit != "" {
		return linkedCommit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + modified
}
