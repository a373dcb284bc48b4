package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/urfave/cli/v2"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema/export"
)

// completionCommand prints what a shell needs to complete command lines.
func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print the completion for a shell",
		ArgsUsage: "bash|zsh|fish|powershell",
		Description: "It completes commands, flags and their values, packages that were fetched before, and the names of tools of an input\n" +
			"that was analysed before. The script asks the program, which analyses and fetches nothing for it.\n\n" +
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

// The scripts give the program the words up to the cursor, and behind them the flag that the cli package has for this.
// It prints what may stand in the place of the last word: a line each, with a tab before what it means.
var completionScripts = map[string]string{
	"bash": `_%[1]s() {
  local IFS=$' \t' line=${COMP_LINE:0:COMP_POINT} before
  local -a words=($line)
  [[ $line == *[[:space:]] ]] && words+=("")
  local current=${words[${#words[@]}-1]}
  before=${current%%"${current##*[:=]}"} # bash takes these for the ends of words
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    [[ $word == "$current"* ]] && COMPREPLY+=("${word#"$before"}")
  done < <("${words[0]}" "${words[@]:1}" %[2]s 2>/dev/null)
}
complete -o default -F _%[1]s %[1]s
`,
	"zsh": `#compdef %[1]s
_%[1]s() {
  local line word
  local -a found
  for line in "${(@f)$("${(Q)words[1]}" "${(@Q)words[2,CURRENT-1]}" "${(Q)words[CURRENT]}" %[2]s 2>/dev/null)}"; do
    word=${line%%$'\t'*}
    [[ -n $word ]] && found+=("${word//:/\\:}:${line#*$'\t'}")
  done
  if (( ${#found} )); then _describe -V %[1]s found; else _files; fi
}
if [[ $funcstack[1] == _%[1]s ]]; then _%[1]s; else compdef _%[1]s %[1]s; fi # the first where the file was loaded to complete
`,
	"fish": `function __%[1]s_complete
  set -l found (%[1]s (commandline -opc)[2..-1] (commandline -ct) %[2]s 2>/dev/null)
  if set -q found[1]
    printf '%%s\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c %[1]s -f -a '(__%[1]s_complete)'
`,
	"powershell": `Register-ArgumentCompleter -Native -CommandName %[1]s -ScriptBlock {
  param($word, $line, $at)
  $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $at } | ForEach-Object { "$_" })
  & %[1]s @words "$word" %[2]s 2>$null | ForEach-Object {
    $name, $usage = $_ -split "` + "`" + `t", 2
    if ($name -like "$word*") { [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $(if ($usage) { $usage } else { $name })) }
  }
}
`,
}

func writeCompletion(w io.Writer, app *cli.App, shell string) error {
	script, ok := completionScripts[shell]
	if !ok {
		return usageError(fmt.Sprintf("completion knows bash, zsh, fish and powershell, not %q", shell), "completion")
	}
	_, err := fmt.Fprintf(w, script, app.Name, completionFlag())
	return err
}

// completionFlag is what the cli package calls the flag by which a shell asks.
func completionFlag() string { return dashed(cli.BashCompletionFlag.Names()[0]) }

// candidate is a word that may come next, and what it means.
type candidate struct{ word, usage string }

