/* What the engine's parts share: its data, and who calls whom.
 *
 *   engine.c   the ring (the producer's side, Python) and the threads that read it
 *   tracks.c   what a thread does with an entry: gathers frames, moves streams between tracks
 *   sending.c  one run of packets to one stream: header, protection, one system call
 *
 * Every thread reads the whole ring: packets concern all of them, commands the one that serves the stream. What a thread
 * has (tracks; streams but for their atomics) no other one touches.
 */
#ifndef VITRINE_ENGINE_STATE_H
#define VITRINE_ENGINE_STATE_H

#include "srtp.h"
#include <pthread.h>
#include <stdatomic.h>

#define RING 1024             /* entries: 2 s of video at 3 Mbit/s, 1.5 MB */
#define KEPT_FOR_COMMANDS 128 /* packets may not fill these: removing a viewer must never fail behind a burst */
#define HOLD_NS 1000000       /* longest wait for the rest of a frame: 1 ms completes a burst of Chromium (p90 0.6 ms) */
#define MAX_PADDING 8         /* sizes in a frame differ by a byte; padding more would cost more than a send saves */
#define SEGMENT_ROOM (RTP_HEADER + MAX_PAYLOAD + MAX_PADDING + MAX_TAG)

enum kind { PACKET, PACKET_TO, ADD, REMOVE, MOVE, ATTACH, RETARGET, PAYLOAD_TYPE };
enum state { FREE, TAKEN, LEAVING }; /* LEAVING: its removal is in the ring, no more commands */

struct item {
    int64_t index;
    uint32_t timestamp;
    uint16_t len;
    uint8_t marker, flush, padded;
    uint8_t payload[MAX_PAYLOAD + MAX_PADDING];
};

struct entry {
    enum kind kind;
    unsigned thread; /* whom a command concerns: kept here, for another thread may read it when the stream is gone */
    uint32_t number; /* track of a packet, stream of a command */
    union {
        struct item item;
        struct { struct sockaddr_storage address; socklen_t address_len; int fd; } move;
        struct { uint32_t track, timestamp_offset; int64_t offset; } retarget;
        uint8_t payload_type;
    } u;
};

struct stream {
    _Atomic int state;
    _Atomic uint64_t packets, octets, drops;
    struct stream_setup to;
    struct srtp srtp;
    uint32_t timestamp_offset, place; /* place: position in its track's list */
    int64_t last;                     /* newest index sent; -1 before the first */
    uint64_t seen;                    /* which of the 64 up to it were sent, newest in bit 0 */
    int gso;
};

struct track {
    uint32_t *streams, count, room, turn; /* turn: who is first, so that nobody is always last */
    struct item *batch;
    unsigned gathered;
    uint64_t deadline;
};

struct engine;

struct worker {
    struct engine *engine;
    unsigned number;
    pthread_t thread;
    pthread_cond_t filled_more;
    uint64_t tail; /* under the lock: entries given back */
    struct track tracks[MAX_TRACKS];
    uint32_t open[MAX_TRACKS], opened; /* tracks that hold an unsent batch */
    uint8_t out[MAX_BATCH * SEGMENT_ROOM];
};

struct awaited { /* the producer's own: until when the threads wait for more of a track's frame by themselves */
    uint64_t until;
    unsigned packets;
};

struct engine {
    pthread_mutex_t lock;
    int stopping, gso;
    uint64_t filled; /* under the lock: entries written */
    uint32_t max_streams, next;
    struct entry *ring;
    struct stream *streams;
    unsigned threads;
    struct worker *workers;
    struct awaited awaited[MAX_TRACKS];
};

uint64_t now_ns(void);

/* tracks.c: on a thread */
void handle(struct worker *, const struct entry *);
void flush_due(struct worker *);
uint64_t next_deadline(const struct worker *);

/* sending.c: on a thread */
unsigned run_length(const struct item *first, unsigned left);
void pad_run(struct item *run, unsigned count);
void send_to_stream(struct worker *, struct stream *, const struct item *run, unsigned count);

#endif
