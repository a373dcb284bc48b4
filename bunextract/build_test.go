package bunextract

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// The writers of the tests: graphs in every layout, and executables that hold them.

var le = binary.LittleEndian

// testModule is a module to be written.
type testModule struct {
	name                          string
	contents, sourceMap, bytecode []byte
	encoding, loader              byte
	format, side                  byte
}

// testGraph is a graph to be written.
type testGraph struct {
	record, offsets int
	modules         []testModule
	entry           uint32
	argv            string
	flags           uint32
	padding         uint32 // what stands in the last 4 bytes of short offsets
	behind          []byte // between table and arguments
}

// js makes modules of JavaScript.
func js(names ...string) []testModule {
	var modules []testModule
	for _, name := range names {
		modules = append(modules, testModule{name: "/$bunfs/root/" + name, contents: []byte("// " + name + "\n"), loader: byte(LoaderJS), encoding: 1})
	}
	return modules
}

// layoutOf returns the layout of records of that size.
func layoutOf(size int) recordLayout {
	for _, l := range recordLayouts {
		if l.size == size {
			return l
		}
	}
	panic("no such layout")
}

// build writes the graph, data to trailer.
func (g testGraph) build() []byte {
	var data, table []byte
	layout := layoutOf(g.record)
	put := func(b []byte, zero bool) (pointer []byte) {
		if len(b) == 0 {
			return make([]byte, pointerSize)
		}
		pointer = le.AppendUint32(pointer, uint32(len(data)))
		pointer = le.AppendUint32(pointer, uint32(len(b)))
		data = append(data, b...)
		if zero {
			data = append(data, 0)
		}
		return pointer
	}
	for _, m := range g.modules {
		record := make([]byte, layout.size)
		copy(record[0:], put([]byte(m.name), layout.terminated))
		if len(m.contents) > 0 && m.encoding == 2 && len(data)%2 != 0 {
			data = append(data, 0)
		}
		copy(record[8:], put(m.contents, layout.terminated))
		copy(record[16:], put(m.sourceMap, false))
		if layout.pointers > 3 {
			copy(record[24:], put(m.bytecode, false))
		}
		if layout.encoding != 0 {
			record[layout.encoding] = m.encoding
		}
		record[layout.loader] = m.loader
		if layout.format != 0 {
			record[layout.format], record[layout.side] = m.format, m.side
		}
		table = append(table, record...)
	}
	tableAt := len(data)
	data = append(data, table...)
	data = append(data, g.behind...)
	argvAt := len(data)
	data = append(data, g.argv...)
	length := len(data)
	data = le.AppendUint64(data, uint64(length))
	data = le.AppendUint32(data, uint32(tableAt))
	data = le.AppendUint32(data, uint32(len(table)))
	data = le.AppendUint32(data, g.entry)
	if g.offsets == shortOffsets {
		data = le.AppendUint32(data, g.padding)
	} else {
		data = le.AppendUint32(data, uint32(argvAt))
		data = le.AppendUint32(data, uint32(len(g.argv)))
		data = le.AppendUint32(data, g.flags)
	}
	return append(data, trailer...)
}

// small is a graph that is as it should be.
func small() testGraph {
	return testGraph{record: 52, offsets: 32, modules: js("app", "lib.js")}
}

// withSize puts the file's size behind an executable that a graph was appended to.
func withSize(file []byte) []byte {
	return le.AppendUint64(file, uint64(len(file)+totalSizeWidth))
}

// long and short put a graph's length in front of it.
func long(graph []byte) []byte {
	return append(le.AppendUint64(nil, uint64(len(graph))), graph...)
}

func short(graph []byte) []byte {
	return append(le.AppendUint32(nil, uint32(len(graph))), graph...)
}

// runtimeText is what an executable's read-only data has, and what a search must not trip over.
func runtimeText(version string) []byte {
	return []byte(strings.Repeat("machine code\x00", 50) + trailer + strings.Repeat(version+" (0123abcd)\x00", 4))
}

// testExecutable is an executable to be written.
type testExecutable struct {
	text     []byte // nil: a runtime's
	section  []byte // contents of the graph's section, nil for none
	capacity int    // how much larger the section is by its header
	overlay  []byte // behind the image
	noTable  bool   // ELF: no section headers
	stripped bool   // ELF: no symbols
}

func (e testExecutable) runtime() []byte {
	if e.text == nil {
		return runtimeText("1.3.8")
	}
	return e.text
}

// pad fills up to a multiple of n.
func pad(b []byte, n int) []byte {
	for len(b)%n != 0 {
		b = append(b, 0)
	}
	return b
}

// elf writes an ELF file: header, two segments, the section's bytes, section headers.
func (e testExecutable) elf() []byte {
	const textAt = elfHeaderSize + 2*elfSegmentSize
	text := e.runtime()
	file := pad(append(make([]byte, textAt), text...), 64)
	sectionAt := len(file)
	file = append(file, e.section...)
	copy(file, "\x7fELF\x02\x01\x01")
	le.PutUint16(file[16:], 2)
	le.PutUint16(file[18:], 62)
	le.PutUint64(file[32:], elfHeaderSize)
	le.PutUint16(file[54:], elfSegmentSize)
	le.PutUint16(file[56:], 2)
	segment := func(i int, off, size int) {
		s := file[elfHeaderSize+i*elfSegmentSize:]
		le.PutUint32(s, elfLoad)
		le.PutUint64(s[8:], uint64(off))
		le.PutUint64(s[16:], uint64(0x200000+off))
		le.PutUint64(s[32:], uint64(size))
	}
	segment(0, 0, textAt+len(text))
	segment(1, sectionAt, len(e.section))
	if e.noTable {
		return append(file, e.overlay...)
	}
	file = pad(file, 8)
	namesAt := len(file)
	file = append(file, "\x00.bun\x00.symtab\x00.shstrtab\x00"...)
	end := namesAt + 25
	var table []byte
	count := 0
	section := func(name, kind uint32, off, size int) {
		s := make([]byte, elfSectionSize)
		le.PutUint32(s, name)
		le.PutUint32(s[4:], kind)
		le.PutUint64(s[24:], uint64(off))
		le.PutUint64(s[32:], uint64(size))
		table = append(table, s...)
		count++
	}
	section(0, 0, 0, 0)
	section(14, 3, namesAt, end-namesAt)
	if e.section != nil {
		section(1, 1, sectionAt, len(e.section)+e.capacity)
	}
	if !e.stripped {
		section(6, elfSymbols, namesAt, 0)
	}
	file = pad(file, 8)
	le.PutUint64(file[40:], uint64(len(file)))
	le.PutUint16(file[58:], elfSectionSize)
	le.PutUint16(file[60:], uint16(count))
	le.PutUint16(file[62:], 1)
	return append(append(file, table...), e.overlay...)
}

