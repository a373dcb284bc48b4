package schema

import "fmt"

// Programs make many of their tools in one way, and these have members that are the same. A written Document has each
// once, with the first of the tools.

// writtenMembers are tools of which a member that another has before says so.
func writtenMembers(tools []Tool) []Tool {
	first := map[Member]int{}
	out := make([]Tool, len(tools))
	for i, t := range tools {
		list := make([]Member, len(t.Implementation))
		for j, m := range t.Implementation {
			at, known := first[m]
			switch {
			case known && m.Source != "":
				m = Member{Name: m.Name, Like: &at}
			case memberNamed(t.Implementation, m.Name) == &t.Implementation[j]:
				first[m] = i
			}
			list[j] = m
		}
		out[i] = t
		out[i].Implementation = list
	}
	return out
}

// linkMembers puts members in the places of references to them.
func linkMembers(tools []Tool) error {
	for i := range tools {
		for j := range tools[i].Implementation {
			m := &tools[i].Implementation[j]
			if m.Like == nil {
				continue
			}
			if *m.Like < 0 || *m.Like >= i {
				return fmt.Errorf("%s of tool %d is like that of tool %d, which does not stand before it", m.Name, i, *m.Like)
			}
			like := memberNamed(tools[*m.Like].Implementation, m.Name)
			if like == nil {
				return fmt.Errorf("%s of tool %d is like that of tool %d, which has none", m.Name, i, *m.Like)
			}
			*m = *like
		}
	}
	return nil
}

// memberNamed is the first member of a name; nil where there is none.
func memberNamed(list []Member, name string) *Member {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}
