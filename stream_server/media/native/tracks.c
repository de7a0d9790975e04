/* The thread's table: which streams a track has, the frame that is being gathered for it, and commands on both. */
#include "engine_state.h"
#include <stdlib.h>

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

void handle(struct engine *e, struct entry *entry)
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

uint64_t next_deadline(const struct engine *e)
{
    uint64_t first = UINT64_MAX;
    for (uint32_t i = 0; i < e->opened; i++)
        if (e->tracks[e->open[i]].deadline < first)
            first = e->tracks[e->open[i]].deadline;
    return first;
}

void flush_due(struct engine *e)
{
    uint64_t now = now_ns();
    for (uint32_t i = e->opened; i-- > 0;)
        if (i < e->opened && e->tracks[e->open[i]].deadline <= now)
            flush(e, e->open[i]);
}
