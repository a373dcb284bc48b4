package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v4"

	"github.com/bundlens/bundlens/internal/regular"
)

// Where flags are set that are not typed: a file, and environment variables of their names.
const (
	configFile   = "bundlens.yaml"
	configEnv    = "BUNDLENS_CONFIG"
	envPrefix    = "BUNDLENS_"
	maxConfigLen = 1 << 20
)

// typedOnly are flags that only count where they are typed: a file that lies in a directory of somebody else must not
// say what is written over.
var typedOnly = []string{"output", "force", "help", "version"}

// configure adds what the environment and the file say of flags that were not typed.
func (a *arranged) configure(app *cli.App, getenv func(string) string) error {
	text, file, err := readConfig(getenv)
	if err != nil {
		return err
	}
	return a.configureBy(app, text, file, getenv)
}

// configureBy does so by the text of the file.
func (a *arranged) configureBy(app *cli.App, text []byte, file string, getenv func(string) string) error {
	config, err := parseConfig(text, file)
	if err != nil {
		return err
	}
	if err := config.check(app, file); err != nil {
		return err
	}
	local := map[string]any{}
	var flags []cli.Flag
	if a.command != nil {
		local, _ = config[strings.Join(a.path, " ")].(map[string]any)
		flags = a.command.Flags
	}
	for _, f := range flags {
		if err := configureFlag(f, &a.local, local, config, file, getenv); err != nil {
			return err
		}
	}
	for _, f := range app.Flags {
		if err := configureFlag(f, &a.global, nil, config, file, getenv); err != nil {
			return err
		}
	}
	return nil
}

// config is what a configuration file says: flags, and below the names of commands theirs.
type config map[string]any

// readConfig reads the file; nil where there is none and none was named.
func readConfig(getenv func(string) string) (text []byte, file string, err error) {
	file, named := configFile, false
	if name := getenv(configEnv); name != "" {
		file, named = name, true
	}
	text, err = regular.Read(context.Background(), file, maxConfigLen)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, file, nil
	}
	return text, file, err
}

func parseConfig(text []byte, file string) (config, error) {
	var c map[string]any // and no config, or the maps in it would be some, too
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// check says what is in the file that is no flag, and no command.
func (c config) check(app *cli.App, file string) error {
	known := map[string][]cli.Flag{}
	all := slices.Clone(app.Flags)
	for _, command := range app.Commands {
		known[command.Name] = command.Flags
		all = append(all, command.Flags...)
		for _, sub := range command.Subcommands {
			known[command.Name+" "+sub.Name] = sub.Flags
			all = append(all, sub.Flags...)
		}
	}
	for key, value := range c {
		section, isSection := value.(map[string]any)
		flags, isCommand := known[key]
		switch {
		case isSection && isCommand:
			for name := range section {
				if err := checkKey(file, key+": "+name, name, slices.Concat(flags, app.Flags)); err != nil {
					return err
				}
			}
		case isSection:
			return fmt.Errorf("%s: there is no command %q", file, key)
		default:
			if err := checkKey(file, key, key, all); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkKey(file, where, name string, flags []cli.Flag) error {
	if flagNamed(flags, name) == nil || len(name) == 1 {
		if near := nearest(name, flagNames(flags)); near != "" {
			return &hintedError{fmt.Sprintf("%s: %s: there is no such flag", file, where), "did you mean " + near + "?"}
		}
		return fmt.Errorf("%s: %s: there is no such flag", file, where)
	}
	if slices.Contains(typedOnly, name) {
		return fmt.Errorf("%s: %s: this has to be typed", file, where)
	}
	return nil
}

// configureFlag adds a flag to the arguments, unless one of its names is among them.
func configureFlag(f cli.Flag, args *[]string, local map[string]any, c config, file string, getenv func(string) string) error {
	name := f.Names()[0]
	if slices.Contains(typedOnly, name) || typed(f, *args) {
		return nil
	}
	variable := envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	if value := getenv(variable); value != "" {
		*args = append(*args, "--"+name+"="+value)
		return checkValue(f, variable, value)
	}
	value, ok := local[name]
	if !ok {
		value, ok = c[name]
	}
	if !ok || value == nil {
		return nil
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	if _, many := f.(*cli.StringSliceFlag); isList && !many {
		return fmt.Errorf("%s: %s: takes one value, not a list", file, name)
	}
	for _, v := range list {
		switch v.(type) {
		case string, bool, int, float64:
			text := fmt.Sprint(v)
			if err := checkValue(f, file+": "+name, text); err != nil {
				return err
			}
			*args = append(*args, "--"+name+"="+text)
		default:
			return fmt.Errorf("%s: %s: takes a text, a number, or yes or no", file, name)
		}
	}
	return nil
}

// checkValue says what a flag takes in place of a value, and where that stands: the cli package would only say that it can't be
// parsed.
func checkValue(f cli.Flag, where, value string) (err error) {
	takes := ""
	switch f.(type) {
	case *cli.BoolFlag:
		takes = "true or false"
		_, err = strconv.ParseBool(value)
	case *cli.IntFlag:
		takes = "a whole number"
		_, err = strconv.Atoi(value)
	case *cli.DurationFlag:
		takes = "a time such as 30s"
		_, err = time.ParseDuration(value)
	}
	if err != nil {
		return fmt.Errorf("%s: takes %s, not %q", where, takes, value)
	}
	return nil
}

// typed tells whether a flag is among arguments.
func typed(f cli.Flag, args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return strings.HasPrefix(arg, "-") && slices.Contains(f.Names(), name)
	})
}
