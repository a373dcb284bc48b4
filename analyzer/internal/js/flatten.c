#include "flatten.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The parts of tree-sitter's C interface that are used, declared weak: the library itself is linked in by the Go
// binding, which has its header in a place that a package outside it can't include.
typedef struct {
	uint32_t context[4];
	const void *id, *tree;
} TSNode;
typedef struct {
	const void *tree, *id;
	uint32_t context[3];
} TSTreeCursor;

#define WEAK __attribute__((weak)) extern
WEAK TSTreeCursor ts_tree_cursor_new(TSNode);
WEAK void ts_tree_cursor_delete(TSTreeCursor *);
WEAK bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
WEAK bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
WEAK bool ts_tree_cursor_goto_parent(TSTreeCursor *);
WEAK TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
WEAK uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
WEAK uint16_t ts_node_symbol(TSNode);
WEAK uint32_t ts_node_start_byte(TSNode);
WEAK uint32_t ts_node_end_byte(TSNode);
WEAK bool ts_node_is_missing(TSNode);
WEAK bool ts_node_has_error(TSNode);

#define NO_PARENT 0xffffffffu

static bundlens_node *push(bundlens_tree *t) {
	if (t->len == t->cap) {
		uint32_t cap = t->cap ? t->cap * 2 : 256;
		bundlens_node *grown = realloc(t->nodes, (size_t)cap * sizeof *grown);
		if (!grown) return NULL;
		t->nodes = grown;
		t->cap = cap;
	}
	return &t->nodes[t->len++];
}

int bundlens_flatten(const void *node, const uint8_t *keep, uint32_t symbols, bundlens_tree *out) {
	TSNode root;
	memcpy(&root, node, sizeof root); // the caller's TSNode lies in Go memory that holds Go pointers
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	uint32_t parent = NO_PARENT;
	int result = 0;
	for (;;) {
		TSNode n = ts_tree_cursor_current_node(&cursor);
		uint16_t symbol = ts_node_symbol(n);
		uint16_t field = ts_tree_cursor_current_field_id(&cursor);
		bool missing = ts_node_is_missing(n);
		// an error node's symbol lies beyond the table: it is kept
		if (symbol >= symbols || keep[symbol] || field || missing) {
			uint32_t self = out->len;
			bundlens_node *f = push(out);
			if (!f) {
				result = -1;
				break;
			}
			f->start = ts_node_start_byte(n);
			f->end = ts_node_end_byte(n);
			f->parent = parent;
			f->next = self + 1;
			f->symbol = symbol;
			f->field = field;
			f->flags = (missing ? 1 : 0) | (ts_node_has_error(n) ? 2 : 0);
			if (ts_tree_cursor_goto_first_child(&cursor)) {
				parent = self;
				continue;
			}
		}
		bool more = true;
		while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
			if (parent == NO_PARENT) {
				more = false;
				break;
			}
			ts_tree_cursor_goto_parent(&cursor);
			out->nodes[parent].next = out->len;
			parent = out->nodes[parent].parent;
		}
		if (!more) break;
	}
	ts_tree_cursor_delete(&cursor);
	return result;
}
