// Package fleet has many programs analysed by many workers, each once, and keeps what was found.
//
// A sweep submits jobs: an input, what identifies it, and the options. A worker takes jobs that fit into its memory, opens
// the input, and analyses it where nobody has analysed the same content with the same engine and options before. The queue,
// the index and the Documents lie in NATS JetStream:
//
//	stream JOBS      a work queue; its messages hold a job, or several small ones, and leave it when these are done.
//	                 Subject: the engine and the size class
//	bucket INDEX     key-value: one [Entry] a job, updated with the revision that was read
//	bucket RESULTS   object store: Documents, named by content, engine and options
//	bucket INPUTS    object store: files of the sweep that workers elsewhere can't read
//	bucket TURNS     who of all workers may fetch packages now; an entry ends by itself
//	stream DEAD      what could not be analysed, with the reason
//
// The order in which a worker writes makes a crash harmless at each point: it says in the index that it tries, puts the
// Document into the store, says in the index that the job is done, and acknowledges. A job that comes again, since its
// worker ended or could not be reached, is found done, or is tried again up to a bound. A job that was tried before runs
// alone in its worker: one that ends its worker each time spends its own tries and those of no other.
//
// All methods may be called from several goroutines.
package fleet
