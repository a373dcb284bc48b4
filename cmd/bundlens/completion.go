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

// bashCompletion completes commands first, then flags where a dash was typed, and files otherwise.
func bashCompletion(app *cli.App) string {
	var b strings.Builder
	var names []string
	for _, c := range app.VisibleCommands() {
		names = append(names, c.Name)
	}
	fmt.Fprintf(&b, `_%[1]s() {
  local cur=${COMP_WORDS[COMP_CWORD]} command= word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  local words
  case $command in
    "") words=%[2]q ;;
`, app.Name, strings.Join(names, " "))
	for _, c := range app.VisibleCommands() {
		fmt.Fprintf(&b, "    %s) words=%q ;;\n", strings.Join(c.Names(), "|"), strings.Join(shellWords(app, c), " "))
	}
	fmt.Fprintf(&b, `  esac
  if [[ -z $command || $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o default -F _%[1]s %[1]s
`, app.Name)
	return b.String()
}

func powershellCompletion(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Register-ArgumentCompleter -Native -CommandName %s -ScriptBlock {\n  param($word, $line, $at)\n  $words = @{\n", app.Name)
	var names []string
	for _, c := range app.VisibleCommands() {
		names = append(names, "'"+c.Name+"'")
		fmt.Fprintf(&b, "    '%s' = @('%s')\n", c.Name, strings.Join(shellWords(app, c), "','"))
	}
	fmt.Fprintf(&b, `    '' = @(%s)
  }
  $command = [string]($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" } | Where-Object { $words.ContainsKey($_) } | Select-Object -First 1)
  $words[$command] | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`, strings.Join(names, ", "))
	return b.String()
}