// complete prints what may stand in the place of the last of some words.
func complete(app *cli.App, words []string) error {
	if len(words) == 0 {
		words = []string{""}
	}
	last := len(words) - 1
	for _, c := range candidates(app, words[:last], words[last]) {
		if strings.HasPrefix(c.word, words[last]) {
			if _, err := fmt.Fprintf(app.Writer, "%s\t%s\n", c.word, c.usage); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidates are the words that may follow some others; none where a file may.
func candidates(app *cli.App, before []string, word string) (list []candidate) {
	line, _ := arrange(app, before) // that a flag has no value yet is no error here
	if f := line.open(app, before); f != nil {
		return line.values(f)
	}
	if strings.HasPrefix(word, "-") && !slices.Contains(before, "--") {
		return line.flags(app)
	}
	if line.mayBeCommand() {
		commands := app.VisibleCommands()
		if line.command != nil {
			commands = line.command.Subcommands
		}
		for _, c := range commands {
			if !c.Hidden {
				list = append(list, candidate{c.Name, c.Usage})
			}
		}
		return list
	}
	return line.arguments(word)
}

// open is the flag that waits for its value after the words; nil for none.
func (a *arranged) open(app *cli.App, words []string) cli.Flag {
	if len(words) == 0 || slices.Contains(words, "--") {
		return nil
	}
	last := words[len(words)-1]
	if len(last) < 2 || last[0] != '-' || strings.Contains(last, "=") {
		return nil
	}
	f := a.find(app, strings.TrimLeft(last, "-"))
	if _, isBool := f.(*cli.BoolFlag); f == nil || isBool {
		return nil
	}
	return f
}

// flags are those of the command and of the program.
func (a *arranged) flags(app *cli.App) (list []candidate) {
	flags := app.Flags
	if a.command != nil {
		flags = slices.Concat(a.command.Flags, app.Flags)
	}
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		for _, n := range f.Names() {
			c := candidate{word: dashed(n)}
			if ok {
				c.usage = strings.ReplaceAll(doc.GetUsage(), "`", "")
			}
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(x, y candidate) int { return strings.Compare(x.word, y.word) })
	return slices.CompactFunc(list, func(x, y candidate) bool { return x.word == y.word })
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// alternatives are words to choose one from, as usages list them: one|two.
var alternatives = lazyregexp.New(`^[a-z0-9.-]+(?:\|[a-z0-9.-]+)+$`)

// values are those that a flag may have: those that its usage lists, or names of tools.
func (a *arranged) values(f cli.Flag) (list []candidate) {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return nil
	}
	parts := strings.Split(doc.GetUsage(), "`")
	if len(parts) > 1 && alternatives.Get().MatchString(parts[1]) {
		return words(strings.Split(parts[1], "|"))
	}
	switch f.Names()[0] {
	case "to":
		for _, format := range export.Formats {
			list = append(list, candidate{format.Name, format.Doc})
		}
		return list
	case "facts":
		return words(append(factNames(), "all"))
	case "only", "tool", "with", "without":
		if len(a.rest) > 0 {
			return toolsOf(a.rest[0])
		}
	}
	return nil
}

func words(names []string) (list []candidate) {
	for _, n := range names {
		list = append(list, candidate{word: n})
	}
	return list
}

// arguments are those that may follow what was typed.
func (a *arranged) arguments(word string) []candidate {
	switch usage := a.command.ArgsUsage; {
	case alternatives.Get().MatchString(usage):
		return words(strings.Split(usage, "|"))
	case len(a.rest) > 0 && strings.HasPrefix(usage, "INPUT ") && strings.Contains(usage, "NAME"):
		return toolsOf(a.rest[0])
	case word != "" && (strings.HasPrefix(word, "npm:") || strings.HasPrefix("npm:", word)):
		return fetched()
	}
	return nil
}

// toolsOf are the tools of a directory that analyze wrote, or of an input whose analysis is in the cache.
func toolsOf(input string) (list []candidate) {
	dir := input
	entries, _ := openCache(true).list()
	if i := slices.IndexFunc(entries, func(e *entry) bool { return e.Input == input }); i >= 0 {
		dir = entries[i].report()
	}
	data, err := regular.Read(context.Background(), filepath.Join(dir, "tool-schemas.json"), maxFile)
	if err != nil {
		return nil
	}
	for _, name := range gjson.GetBytes(data, "#.name").Array() {
		list = append(list, candidate{word: name.String()})
	}
	return list
}

// fetched are the packages in the cache, as inputs.
func fetched() (list []candidate) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	dirs, _ := os.ReadDir(filepath.Join(cache, "bundlens", "npm"))
	for _, d := range dirs {
		name, err := url.PathUnescape(d.Name())
		if err == nil && !strings.HasSuffix(name, "+dependencies") && strings.LastIndex(name, "@") > 0 {
			list = append(list, candidate{word: "npm:" + name})
		}
	}
	return list
}
