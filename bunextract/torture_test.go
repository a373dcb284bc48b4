package bunextract

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// mutants is how many damaged files TestTorture reads: BUNDLENS_TORTURE of them, or a part that fits among other tests.
func mutants() int {
	if n, err := strconv.Atoi(os.Getenv("BUNDLENS_TORTURE")); err == nil {
		return n
	}
	return 3000
}

// TestTorture reads damaged executables and graphs, the same ones in each run. Whatever is wrong with one, reading it
// takes reads and memory in proportion to its size, and gives an error of a kind that is known.
func TestTorture(t *testing.T) {
	var seeds [][]byte
	g := testGraph{record: 52, offsets: 32, modules: js("app", "lib.js", "data.json")}
	for _, p := range placements {
		seeds = append(seeds, p.write(g.build()))
	}
	seeds = append(seeds, g.build())
	shared, _ := filepath.Glob(filepath.Join("..", "..", "shared", "bun-graphs", "*"))
	for _, file := range shared {
		if data, err := os.ReadFile(file); err == nil && len(data) < 1<<20 && filepath.Ext(file) != ".json" {
			seeds = append(seeds, data)
		}
	}
	random := rand.New(rand.NewPCG(7, 7))
	for i := range mutants() {
		data := mutant(seeds[i%len(seeds)], random)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		work := readAll(t, i, data)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20+200*uint64(len(data)) {
			t.Errorf("mutant %d of %d bytes: %d bytes were allocated", i, len(data), used)
		}
		if work.bytes > 64<<20+200*int64(len(data)) || work.calls > 100_000+len(data) {
			t.Errorf("mutant %d of %d bytes: %d reads of %d bytes together", i, len(data), work.calls, work.bytes)
		}
	}
}

// counted counts what is read of a file. Time depends on the machine; the count does not.
type counted struct {
	*bytes.Reader
	calls int
	bytes int64
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	c.calls++
	n, err := c.Reader.ReadAt(p, at)
	c.bytes += int64(n)
	return n, err
}

func readAll(t *testing.T, i int, data []byte) *counted {
	work := &counted{Reader: bytes.NewReader(data)}
	file, err := NewFile(work)
	if err != nil {
		if !isFormat(err) && !errors.Is(err, errBudget) {
			t.Errorf("mutant %d: an error of no kind: %v", i, err)
		}
		return work
	}
	file.Graphs()
	file.RuntimeVersion()
	for _, m := range file.Graph.Modules {
		m.Source()
	}
	return work
}

// mutant changes a few places of a file: bytes, words that may be lengths or offsets, the end, and parts that are repeated.
func mutant(seed []byte, random *rand.Rand) []byte {
	data := bytes.Clone(seed)
	for range 1 + random.IntN(6) {
		if len(data) < 16 {
			return data
		}
		at := random.IntN(len(data) - 8)
		if random.IntN(2) == 0 { // the records and the trailer stand near the end
			at = max(0, len(data)-8-random.IntN(min(len(data)-8, 600)))
		}
		switch random.IntN(5) {
		case 0:
			data[at] ^= 1 << random.IntN(8)
		case 1:
			data[at] = byte(random.Uint32())
		case 2:
			word := []uint32{0, 1, 0x7fffffff, 0x80000000, 0xffffffff, uint32(len(data)), uint32(at)}[random.IntN(7)]
			copy(data[at:], []byte{byte(word), byte(word >> 8), byte(word >> 16), byte(word >> 24)})
		case 3:
			data = data[:at+8]
		case 4:
			n := random.IntN(min(64, len(data)-at))
			data = append(data[:at:at], append(bytes.Clone(data[at:at+n]), data[at:]...)...)
		}
	}
	return data
}
