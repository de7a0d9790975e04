#include "srtp.h"

int srtp_open(struct srtp *s, const struct stream_setup *setup)
{
    memset(s, 0, sizeof *s);
    s->is_gcm = setup->profile == PROFILE_AEAD_AES_128_GCM;
    s->ssrc = setup->ssrc;
    memcpy(s->salt, setup->salt, sizeof s->salt);
    s->cipher = EVP_CIPHER_CTX_new();
    const EVP_CIPHER *kind = s->is_gcm ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
    if (s->cipher == NULL || EVP_EncryptInit_ex(s->cipher, kind, NULL, setup->key, NULL) != 1)
        return 0;
    if (s->is_gcm)
        return 1;
    uint8_t block[64];
    s->inner = EVP_MD_CTX_new();
    s->outer = EVP_MD_CTX_new();
    s->work = EVP_MD_CTX_new();
    if (s->inner == NULL || s->outer == NULL || s->work == NULL)
        return 0;
    for (int i = 0; i < 64; i++)
        block[i] = (uint8_t)((i < 20 ? setup->auth[i] : 0) ^ 0x36);
    if (EVP_DigestInit_ex(s->inner, EVP_sha1(), NULL) != 1 || EVP_DigestUpdate(s->inner, block, 64) != 1)
        return 0;
    for (int i = 0; i < 64; i++)
        block[i] ^= 0x36 ^ 0x5c;
    return EVP_DigestInit_ex(s->outer, EVP_sha1(), NULL) == 1 && EVP_DigestUpdate(s->outer, block, 64) == 1;
}

void srtp_close(struct srtp *s)
{
    EVP_CIPHER_CTX_free(s->cipher);
    EVP_MD_CTX_free(s->inner);
    EVP_MD_CTX_free(s->outer);
    EVP_MD_CTX_free(s->work);
    memset(s, 0, sizeof *s);
}

static void put32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

/* RFC 7714 section 8.1: two zero bytes, SSRC, ROC, SEQ; xor the 12-byte salt. */
static size_t protect_gcm(struct srtp *s, uint64_t index, const uint8_t *payload, size_t len, uint8_t *out)
{
    uint8_t iv[12] = {0};
    int n = 0;
    put32(iv + 2, s->ssrc);
    put32(iv + 6, (uint32_t)(index >> 16));
    iv[10] = (uint8_t)(index >> 8), iv[11] = (uint8_t)index;
    for (int i = 0; i < 12; i++)
        iv[i] ^= s->salt[i];
    uint8_t *body = out + RTP_HEADER;
    if (EVP_EncryptInit_ex(s->cipher, NULL, NULL, NULL, iv) != 1 ||
        EVP_EncryptUpdate(s->cipher, NULL, &n, out, RTP_HEADER) != 1 ||
        EVP_EncryptUpdate(s->cipher, body, &n, payload, (int)len) != 1 ||
        EVP_EncryptFinal_ex(s->cipher, body + len, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, 16, body + len) != 1)
        return 0;
    return RTP_HEADER + len + 16;
}

/* RFC 3711 sections 4.1.1 and 4.2.1: IV = salt*2^16 xor SSRC*2^64 xor index*2^16; tag = HMAC(packet || ROC), 80 bits. */
static size_t protect_cm(struct srtp *s, uint64_t index, const uint8_t *payload, size_t len, uint8_t *out)
{
    uint8_t iv[16] = {0}, word[4], digest[20];
    int n = 0;
    memcpy(iv, s->salt, 14);
    put32(word, s->ssrc);
    for (int i = 0; i < 4; i++)
        iv[4 + i] ^= word[i];
    for (int i = 0; i < 6; i++)
        iv[8 + i] ^= (uint8_t)(index >> (8 * (5 - i)));
    uint8_t *body = out + RTP_HEADER;
    put32(word, (uint32_t)(index >> 16));
    if (EVP_EncryptInit_ex(s->cipher, NULL, NULL, NULL, iv) != 1 ||
        EVP_EncryptUpdate(s->cipher, body, &n, payload, (int)len) != 1 ||
        EVP_MD_CTX_copy_ex(s->work, s->inner) != 1 || EVP_DigestUpdate(s->work, out, RTP_HEADER + len) != 1 ||
        EVP_DigestUpdate(s->work, word, 4) != 1 || EVP_DigestFinal_ex(s->work, digest, NULL) != 1 ||
        EVP_MD_CTX_copy_ex(s->work, s->outer) != 1 || EVP_DigestUpdate(s->work, digest, 20) != 1 ||
        EVP_DigestFinal_ex(s->work, digest, NULL) != 1)
        return 0;
    memcpy(body + len, digest, 10);
    return RTP_HEADER + len + 10;
}

size_t srtp_protect(struct srtp *s, uint64_t index, const uint8_t header[RTP_HEADER], const uint8_t *payload, size_t len,
                    uint8_t *out)
{
    memcpy(out, header, RTP_HEADER);
    return s->is_gcm ? protect_gcm(s, index, payload, len, out) : protect_cm(s, index, payload, len, out);
}
