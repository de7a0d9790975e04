/* SRTP protection of one stream: AEAD_AES_128_GCM (RFC 7714) and AES128_CM_HMAC_SHA1_80 (RFC 3711), by OpenSSL EVP. */
#ifndef VITRINE_SRTP_H
#define VITRINE_SRTP_H

#include "engine.h"
#include <openssl/evp.h>

#define RTP_HEADER 12
#define MAX_TAG 16

struct srtp {
    EVP_CIPHER_CTX *cipher;
    EVP_MD_CTX *inner, *outer, *work; /* HMAC-SHA1 with its two key blocks already hashed: saves half of its cost */
    int is_gcm;
    uint32_t ssrc;
    uint8_t salt[14];
};

int srtp_open(struct srtp *, const struct stream_setup *);
void srtp_close(struct srtp *);
/* Writes 12 bytes of header as they are, the protected payload and the tag to `out`; returns the length, 0 on failure. */
size_t srtp_protect(struct srtp *, uint64_t index, const uint8_t header[RTP_HEADER], const uint8_t *payload, size_t len,
                    uint8_t *out);

#endif
