/*
Package bunextract reads the module graph out of executables made by "bun build --compile", of Bun 0.6.0 to 1.4.5, in
ELF, Mach-O (thin and fat) and PE files. It reads: it runs nothing, and it writes nothing.

	f, err := bunextract.Open("app")
	if err != nil { ... }
	defer f.Close()
	for _, m := range f.Graph.Modules {
		source, err := m.Source()
		...
	}

# The format

A compiled executable is the Bun runtime and a graph:

	graph   = DATA | Offsets (24 or 32 bytes) | "\n---- Bun! ----\n"
	Offsets = u64 length of DATA, pointer to the module table, u32 index of the entry module
	          and, in the form of 32 bytes, pointer to the run arguments, u32 flags
	pointer = u32 offset from the start of DATA, u32 length; a length of 0 means absent

Everything is little-endian. The module table is an array of records of 28, 32, 36, 44 or 52 bytes; nothing in the file
says of how many, so a size is accepted when every record of the table validates with it (see records.go). The graph
stands at the end of the file, followed by the file's size as u64, or in a section named .bun (__BUN,__bun in Mach-O)
behind its length as u32 or u64. Every runtime holds one copy of the closing line in its read-only data, and programs may
hold more, so the line by itself proves nothing.

There is no specification. What is written here was found by compiling programs with the published releases and
comparing what came out, and by reading Bun's published source.

# Memory

Opening a file reads its headers, the module table and the module names. Contents are read when they are asked for.
Precompiled bytecode is never read: its size is known, and in newer files the pointers of many modules run over one
shared region, so that their sum says nothing about the file.

# Security

Input may be hostile. No input makes this package panic, loop without bound, or allocate a size that the file merely
claims. Names come out as stored: write files only under the names that SafeNames makes of them.
*/
package bunextract
