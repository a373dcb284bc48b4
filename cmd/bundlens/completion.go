package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completionCommand prints what a shell needs to complete the program's commands and flags.
func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion for a shell",
		ArgsUsage: "bash|zsh|fish|powershell",
		Description: "The script is complete by itself: it does not run the program.\n\n" +
			"Examples:\n" +
			"  bundlens completion bash > /etc/bash_completion.d/bundlens\n" +
			"  bundlens completion zsh > \"${fpath[1]}/_bundlens\"\n" +
			"  bundlens completion fish > ~/.config/fish/completions/bundlens.fish\n" +
			"  bundlens completion powershell >> $PROFILE",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError("completion takes the name of one shell", "completion")
			}
			return writeCompletion(c.App.Writer, c.App, c.Args().First())
		},
	}
}

// shellWords are the words that may follow a command: its flags and those of the program.
func shellWords(app *cli.App, c *cli.Command) []string {
	var words []string
	for _, f := range append(slices.Clone(c.Flags), app.Flags...) {
		for _, n := range f.Names() {
			words = append(words, dashed(n))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func writeCompletion(w io.Writer, app *cli.App, shell string) error {
	var script string
	switch shell {
	case "bash":
		script = bashCompletion(app)
	case "zsh":
		script = "#compdef " + app.Name + "\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(app)
	case "fish":
		text, err := app.ToFishCompletion()
		if err != nil {
			return err
		}
		script = text + fishValues(app)
	case "powershell":
		script = powershellCompletion(app)
	default:
		return usageError(fmt.Sprintf("completion knows bash, zsh, fish and powershell, not %q", shell), "completion")
	}
	_, err := io.WriteString(w, script)
	return err
}

// shellCommand is a command as a shell completes it.
type shellCommand struct {
	path     string   // the words that name it, with spaces between; "" is the program
	commands []string // that may follow it
	words    []string // that may follow it, the commands among them
	values   []flagValue
}

// shellCommands are the program, its commands and theirs.
func shellCommands(app *cli.App) []shellCommand {
	var list []shellCommand
	var add func(path string, own []string, flags []cli.Flag, commands []*cli.Command)
	add = func(path string, own []string, flags []cli.Flag, commands []*cli.Command) {
		var names []string
		var visible []*cli.Command
		for _, c := range commands {
			if !c.Hidden && c.Name != "help" {
				names, visible = append(names, c.Name), append(visible, c)
			}
		}
		list = append(list, shellCommand{path, names, append(slices.Clone(names), own...), flagValues(flags)})
		for _, c := range visible {
			add(strings.TrimSpace(path+" "+c.Name), shellWords(app, c), slices.Concat(c.Flags, app.Flags), c.Subcommands)
		}
	}
	add("", nil, app.Flags, app.VisibleCommands())
	return list
}

// flagValue is a flag as it is typed, and the values that it may have.
type flagValue struct {
	flag   string
	values []string
}

// flagValues are the flags whose usage names all their values: `ONE|TWO`.
func flagValues(flags []cli.Flag) (list []flagValue) {
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		if found := placeholder.FindStringSubmatch(doc.GetUsage()); found != nil {
			for _, n := range f.Names() {
				list = append(list, flagValue{dashed(n), strings.Split(found[1], "|")})
			}
		}
	}
	return list
}

// placeholder is what stands for the value in a flag's usage, if it lists words.
var placeholder = regexp.MustCompile("`([a-z0-9.-]+(?:\\|[a-z0-9.-]+)+)`")

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// fishValues adds the values of flags to the script of the cli package, which knows only the flags.
func fishValues(app *cli.App) string {
	var b strings.Builder
	for _, c := range shellCommands(app) {
		words := strings.Fields(c.path)
		for _, v := range c.values {
			condition := ""
			if len(words) > 0 {
				condition = fmt.Sprintf(" -n '__fish_seen_subcommand_from %s'", words[len(words)-1])
			}
			option := "-s " + strings.TrimPrefix(v.flag, "-")
			if long, ok := strings.CutPrefix(v.flag, "--"); ok {
				option = "-l " + long
			}
			fmt.Fprintf(&b, "complete -c %s%s %s -x -a '%s'\n", app.Name, condition, option, strings.Join(v.values, " "))
		}
	}
	return b.String()
}

// bashCompletion completes commands first, then flags where a dash was typed, and files otherwise.
func bashCompletion(app *cli.App) string {
	var paths, cases, valued strings.Builder
	for _, c := range shellCommands(app) {
		if c.path != "" {
			fmt.Fprintf(&paths, "|%q", c.path)
		}
		for _, v := range c.values {
			fmt.Fprintf(&valued, "    %q) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", c.path+" "+v.flag, strings.Join(v.values, " "))
		}
		commands := 0
		if len(c.commands) > 0 {
			commands = 1
		}
		fmt.Fprintf(&cases, "    %q) words=%q commands=%d ;;\n", c.path, strings.Join(c.words, " "), commands)
	}
	return fmt.Sprintf(`_%[1]s() {
  local cur=${COMP_WORDS[COMP_CWORD]} command= word words commands=0
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case ${command:+$command }$word in
      %[2]s) command=${command:+$command }$word ;;
    esac
  done
  case "$command ${COMP_WORDS[COMP_CWORD-1]}" in
%[4]s  esac
  case $command in
%[3]s  esac
  if [[ $commands == 1 || $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o default -F _%[1]s %[1]s
`, app.Name, strings.TrimPrefix(paths.String(), "|"), cases.String(), valued.String())
}

func powershellCompletion(app *cli.App) string {
	var b, valued strings.Builder
	for _, c := range shellCommands(app) {
		fmt.Fprintf(&b, "    '%s' = @('%s')\n", c.path, strings.Join(c.words, "','"))
		for _, v := range c.values {
			fmt.Fprintf(&valued, "    '%s %s' = @('%s')\n", c.path, v.flag, strings.Join(v.values, "','"))
		}
	}
	return fmt.Sprintf(`Register-ArgumentCompleter -Native -CommandName %s -ScriptBlock {
  param($word, $line, $at)
  $words = @{
%s  }
  $values = @{
%s  }
  $command = ''
  $before = ''
  foreach ($element in $line.CommandElements | Select-Object -Skip 1) {
    $longer = "$command $element".Trim()
    if ($words.ContainsKey($longer)) { $command = $longer }
    if ($element.Extent.EndOffset -lt $at) { $before = "$element" }
  }
  $choices = $words[$command]
  if ($values.ContainsKey("$command $before")) { $choices = $values["$command $before"] }
  $choices | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`, app.Name, b.String(), valued.String())
}
