/* A thread's table: which streams a track has, the frame that is being gathered for it, and commands on both. */
#include "engine_state.h"
#include <stdlib.h>

static void flush(struct worker *w, uint32_t number)
{
    struct track *t = &w->tracks[number];
    for (unsigned first = 0; first < t->gathered;) {
        unsigned count = run_length(&t->batch[first], t->gathered - first);
        pad_run(&t->batch[first], count);
        for (uint32_t i = 0; i < t->count; i++)
            send_to_stream(w, &w->engine->streams[t->streams[(i + t->turn) % t->count]], &t->batch[first], count);
        first += count;
    }
    t->gathered = 0;
    t->turn = t->count > 0 ? (t->turn + 1) % t->count : 0;
    for (uint32_t i = 0; i < w->opened; i++)
        if (w->open[i] == number) {
            w->open[i] = w->open[--w->opened];
            break;
        }
}

static void gather(struct worker *w, uint32_t number, const struct item *item)
{
    struct track *t = &w->tracks[number];
    if (t->count == 0)
        return; /* nobody watches */
    if (t->batch == NULL && (t->batch = malloc(MAX_BATCH * sizeof *t->batch)) == NULL)
        return;
    if (t->gathered > 0 && t->batch[t->gathered - 1].timestamp != item->timestamp)
        flush(w, number);
    struct item *kept = &t->batch[t->gathered];
    memcpy(kept, item, offsetof(struct item, payload) + item->len);
    if (t->gathered++ == 0) {
        t->deadline = now_ns() + HOLD_NS;
        w->open[w->opened++] = number;
    }
    if (item->flush || t->gathered == MAX_BATCH)
        flush(w, number);
}

/* What was pushed before a command goes out before it takes effect. */
static void settle(struct worker *w, struct stream *s)
{
    if (s->to.track < MAX_TRACKS && w->tracks[s->to.track].gathered > 0)
        flush(w, s->to.track);
}

static void leave(struct worker *w, struct stream *s)
{
    settle(w, s);
    if (s->to.track >= MAX_TRACKS)
        return;
    struct track *t = &w->tracks[s->to.track];
    uint32_t last = t->streams[--t->count];
    t->streams[s->place] = last;
    w->engine->streams[last].place = s->place;
    t->turn = 0;
}

static void enter(struct worker *w, struct stream *s, uint32_t number)
{
    s->to.track = MAX_TRACKS;
    if (number >= MAX_TRACKS)
        return;
    struct track *t = &w->tracks[number];
    if (t->gathered > 0)
        flush(w, number);
    if (t->count == t->room) {
        uint32_t room = t->room ? t->room * 2 : 8, *more = realloc(t->streams, room * sizeof *more);
        if (more == NULL)
            return; /* the stream stays silent; its counters show it */
        t->streams = more;
        t->room = room;
    }
    s->to.track = number;
    s->place = t->count;
    t->streams[t->count++] = (uint32_t)(s - w->engine->streams);
}

void handle(struct worker *w, const struct entry *entry)
{
    if (entry->kind == PACKET) {
        gather(w, entry->number, &entry->u.item);
        return;
    }
    if (entry->thread != w->number)
        return;
    struct stream *s = &w->engine->streams[entry->number];
    switch (entry->kind) {
    case PACKET_TO:
        send_to_stream(w, s, &entry->u.item, 1);
        break;
    case PAYLOAD_TYPE:
        settle(w, s);
        s->to.payload_type = entry->u.payload_type;
        break;
    case ADD:
        enter(w, s, s->to.track);
        break;
    case REMOVE:
        leave(w, s);
        srtp_close(&s->srtp);
        atomic_store_explicit(&s->state, FREE, memory_order_release);
        break;
    case MOVE:
        settle(w, s);
        s->to.address = entry->u.move.address;
        s->to.address_len = entry->u.move.address_len;
        s->to.fd = entry->u.move.fd;
        s->gso = w->engine->gso;
        break;
    case ATTACH:
        leave(w, s);
        enter(w, s, entry->u.retarget.track);
        break;
    default:
        leave(w, s);
        s->to.offset = entry->u.retarget.offset;
        s->timestamp_offset = entry->u.retarget.timestamp_offset;
        enter(w, s, entry->u.retarget.track);
    }
}

uint64_t next_deadline(const struct worker *w)
{
    uint64_t first = UINT64_MAX;
    for (uint32_t i = 0; i < w->opened; i++)
        if (w->tracks[w->open[i]].deadline < first)
            first = w->tracks[w->open[i]].deadline;
    return first;
}

void flush_due(struct worker *w)
{
    uint64_t now = now_ns();
    for (uint32_t i = w->opened; i-- > 0;)
        if (i < w->opened && w->tracks[w->open[i]].deadline <= now)
            flush(w, w->open[i]);
}
