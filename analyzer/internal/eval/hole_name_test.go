package eval

import "testing"

func TestHoleName(t *testing.T) {
	for expr, want := range map[string]string{
		"argument":               "ARGUMENT",
		"argument2.planFilePath": "PLAN_FILE_PATH",
		"process.env.HERON_HOME": "HERON_HOME",
		"argument.title.trim()":  "TITLE",
		`argument.title.replace(/[/\\]+$/, "").slice(0, 3)`:   "TITLE",
		"Math.round(argument.totalMs / 1000)":                 "TOTAL_MS",
		"((argument.bytes / 1024) / 1024).toFixed(1)":         "BYTES",
		`path.join(os.homedir(), ".heron")`:                   "PATH",
		"os.homedir()":                                        "HOMEDIR",
		"argument2.actions.length":                            "ACTIONS_LENGTH",
		"argument.length":                                     "LENGTH",
		`argument[]["0"]`:                                     "ARGUMENT",
		`argument["name"]`:                                    "NAME",
		"map.get(argument.displayId)":                         "DISPLAY_ID",
		"{...}[argument.kind]":                                "KIND",
		"undefined | argument.style":                          "STYLE",
		"(new Date(...)).toISOString()":                       "DATE",
		"new Date(...)":                                       "DATE",
		"(new Intl.NumberFormat(...)).format(argument.total)": "TOTAL",
		`flag("limit", 20)`:                                   "FLAG",
		`"0123456789abcdef"[crypto.randomBytes(8)["0"] % 16]`: "RANDOM_BYTES",
		"exec(argument.message)[\"1\"]":                       "MESSAGE",
		"":                                                    "VALUE",
		"...":                                                 "VALUE",
		"[1, 2":                                               "VALUE",
		"(":                                                   "VALUE",
		"a/b":                                                 "B",
	} {
		if got := HoleName(expr); got != want {
			t.Errorf("%s is called %s, not %s", expr, got, want)
		}
	}
}
