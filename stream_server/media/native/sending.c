/* One run of packets to one stream: sizes made equal, headers written, sealed, and sent by one call (UDP GSO). */
#define _GNU_SOURCE
#include "engine_state.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>

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

void send_to_stream(struct worker *w, struct stream *s, const struct item *run, unsigned count)
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
        size_t wrote = srtp_protect(&s->srtp, (uint64_t)index, header, run[i].payload, run[i].len, w->out + len);
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
        unsigned unsent = send_segments(s, w->out, len, segment);
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
unsigned run_length(const struct item *first, unsigned left)
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
void pad_run(struct item *run, unsigned count)
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
