/* Ring, thread and sending; see the head of egress.c for who owns what. */
#define _GNU_SOURCE
#include "srtp.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

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

struct engine {
    pthread_mutex_t lock;
    pthread_cond_t filled_more;
    pthread_t thread;
    int stopping, gso;
    uint64_t filled, tail; /* under the lock: entries written, entries given back */
    uint32_t max_streams, next;
    struct entry *ring;
    struct stream *streams;
    struct track tracks[MAX_TRACKS];
    uint32_t open[MAX_TRACKS], opened; /* tracks that hold an unsent batch */
    uint8_t out[MAX_BATCH * SEGMENT_ROOM];
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ------------------------------------------------------------------ sending */

static void put_header(const struct stream *s, const struct item *item, int64_t index, uint8_t *header)
{
    uint32_t timestamp = item->timestamp + s->timestamp_offset;
    header[0] = (uint8_t)(0x80 | (item->padded ? 0x20 : 0));
    header[1] = (uint8_t)(item->marker << 7 | s->to.payload_type);
    header[2] = (uint8_t)(index >> 8), header[3] = (uint8_t)index;
    for (int i = 0; i < 4; i++) {
        header[4 + i] = (uint8_t)(timestamp >> (8 * (3 - i)));
        header[8 + i] = (uint8_t)(s->to.ssrc >> (8 * (3 - i)));
    }
}

static ssize_t send_run(const struct stream *s, uint8_t *data, size_t len, size_t segment)
{
    struct iovec vector = {data, len};
    struct msghdr message = {.msg_name = (void *)&s->to.address, .msg_namelen = s->to.address_len, .msg_iov = &vector,
                             .msg_iovlen = 1};
#ifdef UDP_SEGMENT
    union { char room[CMSG_SPACE(sizeof(uint16_t))]; struct cmsghdr align; } control;
    if (len > segment) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_UDP;
        header->cmsg_type = UDP_SEGMENT;
        header->cmsg_len = CMSG_LEN(sizeof(uint16_t));
        uint16_t size = (uint16_t)segment;
        memcpy(CMSG_DATA(header), &size, sizeof size);
    }
#endif
    return sendmsg(s->to.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Send `data` as segments; with GSO in one call, else one by one. Returns how many segments were not sent. */
static unsigned send_segments(struct stream *s, uint8_t *data, size_t len, size_t segment)
{
    if (s->gso && len > segment) {
        if (send_run(s, data, len, segment) >= 0)
            return 0;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
            return (unsigned)((len + segment - 1) / segment); /* never wait: the next frame is worth more */
        s->gso = 0; /* old kernel, or a path without checksum offload (EINVAL, EIO): remembered for this stream */
    }
    unsigned lost = 0;
    for (size_t at = 0; at < len; at += segment) {
        size_t part = len - at < segment ? len - at : segment;
        lost += send_run(s, data + at, part, part) < 0;
    }
    return lost;
}

/* Whether `index` was never sent on this stream; then it counts as sent. Late packets of a reordered source still pass. */
static int is_new(struct stream *s, int64_t index)
{
    if (index < 0 || index >= (int64_t)1 << 48)
        return 0;
    if (index > s->last) {
        int64_t step = index - s->last;
        s->seen = (step < 64 && s->last >= 0 ? s->seen << step : 0) | 1;
        s->last = index;
        return 1;
    }
    uint64_t bit = s->last - index < 64 ? (uint64_t)1 << (s->last - index) : 0;
    if (bit == 0 || s->seen & bit)
        return 0;
    s->seen |= bit;
    return 1;
}

static void send_to_stream(struct engine *e, struct stream *s, const struct item *run, unsigned count)
{
    size_t len = 0, segment = 0, octets = 0;
    unsigned sent = 0, lost = 0;
    for (unsigned i = 0; i < count; i++) {
        uint8_t header[RTP_HEADER];
        int64_t index = run[i].index + s->to.offset;
        if (!is_new(s, index)) {
            lost++; /* would repeat a nonce */
            continue;
        }
        put_header(s, &run[i], index, header);
        size_t wrote = srtp_protect(&s->srtp, (uint64_t)index, header, run[i].payload, run[i].len, e->out + len);
        if (wrote == 0) {
            lost++;
            continue;
        }
        if (segment == 0)
            segment = wrote;
        len += wrote;
        octets += run[i].len;
        sent++;
    }
    if (sent > 0) {
        unsigned unsent = send_segments(s, e->out, len, segment);
        octets = octets * (sent - unsent) / sent;
        lost += unsent;
        sent -= unsent;
    }
    atomic_fetch_add_explicit(&s->packets, sent, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->octets, octets, memory_order_relaxed);
    if (lost > 0)
        atomic_fetch_add_explicit(&s->drops, lost, memory_order_relaxed);
}

/* How many packets from the first on can share one call: all of one size after padding, the last may be shorter. */
static unsigned run_length(const struct item *first, unsigned left)
{
    unsigned lo = first->len, hi = first->len;
    for (unsigned i = 1; i < left; i++) {
        unsigned len = first[i].len;
        unsigned new_lo = len < lo ? len : lo, new_hi = len > hi ? len : hi;
        if (new_hi - new_lo > MAX_PADDING || new_hi > MAX_PAYLOAD)
            return len < lo ? i + 1 : i;
        lo = new_lo, hi = new_hi;
    }
    return left;
}

/* RFC 3550 section 5.1: the last padding byte says how many there are, those that the source added included. */
static void pad_run(struct item *run, unsigned count)
{
    unsigned size = 0;
    for (unsigned i = 0; i < count; i++)
        size = run[i].len > size ? run[i].len : size;
    for (unsigned i = 0; i + 1 < count; i++) {
        unsigned missing = size - run[i].len;
        if (missing == 0)
            continue;
        unsigned before = run[i].padded && run[i].len > 0 ? run[i].payload[run[i].len - 1] : 0;
        memset(run[i].payload + run[i].len, 0, missing);
        run[i].payload[size - 1] = (uint8_t)(before + missing);
        run[i].padded = 1;
        run[i].len = (uint16_t)size;
    }
}

static void flush(struct engine *e, uint32_t number)
{
    struct track *t = &e->tracks[number];
    for (unsigned first = 0; first < t->gathered;) {
        unsigned count = run_length(&t->batch[first], t->gathered - first);
        pad_run(&t->batch[first], count);
        for (uint32_t i = 0; i < t->count; i++)
            send_to_stream(e, &e->streams[t->streams[(i + t->turn) % t->count]], &t->batch[first], count);
        first += count;
    }
    t->gathered = 0;
    t->turn = t->count > 0 ? (t->turn + 1) % t->count : 0;
    for (uint32_t i = 0; i < e->opened; i++)
        if (e->open[i] == number) {
            e->open[i] = e->open[--e->opened];
            break;
        }
}

/* ------------------------------------------------------------------ the thread's view of tracks and streams */

static void gather(struct engine *e, uint32_t number, const struct item *item)
{
    struct track *t = &e->tracks[number];
    if (t->count == 0)
        return; /* nobody watches */
    if (t->batch == NULL && (t->batch = malloc(MAX_BATCH * sizeof *t->batch)) == NULL)
        return;
    if (t->gathered > 0 && t->batch[t->gathered - 1].timestamp != item->timestamp)
        flush(e, number);
    struct item *kept = &t->batch[t->gathered];
    memcpy(kept, item, offsetof(struct item, payload) + item->len);
    if (t->gathered++ == 0) {
        t->deadline = now_ns() + HOLD_NS;
        e->open[e->opened++] = number;
    }
    if (item->flush || t->gathered == MAX_BATCH)
        flush(e, number);
}

/* What was pushed before a command goes out before it takes effect. */
static void settle(struct engine *e, struct stream *s)
{
    if (s->to.track < MAX_TRACKS && e->tracks[s->to.track].gathered > 0)
        flush(e, s->to.track);
}

static void leave(struct engine *e, struct stream *s)
{
    settle(e, s);
    if (s->to.track >= MAX_TRACKS)
        return;
    struct track *t = &e->tracks[s->to.track];
    uint32_t last = t->streams[--t->count];
    t->streams[s->place] = last;
    e->streams[last].place = s->place;
    t->turn = 0;
}

static void enter(struct engine *e, struct stream *s, uint32_t number)
{
    s->to.track = MAX_TRACKS;
    if (number >= MAX_TRACKS)
        return;
    struct track *t = &e->tracks[number];
    if (t->gathered > 0)
        flush(e, number);
    if (t->count == t->room) {
        uint32_t room = t->room ? t->room * 2 : 8, *more = realloc(t->streams, room * sizeof *more);
        if (more == NULL)
            return; /* the stream stays silent; its counters show it */
        t->streams = more;
        t->room = room;
    }
    s->to.track = number;
    s->place = t->count;
    t->streams[t->count++] = (uint32_t)(s - e->streams);
}

static void handle(struct engine *e, struct entry *entry)
{
    if (entry->kind == PACKET) {
        gather(e, entry->number, &entry->u.item);
        return;
    }
    struct stream *s = &e->streams[entry->number];
    switch (entry->kind) {
    case PACKET_TO:
        send_to_stream(e, s, &entry->u.item, 1);
        break;
    case PAYLOAD_TYPE:
        settle(e, s);
        s->to.payload_type = entry->u.payload_type;
        break;
    case ADD:
        enter(e, s, s->to.track);
        break;
    case REMOVE:
        leave(e, s);
        srtp_close(&s->srtp);
        atomic_store_explicit(&s->state, FREE, memory_order_release);
        break;
    case MOVE:
        settle(e, s);
        s->to.address = entry->u.move.address;
        s->to.address_len = entry->u.move.address_len;
        s->to.fd = entry->u.move.fd;
        s->gso = e->gso;
        break;
    case ATTACH:
        leave(e, s);
        enter(e, s, entry->u.retarget.track);
        break;
    default:
        leave(e, s);
        s->to.offset = entry->u.retarget.offset;
        s->timestamp_offset = entry->u.retarget.timestamp_offset;
        enter(e, s, entry->u.retarget.track);
    }
}

static uint64_t next_deadline(const struct engine *e)
{
    uint64_t first = UINT64_MAX;
    for (uint32_t i = 0; i < e->opened; i++)
        if (e->tracks[e->open[i]].deadline < first)
            first = e->tracks[e->open[i]].deadline;
    return first;
}

static void flush_due(struct engine *e)
{
    uint64_t now = now_ns();
    for (uint32_t i = e->opened; i-- > 0;)
        if (i < e->opened && e->tracks[e->open[i]].deadline <= now)
            flush(e, e->open[i]);
}

static void *serve(void *argument)
{
    struct engine *e = argument;
    uint64_t head = 0;
    for (;;) {
        uint64_t deadline = next_deadline(e);
        struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
        pthread_mutex_lock(&e->lock);
        e->tail = head;
        while (e->filled == head && !e->stopping) {
            if (deadline == UINT64_MAX)
                pthread_cond_wait(&e->filled_more, &e->lock);
            else if (pthread_cond_timedwait(&e->filled_more, &e->lock, &until) == ETIMEDOUT)
                break;
        }
        uint64_t upto = e->filled;
        int stopping = e->stopping;
        pthread_mutex_unlock(&e->lock);
        for (; head != upto; head++)
            handle(e, &e->ring[head % RING]);
        if (stopping)
            return NULL;
        flush_due(e);
    }
}

/* ------------------------------------------------------------------ the producer's side */

struct engine *engine_open(uint32_t max_streams, int gso)
{
    struct engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return NULL;
    e->max_streams = max_streams;
    e->gso = gso;
    e->ring = malloc(RING * sizeof *e->ring);
    e->streams = calloc(max_streams, sizeof *e->streams);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
#ifndef __APPLE__ /* has no CLOCK_MONOTONIC for conditions; a clock step there can hold one frame longer */
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
#endif
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->filled_more, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (e->ring == NULL || e->streams == NULL || pthread_create(&e->thread, NULL, serve, e) != 0) {
        free(e->ring);
        free(e->streams);
        free(e);
        return NULL;
    }
    return e;
}

void engine_close(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    e->stopping = 1;
    pthread_cond_signal(&e->filled_more);
    pthread_mutex_unlock(&e->lock);
    pthread_join(e->thread, NULL);
    for (uint32_t i = 0; i < e->max_streams; i++)
        if (atomic_load(&e->streams[i].state) != FREE)
            srtp_close(&e->streams[i].srtp);
    for (uint32_t i = 0; i < MAX_TRACKS; i++) {
        free(e->tracks[i].streams);
        free(e->tracks[i].batch);
    }
    pthread_cond_destroy(&e->filled_more);
    pthread_mutex_destroy(&e->lock);
    free(e->ring);
    free(e->streams);
    free(e);
}

/* The next free entry, with the lock held, or NULL (lock given back). */
static struct entry *begin(struct engine *e, uint64_t room)
{
    pthread_mutex_lock(&e->lock);
    if (e->filled - e->tail >= room) {
        pthread_mutex_unlock(&e->lock);
        return NULL;
    }
    return &e->ring[e->filled % RING];
}

static int commit(struct engine *e)
{
    e->filled++;
    pthread_cond_signal(&e->filled_more);
    pthread_mutex_unlock(&e->lock);
    return 1;
}

static int is_taken(struct engine *e, uint32_t stream)
{
    return stream < e->max_streams && atomic_load_explicit(&e->streams[stream].state, memory_order_acquire) == TAKEN;
}

static struct entry *begin_command(struct engine *e, enum kind kind, uint32_t stream)
{
    struct entry *entry = is_taken(e, stream) ? begin(e, RING) : NULL;
    if (entry != NULL) {
        entry->kind = kind;
        entry->number = stream;
    }
    return entry;
}

long engine_add(struct engine *e, const struct stream_setup *setup)
{
    for (uint32_t tried = 0; tried < e->max_streams; tried++) {
        uint32_t number = e->next++ % e->max_streams;
        struct stream *s = &e->streams[number];
        if (atomic_load_explicit(&s->state, memory_order_acquire) != FREE)
            continue;
        memset(s, 0, sizeof *s);
        s->to = *setup;
        s->last = -1;
        s->gso = e->gso;
        if (!srtp_open(&s->srtp, setup)) {
            srtp_close(&s->srtp);
            return ENGINE_NO_CRYPTO;
        }
        atomic_store_explicit(&s->state, TAKEN, memory_order_release);
        struct entry *entry = begin_command(e, ADD, number);
        if (entry == NULL) {
            srtp_close(&s->srtp);
            atomic_store_explicit(&s->state, FREE, memory_order_release);
            return ENGINE_FULL;
        }
        commit(e);
        return (long)number;
    }
    return ENGINE_FULL;
}

int engine_remove(struct engine *e, uint32_t stream)
{
    if (begin_command(e, REMOVE, stream) == NULL)
        return 0;
    atomic_store_explicit(&e->streams[stream].state, LEAVING, memory_order_relaxed);
    return commit(e);
}

int engine_move(struct engine *e, uint32_t stream, int fd, const void *address, socklen_t address_len)
{
    struct entry *entry = begin_command(e, MOVE, stream);
    if (entry == NULL)
        return 0;
    memcpy(&entry->u.move.address, address, address_len);
    entry->u.move.address_len = address_len;
    entry->u.move.fd = fd;
    return commit(e);
}

int engine_attach(struct engine *e, uint32_t stream, uint32_t track)
{
    struct entry *entry = begin_command(e, ATTACH, stream);
    if (entry == NULL)
        return 0;
    entry->u.retarget.track = track;
    return commit(e);
}

int engine_retarget(struct engine *e, uint32_t stream, uint32_t track, int64_t offset, uint32_t timestamp_offset)
{
    struct entry *entry = begin_command(e, RETARGET, stream);
    if (entry == NULL)
        return 0;
    entry->u.retarget.track = track;
    entry->u.retarget.offset = offset;
    entry->u.retarget.timestamp_offset = timestamp_offset;
    return commit(e);
}

int engine_set_payload_type(struct engine *e, uint32_t stream, uint8_t payload_type)
{
    struct entry *entry = begin_command(e, PAYLOAD_TYPE, stream);
    if (entry == NULL)
        return 0;
    entry->u.payload_type = payload_type;
    return commit(e);
}

static int push(struct engine *e, struct entry *entry, enum kind kind, uint32_t number, const struct packet *packet,
                uint8_t flush_now)
{
    if (entry == NULL)
        return 0;
    struct item *item = &entry->u.item;
    entry->kind = kind;
    entry->number = number;
    item->index = packet->index;
    item->timestamp = packet->timestamp;
    item->len = packet->len;
    item->marker = packet->marker;
    item->padded = packet->padded;
    item->flush = flush_now;
    memcpy(item->payload, packet->payload, packet->len);
    return commit(e);
}

int engine_push(struct engine *e, uint32_t track, const struct packet *packet, uint8_t flush_now)
{
    return push(e, begin(e, RING - KEPT_FOR_COMMANDS), PACKET, track, packet, flush_now);
}

int engine_push_to(struct engine *e, uint32_t stream, const struct packet *packet)
{
    return is_taken(e, stream) && push(e, begin(e, RING - KEPT_FOR_COMMANDS), PACKET_TO, stream, packet, 1);
}

int engine_counters(struct engine *e, uint32_t stream, struct counters *counted)
{
    if (!is_taken(e, stream))
        return 0;
    const struct stream *s = &e->streams[stream];
    counted->packets = atomic_load_explicit(&s->packets, memory_order_relaxed);
    counted->octets = atomic_load_explicit(&s->octets, memory_order_relaxed);
    counted->drops = atomic_load_explicit(&s->drops, memory_order_relaxed);
    return 1;
}
