package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/fleet/embedded"
)

// The processes of a cluster are this test's own program, which this variable tells what to be.
const roleVariable = "BUNDLENS_TEST_ROLE"

// serverRole is a NATS server: its options, without what JSON can't carry.
type serverRole struct {
	Name, Dir, Routes string
	Port, ClusterPort int
}

func (r serverRole) run() int {
	routes := server.RoutesFromStr(r.Routes)
	s, err := embedded.Run(&server.Options{ServerName: r.Name, Host: "127.0.0.1", Port: r.Port, JetStream: true, StoreDir: r.Dir, NoLog: true, NoSigs: true,
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: r.ClusterPort}, Routes: routes})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Shutdown()
	io.Copy(io.Discard, os.Stdin) // until it is killed, or the test is gone
	return 0
}

// workerRole is a worker that takes a while for each job, and that one input ends each time.
type workerRole struct {
	URL     string
	AckWait time.Duration
	Tries   int
}

func (r workerRole) run() int {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	err := r.work(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (r workerRole) work(ctx context.Context) error {
	o := fleetOptions{url: r.URL, parallel: 2, memory: 8 << 30, download: 1}
	nc, err := o.connect("worker")
	if err != nil {
		return err
	}
	defer nc.Close()
	f, err := fleet.Open(ctx, nc, fleet.Options{AckWait: r.AckWait, Tries: r.Tries})
	if err != nil {
		return err
	}
	build, err := engineBuild()
	if err != nil {
		return err
	}
	w := o.worker(newTerminal(io.Discard, os.Stderr), f, build, false)
	open := w.Open
	w.Open = func(ctx context.Context, job *fleet.Job) (fleet.Opened, error) {
		if strings.HasPrefix(filepath.Base(job.Input), "poison") {
			os.Exit(137)
		}
		time.Sleep(100 * time.Millisecond) // long enough to be killed in the midst of it
		return open(ctx, job)
	}
	return f.Work(ctx, w)
}

// role runs what the environment says; false where it says nothing.
func role() (code int, is bool) {
	kind, text, _ := strings.Cut(os.Getenv(roleVariable), " ")
	var err error
	switch kind {
	case "server":
		var r serverRole
		if err = json.Unmarshal([]byte(text), &r); err == nil {
			return r.run(), true
		}
	case "worker":
		var r workerRole
		if err = json.Unmarshal([]byte(text), &r); err == nil {
			return r.run(), true
		}
	default:
		return 0, false
	}
	fmt.Fprintln(os.Stderr, err)
	return 1, true
}

// process is one of a cluster, which can be killed and started again.
type process struct {
	t    *testing.T
	role string
	mu   sync.Mutex
	cmd  *exec.Cmd
	in   io.Closer
	gone chan struct{} // closed when it has ended
}

func startProcess(t *testing.T, kind string, r any) *process {
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, role: kind + " " + string(text)}
	p.start()
	t.Cleanup(p.kill)
	return p
}

func (p *process) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(self)
	p.cmd.Env = append(os.Environ(), roleVariable+"="+p.role)
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	cmd, gone := p.cmd, make(chan struct{})
	p.gone = gone
	go func() {
		cmd.Wait()
		close(gone)
	}()
}

func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd.Process.Kill()
	p.in.Close()
	<-p.gone
}

// dead says whether it has ended.
func (p *process) dead() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

func freePorts(t *testing.T, n int) (ports []int) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// cluster is three servers and what the test knows of them.
type cluster struct {
	servers map[string]*process
	urls    []string
	js      jetstream.JetStream
}

