# Everything here is one command that works without just, too.

# list the recipes
default:
    @just --list --unsorted

# build the program into ./bundlens
build:
    CGO_CFLAGS="-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2" go build -buildmode=pie ./cmd/bundlens

# run the tests, of one package with `just test ./schema/...`; BUNDLENS_CAMPAIGN=1 adds those that are long by nature
test packages="./...":
    go test {{packages}}

# check formatting, the usual mistakes and go.mod
lint:
    test -z "$(gofmt -l . | tee /dev/stderr)"
    go vet ./...
    go mod tidy -diff

# compare analyses of published versions with what those versions send
score *versions:
    bash .ci/score {{versions}}

# say how many of the records of prompts are told to the model, by a labelled sample
told *dirs:
    bash .ci/told {{dirs}}

# compare rendered system prompts of published versions with what those versions send
render-score *args:
    .ci/render-score {{args}}

# run published versions under several environments and compare what they send with what the Document says
condition-oracle *args:
    .ci/condition-oracle {{args}}

# give what the exports write to the programs that they are for
consumers:
    bash .ci/consumers

# run the benchmarks, then compare whole analyses with other programs on the same files
bench packages="./...":
    go test -run '^$' -bench . -benchmem {{packages}}
    python3 .ci/bench

# run every fuzz target for a while
fuzz time="30s":
    bash .ci/fuzz {{time}}

# damaged executables, hostile programs, secrets in every surrounding, commands killed and disks full at random points, many
# of each; a part of it runs with the tests
torture mutants="1000000":
    BUNDLENS_CAMPAIGN=1 BUNDLENS_TORTURE={{mutants}} go test -count=1 -timeout 3h -run 'Torture|Everywhere|TestPipes|TestLinksOut|Killed|TestFull|TestTwoAtOnce' ./bunextract ./analyzer ./analyzer/source ./schema/trace/... ./cmd/bundlens

# kill and cut off a cluster of workers and servers for a while, and compare with one machine
torture-cluster time="2m":
    BUNDLENS_CLUSTER_TORTURE={{time}} go test -count=1 -timeout 3h -v -run 'TestCluster$' ./cmd/bundlens

# measure how many inputs a fleet analyses in a second with 1, 2 and 4 workers, and what the queue takes for a job
fleet-bench inputs="200":
    .ci/fleet-bench {{inputs}}

# check the unit of systemd and the manifest for Kubernetes
deploy-check:
    go -C deploy test ./...

# write the licences of all that the program is built from anew
notices:
    .ci/notices

# write golden files, scripts and the Document's JSON Schema anew
update:
    go test ./schema ./schema/report ./analyzer/internal/eval ./analyzer/facts ./analyzer/internal/flow ./analyzer/query ./cmd/bundlens -update

# build archives, packages, checksums and the list of what went in, in dist/; for other platforms where their compilers are here
release *platforms:
    release/build {{platforms}}

# make the release for this platform, install it and run it
release-check:
    bash .ci/release

# install the program with an empty module cache, as somebody who has nothing does
install-check:
    bash .ci/install

# run formatted MCP servers, and compare formatted neighbouring versions
format-runs *names:
    .ci/format-runs {{names}}

# audit real programs that do no harm
audit-score:
    .ci/audit-score

# all that is checked before a change is taken
ci:
    bash .ci/run
