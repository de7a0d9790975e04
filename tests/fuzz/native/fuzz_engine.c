/* Feeds the native egress arbitrary sequences of commands: streams come, go, move and change tracks while packets of
 * every allowed size are pushed. Address and undefined-behaviour sanitizers are the judges; besides, every datagram
 * that arrives must have a length that some pushed packet can have.
 *
 * With clang:  -fsanitize=fuzzer,address,undefined   (make fuzz-native)
 * With gcc:    -fsanitize=address,undefined -DSTANDALONE, which brings its own seeded byte source.
 */
#include "../../../stream_server/media/native/engine.h"
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STREAMS 8

struct reader {
    const uint8_t *at;
    size_t left;
};

static uint32_t take(struct reader *r, int bytes)
{
    uint32_t value = 0;
    for (; bytes > 0 && r->left > 0; bytes--, r->left--)
        value = value << 8 | *r->at++;
    return value;
}

static int open_socket(struct sockaddr_in *address)
{
    socklen_t len = sizeof *address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)address, len) != 0 || getsockname(fd, (struct sockaddr *)address, &len) != 0)
        abort();
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int sender = -1, sink = -1;
    static struct sockaddr_in unused, to;
    static uint8_t payload[MAX_PAYLOAD];
    if (sender < 0) {
        sender = open_socket(&unused);
        sink = open_socket(&to);
    }
    struct reader r = {data, size};
    uint32_t how = take(&r, 1);
    unsigned threads = 1 + (how >> 1) % 3;
    struct engine *e = engine_open(STREAMS, threads, (int)how & 1);
    struct counters counted;
    int64_t index[4] = {0};
    assert(e != NULL);
    while (r.left > 0) {
        uint32_t what = take(&r, 1), stream = take(&r, 1) % (STREAMS + 1), track = take(&r, 1) % 4;
        struct stream_setup setup = {.fd = sender, .thread = what % threads, .track = track, .ssrc = stream, .payload_type = 96,
                                     .profile = what & 8 ? PROFILE_AES128_CM_SHA1_80 : PROFILE_AEAD_AES_128_GCM,
                                     .offset = take(&r, 2), .address_len = sizeof to};
        memcpy(&setup.address, &to, sizeof to);
        switch (what % 8) {
        case 0:
            engine_add(e, &setup);
            break;
        case 1:
            engine_remove(e, stream);
            break;
        case 2:
            engine_move(e, stream, sender, &to, sizeof to);
            break;
        case 3:
            engine_retarget(e, stream, what & 16 ? track : MAX_TRACKS, (int64_t)take(&r, 3) - 1000, take(&r, 2));
            break;
        case 4:
            if (engine_counters(e, stream, &counted))
                assert(counted.packets <= 100000);
            break;
        case 5:
            engine_set_payload_type(e, stream, (uint8_t)(track * 30));
            engine_attach(e, stream, what & 64 ? track : MAX_TRACKS);
            break;
        default:
            index[track] += (int64_t)(take(&r, 1) % 5) - 1; /* late or the same again at times: never sent twice */
            struct packet packet = {payload, (uint16_t)(take(&r, 2) % (MAX_PAYLOAD + 1)), what & 16 ? 1 : 0,
                                    what & 64 ? 1 : 0, take(&r, 1), index[track] < 0 ? 0 : index[track]};
            if (what & 128)
                engine_push_to(e, stream, &packet);
            else
                engine_push(e, track, &packet, (uint8_t)((what & 32 ? PUSH_FLUSH : 0) | (what & 8 ? PUSH_MORE : 0)));
        }
    }
    engine_close(e);
    uint8_t packet[2048];
    for (ssize_t got; (got = recv(sink, packet, sizeof packet, MSG_DONTWAIT)) >= 0;)
        assert(got >= 12 + 10 && got <= 12 + MAX_PAYLOAD + 8 + 16 && packet[0] >> 6 == 2);
    return 0;
}

#ifdef STANDALONE
int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
    srandom(argc > 2 ? (unsigned)atoi(argv[2]) : 1);
    for (unsigned i = 0; i < rounds; i++) {
        uint8_t data[4096];
        size_t size = (size_t)random() % sizeof data;
        for (size_t k = 0; k < size; k++)
            data[k] = (uint8_t)random();
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("%u rounds clean\n", rounds);
    return 0;
}
#endif
