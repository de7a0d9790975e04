/* The floor: what the kernel and the cipher alone cost. A loop over N UDP addresses, each frame of 5 packets protected
 * with AES-128-GCM per address and sent by one call (UDP GSO). No Python, no queue, no feedback, no signalling.
 *
 * Usage: floor SECONDS PAYLOAD PACKETS_PER_S BATCH < ports   (one loopback UDP port a line)
 * Prints: packets sent, CPU microseconds per packet.
 */
#define _GNU_SOURCE
#include "../../stream_server/media/native/srtp.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_SINKS 4096

static double cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
    static struct sockaddr_in to[MAX_SINKS];
    static struct srtp crypto[MAX_SINKS];
    static uint8_t payload[MAX_PAYLOAD], out[16 * 1500];
    if (argc != 5)
        return 2;
    double seconds = atof(argv[1]);
    size_t size = (size_t)atoi(argv[2]);
    int rate = atoi(argv[3]), batch = atoi(argv[4]), sinks = 0, port;
    if (size > MAX_PAYLOAD || batch < 1 || batch > 16 || rate < 1)
        return 2;
    while (sinks < MAX_SINKS && scanf("%d", &port) == 1) {
        struct stream_setup setup = {.profile = PROFILE_AEAD_AES_128_GCM, .ssrc = (uint32_t)sinks, .payload_type = 96};
        setup.key[0] = (uint8_t)sinks;
        to[sinks].sin_family = AF_INET;
        to[sinks].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to[sinks].sin_port = htons((uint16_t)port);
        if (!srtp_open(&crypto[sinks++], &setup))
            return 1;
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 8 << 20;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    uint64_t index = 0, sent = 0;
    double before = cpu_us();
    for (int frame = 0; frame < (int)(seconds * rate / batch); frame++) {
        for (int s = 0; s < sinks; s++) {
            size_t len = 0, segment = 0;
            for (int k = 0; k < batch; k++) {
                uint8_t header[RTP_HEADER] = {0x80, 96, (uint8_t)((index + (uint64_t)k) >> 8), (uint8_t)(index + (uint64_t)k)};
                segment = srtp_protect(&crypto[s], index + (uint64_t)k, header, payload, size, out + len);
                len += segment;
            }
            union { char room[CMSG_SPACE(sizeof(uint16_t))]; struct cmsghdr align; } control = {0};
            struct iovec vector = {out, len};
            struct msghdr message = {.msg_name = &to[s], .msg_namelen = sizeof to[s], .msg_iov = &vector, .msg_iovlen = 1};
            if (batch > 1) {
                message.msg_control = control.room;
                message.msg_controllen = sizeof control.room;
                struct cmsghdr *h = CMSG_FIRSTHDR(&message);
                h->cmsg_level = SOL_UDP, h->cmsg_type = UDP_SEGMENT, h->cmsg_len = CMSG_LEN(sizeof(uint16_t));
                uint16_t part = (uint16_t)segment;
                memcpy(CMSG_DATA(h), &part, sizeof part);
            }
            if (sendmsg(fd, &message, MSG_DONTWAIT) > 0)
                sent += (uint64_t)batch;
        }
        index += (uint64_t)batch;
        next.tv_nsec += 1000000000L / rate * batch;
        while (next.tv_nsec >= 1000000000L)
            next.tv_nsec -= 1000000000L, next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    printf("%llu %.4f\n", (unsigned long long)sent, sent ? (cpu_us() - before) / (double)sent : 0.0);
    return 0;
}
