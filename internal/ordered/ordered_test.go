package ordered

import (
	"testing"
)

func TestKeyOrder(t *testing.T) {
	m := New("b", 1.0, "10", 2.0, "a", 3.0, "2", 4.0, "01", 5.0, "-1", 6.0)
	m.Set("b", 7.0)
	m.Delete("10")
	m.Set("1", 8.0)
	if got := String(m); got != `{"1":8,"2":4,"b":7,"a":3,"01":5,"-1":6}` {
		t.Error(got)
	}
}

func TestMarshal(t *testing.T) {
	tests := map[string]any{
		`"<a> & \u001f\n\"\\ é\b"`: "<a> & \x1f\n\"\\ é\b",
		`1e+21`:                    1e21,
		`100000000000000000000`:    1e20,
		`1e-7`:                     1e-7,
		`0.000001`:                 1e-6,
		`-1.5`:                     -1.5,
		`null`:                     nil,
		`[true,{}]`:                []any{true, &Map{}},
	}
	for want, v := range tests {
		if got := String(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParse(t *testing.T) {
	const text = `{"b":[1,"x",null,{"z":true,"y":false}],"a":{}}`
	v, err := Parse([]byte(text))
	if err != nil || String(v) != text {
		t.Errorf("%s, %v", String(v), err)
	}
	for _, bad := range []string{``, `{`, `{"a":1} 2`, `[1,]`} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestEqual(t *testing.T) {
	a, b := New("x", 1.0, "y", []any{"q"}), New("y", []any{"q"}, "x", 1.0)
	if !Equal(a, b) || Identical(a, b) {
		t.Error("the order of keys is what tells them apart")
	}
	if Equal(a, New("x", 1.0)) || Equal([]any{1.0}, 1.0) || Equal(1.0, []any{1.0}) {
		t.Error("different values are equal")
	}
}
