package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/bundlens/bundlens/internal/fleet/embedded"
)

// guarded is a server that asks for credentials and shows a certificate that only its own authority has signed.
type guarded struct{ url, ca, creds string }

func startGuarded(t *testing.T) guarded {
	t.Helper()
	dir := t.TempDir()
	certificate, ca := selfSigned(t)
	g := guarded{ca: filepath.Join(dir, "ca.pem"), creds: filepath.Join(dir, "worker.creds")}
	opts, creds := withOperator(t)
	if err := os.WriteFile(g.ca, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(g.creds, creds, 0o600); err != nil {
		t.Fatal(err)
	}
	opts.ServerName, opts.Host, opts.Port, opts.NoLog, opts.NoSigs = "guarded", "127.0.0.1", -1, true, true
	opts.JetStream, opts.StoreDir = true, filepath.Join(dir, "store")
	opts.TLS, opts.TLSConfig, opts.TLSTimeout = true, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, 5
	s, err := embedded.Run(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	g.url = s.URL()
	return g
}

// selfSigned makes a certificate for this machine.
func selfSigned(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// withOperator makes a server's operator with one account, and the credentials of a user of it.
func withOperator(t *testing.T) (*server.Options, []byte) {
	t.Helper()
	fatal := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	pair := func(k nkeys.KeyPair, err error) (nkeys.KeyPair, string) {
		fatal(err)
		public, err := k.PublicKey()
		fatal(err)
		return k, public
	}
	operator, operatorID := pair(nkeys.CreateOperator())
	_, systemID := pair(nkeys.CreateAccount())
	account, accountID := pair(nkeys.CreateAccount())
	user, userID := pair(nkeys.CreateUser())
	claims := jwt.NewOperatorClaims(operatorID)
	resolver := &server.MemAccResolver{}
	for id, jetStream := range map[string]bool{systemID: false, accountID: true} {
		c := jwt.NewAccountClaims(id)
		if jetStream {
			c.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
		}
		text, err := c.Encode(operator)
		fatal(err)
		fatal(resolver.Store(id, text))
	}
	text, err := jwt.NewUserClaims(userID).Encode(account)
	fatal(err)
	seed, err := user.Seed()
	fatal(err)
	creds, err := jwt.FormatUserConfig(text, seed)
	fatal(err)
	return &server.Options{TrustedOperators: []*jwt.OperatorClaims{claims}, AccountResolver: resolver, SystemAccount: systemID}, creds
}

// TestGuarded has a fleet behind TLS and credentials: who lacks either gets nothing, and is told which.
func TestGuarded(t *testing.T) {
	g := startGuarded(t)
	list := sweepInputs(t, 6)
	for _, c := range []struct {
		what string
		args []string
		says string
	}{
		{"without an authority", []string{"--creds", g.creds}, "certificate"},
		{"without credentials", []string{"--tls-ca", g.ca}, "Authorization"},
		{"with credentials that are none", []string{"--tls-ca", g.ca, "--creds", g.ca}, ""},
		{"with an authority that is no file", []string{"--tls-ca", g.ca + "x", "--creds", g.creds}, "no such file"},
	} {
		for _, command := range []string{"worker", "sweep"} {
			args := append([]string{command, "--nats", g.url}, c.args...)
			if command == "sweep" {
				args = append(args, "--from", list, "-o", filepath.Join(t.TempDir(), "store"))
			}
			cmd, out := bundlensCommand(args...)
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != exitFailed || !strings.Contains(out.String(), c.says) {
				t.Errorf("%s %s: %v, %s", command, c.what, err, out)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	allowed := []string{"--nats", g.url, "--tls-ca", g.ca, "--creds", g.creds}
	worker, workerOut := bundlensCommand(append([]string{"worker"}, allowed...)...)
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	defer worker.Wait()
	defer worker.Process.Signal(os.Interrupt)
	context.AfterFunc(ctx, func() { worker.Process.Kill() })
	store := filepath.Join(t.TempDir(), "store")
	sweep, out := bundlensCommand(append([]string{"sweep", "--from", list, "-o", store}, allowed...)...)
	context.AfterFunc(ctx, func() {
		if sweep.Process != nil {
			sweep.Process.Kill()
		}
	})
	sweep.Run()
	index, err := readSweepIndex(ctx, store)
	if err != nil || len(index) != 6 {
		t.Errorf("%d inputs in the index, %v\n%s\n%s", len(index), err, out, workerOut)
	}
	status, out := bundlensCommand(append([]string{"sweep", "status"}, allowed...)...)
	if err := status.Run(); err != nil || !strings.HasPrefix(out.String(), "3 done, 0 running") {
		t.Errorf("%v: %s", err, out)
	}
}
