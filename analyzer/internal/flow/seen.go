package flow

import "github.com/bundlens/bundlens/analyzer/internal/js"

// seenItems is a set of items. Paths are few, and stand in it by their numbers.
type seenItems struct {
	items map[seenItem]struct{}
	paths map[string]uint32
}

type seenItem struct {
	node js.Node
	ctx  *Frame
	path uint32
	tag  Tag
}

func newSeenItems() seenItems {
	return seenItems{items: map[seenItem]struct{}{}, paths: map[string]uint32{}}
}

// add adds an item, and tells whether it was not there yet.
func (s *seenItems) add(it item) bool {
	path, ok := s.paths[it.path]
	if !ok {
		path = uint32(len(s.paths))
		s.paths[it.path] = path
	}
	before := len(s.items)
	s.items[seenItem{it.node, it.ctx, path, it.tag}] = struct{}{}
	return len(s.items) > before
}