func startCluster(t *testing.T) *cluster {
	ports, routes := freePorts(t, 6), []string{}
	for i := range 3 {
		routes = append(routes, "nats://127.0.0.1:"+strconv.Itoa(ports[3+i]))
	}
	c := &cluster{servers: map[string]*process{}}
	for i := range 3 {
		name := fmt.Sprint("s", i)
		c.servers[name] = startProcess(t, "server", serverRole{name, t.TempDir(), strings.Join(routes, ","), ports[i], ports[3+i]})
		c.urls = append(c.urls, "nats://127.0.0.1:"+strconv.Itoa(ports[i]))
	}
	nc, err := nats.Connect(strings.Join(c.urls, ","), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	if c.js, err = jetstream.New(nc); err != nil {
		t.Fatal(err)
	}
	for range 300 { // until there is a leader
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err = c.js.AccountInfo(ctx)
		cancel()
		if err == nil {
			return c
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the cluster did not begin: %v", err)
	return nil
}

// leader is the server that leads the stream of jobs; "" where there is none.
func (c *cluster) leader() string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s, err := c.js.Stream(ctx, "BUNDLENS_JOBS")
	if err != nil || s.CachedInfo().Cluster == nil {
		return ""
	}
	return s.CachedInfo().Cluster.Leader
}

// whole says whether all servers are up to date.
func (c *cluster) whole() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s, err := c.js.Stream(ctx, "BUNDLENS_JOBS")
	if err != nil || s.CachedInfo().Cluster == nil || s.CachedInfo().Cluster.Leader == "" {
		return false
	}
	for _, r := range s.CachedInfo().Cluster.Replicas {
		if !r.Current || r.Offline {
			return false
		}
	}
	return true
}

// sweepInputs writes small programs, some files that are none, and one that ends its worker.
func sweepInputs(t *testing.T, n int) (list string) {
	dir := t.TempDir()
	var names []string
	write := func(name, text string) {
		names = append(names, filepath.Join(dir, name))
		if err := os.WriteFile(names[len(names)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n - 4 {
		write(fmt.Sprintf("program%02d.mjs", i), fmt.Sprintf(`const tool = { name: "look%d", description: "Looks at %d places.", inputSchema: { type: "object", properties: { place%d: { type: "string" } } } };
server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [tool] }));`, i, i, i))
	}
	for i := range 3 {
		write(fmt.Sprintf("page%d.html", i), fmt.Sprintf("<!doctype html><p>%d</p>", i))
	}
	write("poison.mjs", "const poison = 1")
	list = filepath.Join(dir, "list")
	if err := os.WriteFile(list, []byte(strings.Join(names, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return list
}

// bundlensCommand is the program in a process of its own.
func bundlensCommand(args ...string) (*exec.Cmd, *bytes.Buffer) {
	self, _ := os.Executable()
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), runAsCommand+"=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

// clusterTorture is how long the test kills and cuts, where it is to be long.
const clusterTorture = "BUNDLENS_CLUSTER_TORTURE"

// TestCluster has four workers and three servers do a sweep, while workers and the leader are killed and a link is cut.
func TestCluster(t *testing.T) {
	text := os.Getenv(clusterTorture)
	if text == "" {
		t.Skip("a cluster of servers takes a while, and how long depends on the machine: just torture-cluster runs it")
	}
	torture, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	inputs, tries := 60+5*int(torture.Seconds()), 20 // whoever is killed so often is not to blame
	list := sweepInputs(t, inputs)
	single, many := filepath.Join(t.TempDir(), "single"), filepath.Join(t.TempDir(), "many")
	c := startCluster(t)
	cuttable := newLink(t, strings.TrimPrefix(c.urls[0], "nats://"))
	var workers []*process
	for i := range 4 {
		address := strings.Join(c.urls, ",")
		if i == 3 {
			address = "nats://" + cuttable.listener.Addr().String()
		}
		workers = append(workers, startProcess(t, "worker", workerRole{address, time.Second, tries}))
	}
	cmd, out := bundlensCommand("sweep", "--from", list, "-o", many, "--nats", strings.Join(c.urls, ","), "--json")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	defer cmd.Process.Kill()

	random := rand.New(rand.NewPCG(1, 2))
	deadline := time.Now().Add(torture)
	kills, leaders, cuts := 0, 0, 0
	var mending sync.WaitGroup
	for running := true; running && time.Now().Before(deadline); {
		select {
		case <-ended:
			running = false
			continue
		case <-time.After(time.Duration(150+random.IntN(200)) * time.Millisecond):
		}
		switch random.IntN(5) {
		case 0:
			if name := c.leader(); c.servers[name] != nil && c.whole() {
				c.servers[name].kill()
				time.Sleep(300 * time.Millisecond)
				c.servers[name].start()
				leaders++
			}
		case 1:
			cuttable.set(true)
			cuts++
			mending.Go(func() {
				time.Sleep(800 * time.Millisecond)
				cuttable.set(false)
			})
		default:
			w := workers[random.IntN(len(workers))]
			w.kill()
			w.start()
			kills++
		}
	}
	mending.Wait()
	// From here on only the poison kills; whoever was ended by it begins anew, as a supervisor would see to.
	limit := time.After(2 * time.Minute)
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-limit:
			t.Fatalf("the sweep did not end; %d workers, %d leaders killed, %d cuts\n%s", kills, leaders, cuts, out)
		case <-time.After(100 * time.Millisecond):
			for _, w := range workers {
				if w.dead() {
					w.start()
				}
			}
		}
	}
	t.Logf("%d workers and %d leaders killed, %d times a link cut", kills, leaders, cuts)

	alone, aloneOut := bundlensCommand("sweep", "--from", list, "-o", single)
	alone.Run()
	compareSweeps(t, single, many, inputs, out.String()+aloneOut.String())
	compareLetters(t, c, inputs)
}

// compareSweeps compares what a fleet found with what one machine did: the same Documents byte by byte, and the poison apart.
func compareSweeps(t *testing.T, single, many string, inputs int, said string) {
	t.Helper()
	of, err := readSweepIndex(context.Background(), many)
	if err != nil || len(of) != inputs {
		t.Fatalf("%d of %d inputs in the index, %v\n%s", len(of), inputs, err, said)
	}
	want, err := readSweepIndex(context.Background(), single)
	if err != nil {
		t.Fatal(err)
	}
	for key, line := range of {
		if strings.HasPrefix(key, "poison") {
			if line.State != fleet.Dead || !strings.Contains(line.Reason, "its worker ended") {
				t.Errorf("the poison: %+v", line)
			}
			continue
		}
		if line != want[key] {
			t.Errorf("got %+v, want %+v", line, want[key])
		}
		if line.Document == "" {
			continue
		}
		a, errA := os.ReadFile(filepath.Join(single, filepath.FromSlash(line.Document)))
		b, errB := os.ReadFile(filepath.Join(many, filepath.FromSlash(line.Document)))
		if err := errors.Join(errA, errB); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v", line.Document, err)
		}
	}
}

// compareLetters looks for inputs that are twice in the dead letters, or in them and in the store, and for jobs left over.
func compareLetters(t *testing.T, c *cluster, inputs int) {
	t.Helper()
	nc, err := nats.Connect(strings.Join(c.urls, ","))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	f, err := fleet.Open(t.Context(), nc, fleet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	letters, err := f.DeadLetters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, l := range letters {
		seen[filepath.Base(l.Input)]++
	}
	if len(letters) != 4 || len(seen) != 4 {
		t.Errorf("dead letters: %v", seen)
	}
	s, err := f.Status(t.Context(), nil)
	if err != nil || s.Done != inputs-4 || s.Dead != 4 || s.Waiting+s.Running != 0 {
		t.Errorf("status %+v, %v", s, err)
	}
	objects, err := c.js.ObjectStore(t.Context(), "BUNDLENS_RESULTS")
	if err != nil {
		t.Fatal(err)
	}
	list, err := objects.List(t.Context())
	if err != nil || len(list) != inputs-4 {
		t.Errorf("%d Documents in the store, %v", len(list), err)
	}
}
