package view

import _ "embed"

// The page's sources are in web/src, in TypeScript; go generate bundles them with esbuild, for which what
// web/package-lock.json names has to be installed first, with npm ci. The built form is committed, so that building the
// command needs no Node.
//
//go:generate go run ../../web/build ../../web dist

var (
	// script is the page's only script.
	//go:embed dist/view.js
	script string
	// style is the page's only style sheet.
	//go:embed dist/view.css
	style string
	// notices are the licences of third parties' work in the page, as text.
	//go:embed dist/NOTICES.txt
	notices string
)
