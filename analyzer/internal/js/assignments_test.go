package js

import (
	"strings"
	"testing"
)

func TestAssignments(t *testing.T) {
	src := `var S={a:1},x=1;function set(e){S.a=e}function toggle(){x=!x}function more(){x+=1;x==2;x=>3;y=4;o.S.a=5;S.b = !0}` +
		`function keep(){x=compute();S.c={}}function name(){S.d="n",x=void 0}let x=6;function spaced(e) { S.e = e }function asked(e) { S.f = e in x }` +
		`function kept(e){S().g=e;o.S().h=e;S(1).i=e;T().j=compute(e);T().k==e}`
	found := Assignments([]byte(src), func(name []byte) bool { return strings.Contains("S x", string(name)) })
	for name, want := range map[string]string{
		"S": "a plain, b plain, c computed, d plain, e plain, f computed, (g plain",
		"T": "(j computed",
		"x": " plain,  plain,  computed,  plain",
	} {
		var got []string
		for _, a := range found[name] {
			sort := "computed"
			if a.Plain {
				sort = "plain"
			}
			if rest := src[a.At:]; !strings.HasPrefix(rest, name) {
				t.Errorf("%s: an assignment at %q", name, rest)
			}
			if a.Called {
				a.Key = "(" + a.Key
			}
			got = append(got, a.Key+" "+sort)
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: got %s, want %s", name, s, want)
		}
	}
	if found["y"] != nil {
		t.Errorf("y is not declared: %v", found["y"])
	}
}
