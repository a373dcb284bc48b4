#ifndef BUNDLENS_FLATTEN_H
#define BUNDLENS_FLATTEN_H

#include <stdint.h>

// One node of a flattened syntax tree, in pre-order. parent and next are indexes into the same array; next is
// one past the last descendant, so it is the next sibling when that has the same parent.
typedef struct {
	uint32_t start, end;
	uint32_t parent, next;
	uint16_t symbol, field;
	uint32_t flags; // 1 missing, 2 is or holds an error
} bundlens_node;

typedef struct {
	bundlens_node *nodes;
	uint32_t len, cap;
} bundlens_tree;

// bundlens_flatten copies the tree below the TSNode at *node that has kept symbols into *out. keep is indexed by
// symbol: 0 drops the node, unless it has a field or is missing. Returns 0, or -1 when memory ran out.
int bundlens_flatten(const void *node, const uint8_t *keep, uint32_t symbols, bundlens_tree *out);

#endif
