/* The engine behind egress.c, free of Python so that it can be fuzzed and benchmarked alone. */
#ifndef VITRINE_ENGINE_H
#define VITRINE_ENGINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_TRACKS 1024
#define MAX_PAYLOAD 1420 /* with header, padding, tag and IP/UDP it stays below 1500 */
#define MAX_THREADS 8
#define MAX_BATCH 16     /* packets of one frame sent by one call; 16 x 1456 < 64 KiB, the limit of GSO */

enum { PROFILE_AES128_CM_SHA1_80 = 1, PROFILE_AEAD_AES_128_GCM = 7 }; /* numbers of RFC 5764 and RFC 7714 */
enum { ENGINE_FULL = -1, ENGINE_NO_CRYPTO = -2 };

struct stream_setup {
    struct sockaddr_storage address;
    socklen_t address_len;
    int fd; /* borrowed: stays open until the stream is removed */
    int profile;
    unsigned thread; /* which one serves it, for good; below the engine's number of threads */
    uint32_t track;  /* MAX_TRACKS: none yet */
    uint32_t ssrc;
    int64_t offset; /* added to a source packet's index to get the viewer's 48-bit SRTP index */
    uint8_t payload_type;
    uint8_t key[16], salt[14], auth[20]; /* session keys, already derived (RFC 3711 section 4.3) */
};

struct counters {
    uint64_t packets, octets, drops; /* octets: of payload, as a sender report counts them */
};

struct packet {
    const void *payload;
    uint16_t len;
    uint8_t marker, padded; /* padded: the payload already ends with RTP padding */
    uint32_t timestamp;
    int64_t index;
};

struct engine;

struct engine *engine_open(uint32_t max_streams, unsigned threads, int gso);
void engine_close(struct engine *);
long engine_add(struct engine *, const struct stream_setup *);
int engine_remove(struct engine *, uint32_t stream);
int engine_move(struct engine *, uint32_t stream, int fd, const void *address, socklen_t address_len);
int engine_attach(struct engine *, uint32_t stream, uint32_t track);
int engine_retarget(struct engine *, uint32_t stream, uint32_t track, int64_t offset, uint32_t timestamp_offset);
int engine_set_payload_type(struct engine *, uint32_t stream, uint8_t payload_type);
/* PUSH_FLUSH sends what was gathered for the track at once; with PUSH_MORE another push follows in a moment, and only
 * that one wakes the threads. Returns 0 when the ring is full. */
enum { PUSH_FLUSH = 1, PUSH_MORE = 2 };
int engine_push(struct engine *, uint32_t track, const struct packet *, uint8_t flags);
int engine_push_to(struct engine *, uint32_t stream, const struct packet *);
int engine_counters(struct engine *, uint32_t stream, struct counters *);

#endif
