package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options say how a fleet keeps what it has. The zero value is fine.
type Options struct {
	// Replicas is how many servers keep each thing; 3 in a cluster and 1 elsewhere where it is 0. What is there already is
	// kept as it is.
	Replicas int
	// MaxBytes bounds the store of Documents, in bytes; 0 is without a limit of its own.
	MaxBytes int64
	// AckWait is how long a worker may be silent before its job goes to another one; 30 seconds where it is 0.
	AckWait time.Duration
	// Tries bounds how often a job is begun; 4 where it is 0.
	Tries int
	// Alone says that no worker of an earlier run can still be at work, so that jobs that were begun are handed out at once.
	Alone bool
}

// The names in JetStream.
const (
	jobsStream    = "BUNDLENS_JOBS"
	deadStream    = "BUNDLENS_DEAD"
	indexBucket   = "BUNDLENS_INDEX"
	resultsBucket = "BUNDLENS_RESULTS"
	inputsBucket  = "BUNDLENS_INPUTS"
	turnsBucket   = "BUNDLENS_TURNS"
	jobsSubject   = "bundlens.jobs"
	deadSubject   = "bundlens.dead"
)

const (
	defaultAckWait = 30 * time.Second
	defaultTries   = 4
	// sameWindow is how long the server knows a message that it has seen before.
	sameWindow = 2 * time.Hour
	// maxDeliveries bounds how often a job is handed out, tried or not.
	maxDeliveries = 1000
	// setupPatience is how long a cluster may take until it has a leader.
	setupPatience = 2 * time.Minute
)

// Fleet is the queue, the index and the store, as one process sees them.
type Fleet struct {
	js      jetstream.JetStream
	index   jetstream.KeyValue
	results jetstream.ObjectStore
	inputs  jetstream.ObjectStore
	turns   jetstream.KeyValue
	opts    Options
}

// Open makes a fleet of a connection, and what it needs where it is not there yet. The caller closes the connection.
func Open(ctx context.Context, nc *nats.Conn, opts Options) (*Fleet, error) {
	if opts.AckWait == 0 {
		opts.AckWait = defaultAckWait
	}
	if opts.Tries == 0 {
		opts.Tries = defaultTries
	}
	if opts.Replicas == 0 {
		opts.Replicas = 1
		if nc.ConnectedClusterName() != "" {
			opts.Replicas = 3
		}
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	f := &Fleet{js: js, opts: opts}
	ctx, cancel := context.WithTimeout(ctx, setupPatience)
	defer cancel()
	// A cluster that has just begun has no leader for a while.
	if err := patiently(ctx, f.setUp); err != nil {
		return nil, fmt.Errorf("set up JetStream: %w", err)
	}
	return f, nil
}

// setUp makes what is not there yet.
func (f *Fleet) setUp(ctx context.Context) (err error) {
	for _, stream := range []jetstream.StreamConfig{
		{Name: jobsStream, Subjects: []string{jobsSubject + ".>"}, Retention: jetstream.WorkQueuePolicy, Duplicates: sameWindow, Description: "what is to be analysed"},
		{Name: deadStream, Subjects: []string{deadSubject + ".>"}, Duplicates: sameWindow, Description: "what could not be analysed, and why"},
	} {
		stream.Replicas, stream.Storage = f.opts.Replicas, jetstream.FileStorage
		if err := f.ensureStream(ctx, stream); err != nil {
			return err
		}
	}
	if f.index, err = f.ensureBucket(ctx, jetstream.KeyValueConfig{Bucket: indexBucket, Compression: true}); err != nil {
		return err
	}
	if f.opts.Alone {
		if err := f.js.DeleteKeyValue(ctx, turnsBucket); err != nil && !errors.Is(err, jetstream.ErrBucketNotFound) {
			return err
		}
	}
	if f.turns, err = f.ensureBucket(ctx, jetstream.KeyValueConfig{Bucket: turnsBucket, TTL: turnLasts}); err != nil {
		return err
	}
	if f.results, err = f.ensureStore(ctx, resultsBucket, f.opts.MaxBytes); err != nil {
		return err
	}
	f.inputs, err = f.ensureStore(ctx, inputsBucket, 0)
	return err
}

func (f *Fleet) ensureStream(ctx context.Context, cfg jetstream.StreamConfig) error {
	_, err := f.js.Stream(ctx, cfg.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = f.js.CreateStream(ctx, cfg)
	}
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return nil // another one was faster
	}
	return err
}

func (f *Fleet) ensureBucket(ctx context.Context, cfg jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	kv, err := f.js.KeyValue(ctx, cfg.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		cfg.Replicas = f.opts.Replicas
		kv, err = f.js.CreateKeyValue(ctx, cfg)
	}
	return kv, err
}

func (f *Fleet) ensureStore(ctx context.Context, bucket string, maxBytes int64) (jetstream.ObjectStore, error) {
	store, err := f.js.ObjectStore(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		cfg := jetstream.ObjectStoreConfig{Bucket: bucket, Replicas: f.opts.Replicas, Compression: true, MaxBytes: -1}
		if maxBytes > 0 {
			cfg.MaxBytes = maxBytes
		}
		store, err = f.js.CreateObjectStore(ctx, cfg)
	}
	return store, err
}

// subject is where jobs of an engine and a class wait.
func subject(engine string, class Class) string {
	return jobsSubject + "." + hashed("engine", engine) + "." + string(class)
}

// consumer is what hands out the jobs of an engine and a class.
func (f *Fleet) consumer(ctx context.Context, engine string, class Class) (jetstream.Consumer, error) {
	name := hashed("engine", engine) + "-" + string(class)
	cfg := jetstream.ConsumerConfig{Durable: name, FilterSubject: subject(engine, class), AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: f.opts.AckWait, MaxDeliver: maxDeliveries, Replicas: f.opts.Replicas}
	if f.opts.Alone {
		if err := f.js.DeleteConsumer(ctx, jobsStream, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, err
		}
	}
	c, err := f.js.Consumer(ctx, jobsStream, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		c, err = f.js.CreateOrUpdateConsumer(ctx, jobsStream, cfg)
	}
	return c, err
}

// patiently calls do until it succeeds or the context ends; then the last error says why. What a full store refuses, it
// would refuse again.
func patiently(ctx context.Context, do func(context.Context) error) error {
	wait := 10 * time.Millisecond
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := do(attempt)
		cancel()
		if err == nil || errors.Is(err, errConflict) || IsFull(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		wait = min(2*wait, 2*time.Second)
	}
}

// The server's codes for a store that takes no more.
const (
	codeStoreFull  jetstream.ErrorCode = 10047 // of the server, or of an account
	codeMaxBytes   jetstream.ErrorCode = 10077 // of a stream
	codeMemoryFull jetstream.ErrorCode = 10028
)

// IsFull says that an error is that of a store that takes no more.
func IsFull(err error) bool {
	var api jetstream.JetStreamError
	if !errors.As(err, &api) || api.APIError() == nil {
		return false
	}
	switch api.APIError().ErrorCode {
	case codeStoreFull, codeMaxBytes, codeMemoryFull:
		return true
	}
	return false
}
