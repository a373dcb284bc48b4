package eval

import (
	"slices"
	"strconv"
	"testing"
)

func TestTable(t *testing.T) {
	for _, size := range []int{0, 1, searchedTable, searchedTable + 1, 40} {
		var table table[int]
		var want []string
		for i := range size {
			name := "n" + strconv.Itoa(i)
			table.set(name, -1)
			table.set(name, i)
			want = append(want, name)
		}
		copied := table.clone()
		for i, name := range want {
			if table.find(name) != i || table.get(name) != i {
				t.Errorf("of %d: %s is %d at %d", size, name, table.get(name), table.find(name))
			}
		}
		if table.find("m") >= 0 || table.get("m") != 0 {
			t.Errorf("of %d: a name that is not there is found", size)
		}
		for _, e := range table.entries { // each name is seen, although all are taken out
			table.remove(e.name)
			table.set("last", 1)
		}
		if left := table.names(); size > 0 && !slices.Equal(left, []string{"last"}) {
			t.Errorf("of %d: %v are left", size, left)
		}
		if !slices.Equal(copied.names(), want) {
			t.Errorf("of %d: the copy holds %v", size, copied.names())
		}
	}
}
