package main

import (
	"fmt"
	"io"
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
			if len(n) == 1 {
				words = append(words, "-"+n)
			} else {
				words = append(words, "--"+n)
			}
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
		script = text
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
}

// shellCommands are the program, its commands and theirs.
func shellCommands(app *cli.App) []shellCommand {
	var list []shellCommand
	var add func(path string, own []string, commands []*cli.Command)
	add = func(path string, own []string, commands []*cli.Command) {
		var names []string
		var visible []*cli.Command
		for _, c := range commands {
			if !c.Hidden && c.Name != "help" {
				names, visible = append(names, c.Name), append(visible, c)
			}
		}
		list = append(list, shellCommand{path, names, append(slices.Clone(names), own...)})
		for _, c := range visible {
			add(strings.TrimSpace(path+" "+c.Name), shellWords(app, c), c.Subcommands)
		}
	}
	add("", nil, app.VisibleCommands())
	return list
}

// bashCompletion completes commands first, then flags where a dash was typed, and files otherwise.
func bashCompletion(app *cli.App) string {
	var paths, cases strings.Builder
	for _, c := range shellCommands(app) {
		if c.path != "" {
			fmt.Fprintf(&paths, "|%q", c.path)
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
  case $command in
%[3]s  esac
  if [[ $commands == 1 || $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o default -F _%[1]s %[1]s
`, app.Name, strings.TrimPrefix(paths.String(), "|"), cases.String())
}

func powershellCompletion(app *cli.App) string {
	var b strings.Builder
	for _, c := range shellCommands(app) {
		fmt.Fprintf(&b, "    '%s' = @('%s')\n", c.path, strings.Join(c.words, "','"))
	}
	return fmt.Sprintf(`Register-ArgumentCompleter -Native -CommandName %s -ScriptBlock {
  param($word, $line, $at)
  $words = @{
%s  }
  $command = ''
  foreach ($element in $line.CommandElements | Select-Object -Skip 1) {
    $longer = "$command $element".Trim()
    if ($words.ContainsKey($longer)) { $command = $longer }
  }
  $words[$command] | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`, app.Name, b.String())
}
