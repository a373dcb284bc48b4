package schema

import (
	"cmp"
	"slices"
)

// pair makes a node of each run of parts that stands in several lists, or several times in one.
func (s *sharer) pair() {
	lists := make([][]int, len(s.nodes))
	for i := range s.nodes {
		lists[i] = s.nodes[i].list
	}
	pair(lists, func(p [2]int) int { return s.node("run"+numbers(p[:]), shared{list: p[:]}) })
	for i := range lists {
		s.nodes[i].list = lists[i]
	}
}

// pair puts a node in the place of each pair of neighbours that is in the lists more than once, the most frequent first,
// until no pair is. It is the compression by pairs of Larsson and Moffat ("Off-line dictionary-based compression"). make
// makes a node that was not there before.
func pair(lists [][]int, make func(p [2]int) int) {
	for {
		taken := frequentPairs(lists)
		if len(taken) == 0 {
			return
		}
		nodes := map[[2]int]int{}
		for _, p := range taken {
			nodes[p] = make(p)
		}
		for i := range lists {
			lists[i] = replaced(lists[i], nodes)
		}
	}
}

// frequentPairs are pairs of neighbours that stand in several places and do not overlap. All are at least half as
// frequent as the most frequent one.
func frequentPairs(lists [][]int) (taken [][2]int) {
	counts, seen := map[[2]int]int{}, map[int]int{}
	for _, list := range lists {
		for _, id := range list {
			seen[id]++
		}
	}
	for _, list := range lists {
		for j := 0; j+1 < len(list); j++ {
			p := [2]int{list[j], list[j+1]}
			if seen[p[0]] < 2 || seen[p[1]] < 2 {
				continue
			}
			counts[p]++
			if p[0] == p[1] && j+2 < len(list) && list[j+2] == p[0] {
				j++ // three of one kind have one pair
			}
		}
	}
	var pairs [][2]int
	most := 0
	for p, n := range counts {
		if n > 1 {
			pairs = append(pairs, p)
			most = max(most, n)
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int) int {
		return cmp.Or(counts[b]-counts[a], a[0]-b[0], a[1]-b[1])
	})
	first, second := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if 2*counts[p] < most {
			break
		}
		if !first[p[1]] && !second[p[0]] {
			taken = append(taken, p)
			first[p[0]], second[p[1]] = true, true
		}
	}
	return taken
}

// replaced is a list with nodes in the places of pairs.
func replaced(list []int, nodes map[[2]int]int) []int {
	out, kept := []int(nil), 0 // what of the list is in out
	for j := 0; j+1 < len(list); j++ {
		if node, ok := nodes[[2]int{list[j], list[j+1]}]; ok {
			if out == nil {
				out = make([]int, 0, len(list)-1)
			}
			out = append(append(out, list[kept:j]...), node)
			j++
			kept = j + 1
		}
	}
	if out == nil {
		return list
	}
	return append(out, list[kept:]...)
}
