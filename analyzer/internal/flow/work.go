package flow

import "github.com/bundlens/bundlens/analyzer/internal/js"

// work is what a trace follows: items, each of them once.
type work struct {
	chunks [][]noted  // all items, in the order in which they were added
	levels [][]uint32 // their numbers, by how many of the steps that Reach bounds led to them
	count  uint32
	slots  []uint32 // a hash table of the numbers, each with one more; 0 is an empty slot
	paths  []string
	known  map[string]pathID // each path that was wanted; its number, if it leads anywhere
	added  map[Tag]int
}

// noted is an item with the number of its path: there are few paths.
type noted struct {
	node   js.Node
	ctx    *Frame
	within *List
	path   uint32
	tag    Tag
	join   js.Node
}

type pathID struct {
	number  uint32
	endless bool
}

// itemsInChunk is how many items get room at once.
const itemsInChunk = 1 << 10

func newWork() *work {
	return &work{slots: make([]uint32, 4*itemsInChunk), known: map[string]pathID{}, added: map[Tag]int{}}
}

// path is the number of a path; ok is false for an endless one.
func (w *work) path(path string) (number uint32, ok bool) {
	id, known := w.known[path]
	if !known {
		id = pathID{uint32(len(w.paths)), endless(path)}
		w.known[path] = id
		w.paths = append(w.paths, path)
	}
	return id.number, !id.endless
}

// add adds an item to a level if it was never added before. Of one tag it takes no more than most.
func (w *work) add(it item, level, most int) {
	path, ok := w.path(it.path)
	if !ok || w.added[it.tag] >= most {
		return
	}
	if 2*int(w.count) >= len(w.slots) {
		w.grow()
	}
	n := noted{it.node, it.ctx, it.within, path, it.tag, it.join}
	slot := w.slot(&n)
	if w.slots[slot] != 0 {
		return
	}
	w.added[it.tag]++
	for len(w.levels) <= level {
		w.levels = append(w.levels, nil)
	}
	w.levels[level] = append(w.levels[level], w.count)
	if w.count%itemsInChunk == 0 {
		w.chunks = append(w.chunks, make([]noted, 0, itemsInChunk))
	}
	last := &w.chunks[len(w.chunks)-1]
	*last = append(*last, n)
	w.count++
	w.slots[slot] = w.count
}

// slot is where an item is in the hash table, or where it belongs.
func (w *work) slot(n *noted) uint64 {
	mask := uint64(len(w.slots) - 1)
	at := n.hash() & mask
	for w.slots[at] != 0 {
		if o := w.noted(w.slots[at] - 1); o.node == n.node && o.ctx == n.ctx && o.path == n.path && o.tag == n.tag {
			break
		}
		at = (at + 1) & mask
	}
	return at
}

func (w *work) noted(i uint32) *noted { return &w.chunks[i/itemsInChunk][i%itemsInChunk] }

// item is the item of a number.
func (w *work) item(i uint32) item {
	n := w.noted(i)
	return item{n.node, w.paths[n.path], n.ctx, n.tag, n.within, n.join}
}

func (w *work) grow() {
	w.slots = make([]uint32, 2*len(w.slots))
	for i := range w.count {
		w.slots[w.slot(w.noted(i))] = i + 1
	}
}

func (n *noted) hash() uint64 {
	h := uint64(n.node.Index()) ^ uint64(n.node.Tree().Root().Start())<<32
	for _, x := range [...]uint64{uint64(n.node.Tree().Module), uint64(n.path), uint64(n.tag)} {
		h = (h ^ x) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	if n.ctx != nil {
		h = (h ^ uint64(n.ctx.number)) * 0x9E3779B97F4A7C15
	}
	return h ^ h>>32
}