// macho writes a thin Mach-O file: header, __TEXT, __BUN, __LINKEDIT.
func (e testExecutable) macho() []byte {
	const commands = 3*machoSegmentSize + machoSectionSize
	text := e.runtime()
	file := pad(append(make([]byte, machoHeaderSize+commands), text...), 64)
	sectionAt := len(file)
	file = append(file, e.section...)
	linkAt := len(file)
	file = append(file, strings.Repeat("signature", 30)...)
	le.PutUint32(file, machoMagic64)
	le.PutUint32(file[4:], machoARM64)
	le.PutUint32(file[12:], 2)
	le.PutUint32(file[16:], 3)
	le.PutUint32(file[20:], commands)
	at := machoHeaderSize
	segment := func(name string, off, size, sections int) {
		s := file[at:]
		le.PutUint32(s, machoSegment)
		le.PutUint32(s[4:], uint32(machoSegmentSize+sections*machoSectionSize))
		copy(s[8:], name)
		le.PutUint64(s[40:], uint64(off))
		le.PutUint64(s[48:], uint64(size))
		le.PutUint32(s[64:], uint32(sections))
		at += machoSegmentSize + sections*machoSectionSize
	}
	segment("__TEXT", 0, sectionAt, 0)
	name := machoSegmentName
	if e.section == nil {
		name = "__DATA"
	}
	segment(name, sectionAt, len(e.section), 1)
	s := file[at-machoSectionSize:]
	copy(s, machoSectionName)
	copy(s[16:], name)
	le.PutUint64(s[40:], uint64(len(e.section)))
	le.PutUint32(s[48:], uint32(sectionAt))
	segment("__LINKEDIT", linkAt, len(file)-linkAt, 0)
	return append(file, e.overlay...)
}

// fat puts thin Mach-O files into one.
func fat(wide bool, slices ...[]byte) []byte {
	be := binary.BigEndian
	size, magic := fatSliceSize, uint32(fatMagic)
	if wide {
		size, magic = fatSliceSize64, fatMagic64
	}
	file := be.AppendUint32(nil, magic)
	file = be.AppendUint32(file, uint32(len(slices)))
	file = pad(append(file, make([]byte, size*len(slices))...), 4096)
	for i, slice := range slices {
		row := file[fatHeaderSize+i*size:]
		if wide {
			be.PutUint64(row[8:], uint64(len(file)))
			be.PutUint64(row[16:], uint64(len(slice)))
		} else {
			be.PutUint32(row[8:], uint32(len(file)))
			be.PutUint32(row[12:], uint32(len(slice)))
		}
		file = pad(append(file, slice...), 4096)
	}
	// Slices are padded in front, not behind: the last one ends the file.
	last := slices[len(slices)-1]
	return file[:bytes.LastIndex(file, last)+len(last)]
}

// pe writes a PE file: DOS header, PE header, .text, .bun, and a certificate.
func (e testExecutable) pe() []byte {
	const peAt, optional, sections = 128, peDirectories + 16*peDirectorySize, 2
	const tableAt = peAt + peHeaderSize + optional
	text := e.runtime()
	file := pad(make([]byte, tableAt+sections*peSectionSize), 512)
	textAt := len(file)
	file = pad(append(file, text...), 512)
	sectionAt := len(file)
	file = pad(append(file, e.section...), 512)
	copy(file, "MZ")
	le.PutUint32(file[60:], peAt)
	copy(file[peAt:], peSignature)
	le.PutUint16(file[peAt+4:], 0x8664)
	le.PutUint16(file[peAt+6:], sections)
	le.PutUint16(file[peAt+20:], optional)
	le.PutUint16(file[peAt+peHeaderSize:], pe32Plus)
	section := func(i int, name string, off, memory, raw int) {
		s := file[tableAt+i*peSectionSize:]
		copy(s, name)
		le.PutUint32(s[8:], uint32(memory))
		le.PutUint32(s[16:], uint32(raw))
		le.PutUint32(s[20:], uint32(off))
	}
	section(0, ".text", textAt, len(text), sectionAt-textAt)
	name := peSectionName
	if e.section == nil {
		name = ".data"
	}
	section(1, name, sectionAt, len(e.section), len(file)-sectionAt)
	if len(e.overlay) == 0 {
		certificate := bytes.Repeat([]byte("authenticode"), 60)
		directory := file[peAt+peHeaderSize+peDirectories+peCertificates*peDirectorySize:]
		le.PutUint32(directory, uint32(len(file)))
		le.PutUint32(directory[4:], uint32(len(certificate)))
		file = append(file, certificate...)
	}
	return append(file, e.overlay...)
}
