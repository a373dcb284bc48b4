package zod

import (
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/zod"
)

// The methods of version 3's common class that make schemas of others. What they hand on tells releases apart.
var (
	bareOptional   = lazyregexp.New(`\boptional\(\)\s*\{\s*return\s+[\w$.]+\.create\(this\)`)
	describedArray = lazyregexp.New(`\barray\(\)\s*\{\s*return\s+[\w$.]+\.create\(this,\s*this\._def`)
	describedEnum  = lazyregexp.New(`\bextract\([\w$]+,\s*[\w$]+\s*=\s*this\._def`)
)

// versionV3 tells the releases of version 3 apart that convert in other ways, as they don't say which they are: by the
// methods of the class of a schema and of the one that all extend. It is zero for the last ones, and where it can't tell.
func versionV3(class *eval.Object) zod.Version {
	if class == nil || class.Func == nil || !class.Func.Node.Valid() {
		return zod.Version{}
	}
	base := class
	for depth := 0; base.Proto != nil && base.Proto.Func != nil && base.Proto.Func.Node.Valid() && depth < 64; depth++ {
		base = base.Proto
	}
	common := base.Func.Node.Text()
	switch {
	case bareOptional.Get().MatchString(common):
		return zod.Version{Major: 3, Minor: 20}
	case !describedArray.Get().MatchString(common):
		return zod.Version{}
	case describedEnum.Get().MatchString(class.Func.Node.Text()):
		return zod.Version{Major: 3, Minor: 23}
	}
	return zod.Version{Major: 3, Minor: 22}
}
