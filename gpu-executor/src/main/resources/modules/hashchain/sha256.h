// SHA-256 (FIPS 180-4), of a message in parts.

#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_BLOCK_BYTES = 64 };

typedef struct {
  uint32_t state[8];
  uint64_t bytes;
  uint8_t block[SHA256_BLOCK_BYTES];
} Sha256;

void sha256_start(Sha256 *hash);
void sha256_add(Sha256 *hash, const void *bytes, size_t count);
void sha256_end(Sha256 *hash, uint8_t digest[SHA256_BYTES]);

#endif
