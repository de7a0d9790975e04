/* The ring and the threads that read it; see the head of egress.c for who owns what. */
#define _GNU_SOURCE
#include "engine_state.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *serve(void *argument)
{
    struct worker *w = argument;
    struct engine *e = w->engine;
    uint64_t head = 0;
    for (;;) {
        uint64_t deadline = next_deadline(w);
        struct timespec until = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
        pthread_mutex_lock(&e->lock);
        w->tail = head;
        while (e->filled == head && !e->stopping) {
            if (deadline == UINT64_MAX)
                pthread_cond_wait(&w->filled_more, &e->lock);
            else if (pthread_cond_timedwait(&w->filled_more, &e->lock, &until) == ETIMEDOUT)
                break;
        }
        uint64_t upto = e->filled;
        int stopping = e->stopping;
        pthread_mutex_unlock(&e->lock);
        for (; head != upto; head++)
            handle(w, &e->ring[head % RING]);
        if (stopping)
            return NULL;
        flush_due(w);
    }
}

/* ------------------------------------------------------------------ the producer's side */

struct engine *engine_open(uint32_t max_streams, unsigned threads, int gso)
{
    struct engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return NULL;
    e->max_streams = max_streams;
    e->gso = gso;
    e->ring = malloc(RING * sizeof *e->ring);
    e->streams = calloc(max_streams, sizeof *e->streams);
    e->workers = calloc(threads, sizeof *e->workers);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
#ifndef __APPLE__ /* has no CLOCK_MONOTONIC for conditions; a clock step there can hold one frame longer */
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
#endif
    pthread_mutex_init(&e->lock, NULL);
    int ready = e->ring != NULL && e->streams != NULL && e->workers != NULL;
    while (ready && e->threads < threads) {
        struct worker *w = &e->workers[e->threads];
        w->engine = e;
        w->number = e->threads;
        pthread_cond_init(&w->filled_more, &monotonic);
        ready = pthread_create(&w->thread, NULL, serve, w) == 0;
        e->threads += (unsigned)ready;
    }
    pthread_condattr_destroy(&monotonic);
    if (!ready) {
        engine_close(e);
        return NULL;
    }
    return e;
}

void engine_close(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    e->stopping = 1;
    for (unsigned number = 0; number < e->threads; number++)
        pthread_cond_signal(&e->workers[number].filled_more);
    pthread_mutex_unlock(&e->lock);
    for (unsigned number = 0; number < e->threads; number++) {
        struct worker *w = &e->workers[number];
        pthread_join(w->thread, NULL);
        pthread_cond_destroy(&w->filled_more);
        for (uint32_t i = 0; i < MAX_TRACKS; i++) {
            free(w->tracks[i].streams);
            free(w->tracks[i].batch);
        }
    }
    for (uint32_t i = 0; e->streams != NULL && i < e->max_streams; i++)
        if (atomic_load(&e->streams[i].state) != FREE)
            srtp_close(&e->streams[i].srtp);
    pthread_mutex_destroy(&e->lock);
    free(e->ring);
    free(e->streams);
    free(e->workers);
    free(e);
}

/* The next free entry, with the lock held, or NULL (lock given back). Free is what every thread has given back. */
static struct entry *begin(struct engine *e, uint64_t room)
{
    pthread_mutex_lock(&e->lock);
    for (unsigned number = 0; number < e->threads; number++)
        if (e->filled - e->workers[number].tail >= room) {
            pthread_mutex_unlock(&e->lock);
            return NULL;
        }
    return &e->ring[e->filled % RING];
}

/* Waking costs 40 us of the producer's time, so it is left out where a thread will come by itself (`is_waited_for`), and is
 * done after the lock is given back: the threads would run into it. */
static int commit(struct engine *e, int wake)
{
    e->filled++;
    pthread_mutex_unlock(&e->lock);
    for (unsigned number = 0; wake && number < e->threads; number++)
        pthread_cond_signal(&e->workers[number].filled_more);
    return 1;
}

/* Whether the threads hold a part of this packet's frame: they were woken for it less than HOLD_NS ago, will look again when
 * that time is over, and have room for more. The frame's last packet ends that. */
static int is_waited_for(struct engine *e, uint32_t track, int ends_frame)
{
    struct awaited *a = &e->awaited[track];
    uint64_t now = now_ns();
    int is_held = !ends_frame && now < a->until && ++a->packets < MAX_BATCH;
    if (!is_held)
        *a = (struct awaited){ends_frame ? 0 : now + HOLD_NS, 0};
    return is_held;
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
        entry->thread = e->streams[stream].to.thread;
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
        commit(e, 1);
        return (long)number;
    }
    return ENGINE_FULL;
}

int engine_remove(struct engine *e, uint32_t stream)
{
    if (begin_command(e, REMOVE, stream) == NULL)
        return 0;
    atomic_store_explicit(&e->streams[stream].state, LEAVING, memory_order_relaxed);
    return commit(e, 1);
}

int engine_move(struct engine *e, uint32_t stream, int fd, const void *address, socklen_t address_len)
{
    struct entry *entry = begin_command(e, MOVE, stream);
    if (entry == NULL)
        return 0;
    memcpy(&entry->u.move.address, address, address_len);
    entry->u.move.address_len = address_len;
    entry->u.move.fd = fd;
    return commit(e, 1);
}

int engine_attach(struct engine *e, uint32_t stream, uint32_t track)
{
    struct entry *entry = begin_command(e, ATTACH, stream);
    if (entry == NULL)
        return 0;
    entry->u.retarget.track = track;
    return commit(e, 1);
}

int engine_retarget(struct engine *e, uint32_t stream, uint32_t track, int64_t offset, uint32_t timestamp_offset)
{
    struct entry *entry = begin_command(e, RETARGET, stream);
    if (entry == NULL)
        return 0;
    entry->u.retarget.track = track;
    entry->u.retarget.offset = offset;
    entry->u.retarget.timestamp_offset = timestamp_offset;
    return commit(e, 1);
}

int engine_set_payload_type(struct engine *e, uint32_t stream, uint8_t payload_type)
{
    struct entry *entry = begin_command(e, PAYLOAD_TYPE, stream);
    if (entry == NULL)
        return 0;
    entry->u.payload_type = payload_type;
    return commit(e, 1);
}

static int push(struct engine *e, struct entry *entry, enum kind kind, uint32_t number, const struct packet *packet,
                uint8_t flags)
{
    if (entry == NULL)
        return 0;
    struct item *item = &entry->u.item;
    entry->kind = kind;
    entry->thread = kind == PACKET_TO ? e->streams[number].to.thread : 0;
    entry->number = number;
    item->index = packet->index;
    item->timestamp = packet->timestamp;
    item->len = packet->len;
    item->marker = packet->marker;
    item->padded = packet->padded;
    item->flush = flags & PUSH_FLUSH;
    memcpy(item->payload, packet->payload, packet->len);
    return commit(e, !(flags & PUSH_MORE) && !(kind == PACKET && is_waited_for(e, number, item->flush)));
}

int engine_push(struct engine *e, uint32_t track, const struct packet *packet, uint8_t flags)
{
    return push(e, begin(e, RING - KEPT_FOR_COMMANDS), PACKET, track, packet, flags);
}

int engine_push_to(struct engine *e, uint32_t stream, const struct packet *packet)
{
    return is_taken(e, stream) && push(e, begin(e, RING - KEPT_FOR_COMMANDS), PACKET_TO, stream, packet, PUSH_FLUSH);
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
