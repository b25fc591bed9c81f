#include "png.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_MIN = 3, RUN_MAX = 258, ADLER_MODULUS = 65521 };

typedef struct {
  uint8_t *bytes;
  size_t size;
  uint32_t bits;
  int bit_count;
} Deflate;

static void put_bits(Deflate *out, uint32_t value, int count) {
  out->bits |= value << out->bit_count;
  out->bit_count += count;
  while (out->bit_count >= 8) {
    out->bytes[out->size++] = (uint8_t)out->bits;
    out->bits >>= 8;
    out->bit_count -= 8;
  }
}

/// Huffman codes are packed from their most significant bit (RFC 1951, 3.1.1).
static void put_code(Deflate *out, uint32_t code, int count) {
  uint32_t reversed = 0;
  for (int i = 0; i < count; i++) {
    reversed |= ((code >> i) & 1U) << (count - 1 - i);
  }
  put_bits(out, reversed, count);
}

/// The fixed literal and length codes (RFC 1951, 3.2.6).
static void put_symbol(Deflate *out, uint32_t symbol) {
  if (symbol < 144) {
    put_code(out, 0x30 + symbol, 8);
  } else if (symbol < 256) {
    put_code(out, 0x190 + symbol - 144, 9);
  } else if (symbol < 280) {
    put_code(out, symbol - 256, 7);
  } else {
    put_code(out, 0xC0 + symbol - 280, 8);
  }
}

/// A match of length 3 to 258 at distance 1, that is: the last byte repeated (RFC 1951, 3.2.5).
static void put_run(Deflate *out, uint32_t length) {
  if (length == RUN_MAX) {
    put_symbol(out, 285);
  } else {
    uint32_t offset = length - RUN_MIN;
    int extra = 0;
    while ((offset >> extra) >= 8) {
      extra++;
    }
    put_symbol(out, 257 + 4 * (uint32_t)extra + (offset >> extra));
    put_bits(out, offset & ((1U << extra) - 1), extra);
  }
  put_code(out, 0, 5);
}

static uint32_t adler32(const uint8_t *data, size_t size) {
  uint32_t a = 1;
  uint32_t b = 0;
  for (size_t i = 0; i < size; i++) {
    a = (a + data[i]) % ADLER_MODULUS;
    b = (b + a) % ADLER_MODULUS;
  }
  return b << 16 | a;
}

static void big_endian(uint8_t *to, uint32_t value) {
  for (int i = 0; i < 4; i++) {
    to[i] = (uint8_t)(value >> (24 - 8 * i));
  }
}

/// A zlib stream of data; the caller frees it. NULL when out of memory. A literal takes at most 9 bits.
static uint8_t *zlib(const uint8_t *data, size_t size, size_t *result_size) {
  Deflate out = {malloc(size + size / 8 + 64), 0, 0, 0};
  if (out.bytes == NULL) {
    return NULL;
  }
  out.bytes[out.size++] = 0x78;
  out.bytes[out.size++] = 0x01;
  put_bits(&out, 3, 3);  // final block, fixed codes
  for (size_t i = 0; i < size;) {
    uint32_t run = 0;
    while (i > 0 && run < RUN_MAX && i + run < size && data[i + run] == data[i - 1]) {
      run++;
    }
    if (run >= RUN_MIN) {
      put_run(&out, run);
      i += run;
    } else {
      put_symbol(&out, data[i++]);
    }
  }
  put_symbol(&out, 256);
  put_bits(&out, 0, (8 - out.bit_count) % 8);
  big_endian(out.bytes + out.size, adler32(data, size));
  *result_size = out.size + 4;
  return out.bytes;
}

static uint32_t crc32(uint32_t crc, const uint8_t *data, size_t size) {
  for (size_t i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++) {
      crc = crc >> 1 ^ (crc & 1U ? 0xEDB88320U : 0);
    }
  }
  return crc;
}

static void put_chunk(FILE *file, const char *type, const uint8_t *data, size_t size) {
  uint8_t head[8];
  uint8_t tail[4];
  big_endian(head, (uint32_t)size);
  memcpy(head + 4, type, 4);
  big_endian(tail, ~crc32(crc32(~0U, head + 4, 4), data, size));
  fwrite(head, 1, sizeof head, file);
  fwrite(data, 1, size, file);
  fwrite(tail, 1, sizeof tail, file);
}

/// The rows, each behind its filter byte; the caller frees them.
static uint8_t *scan_lines(const uint8_t *pixels, uint32_t width, uint32_t height) {
  uint8_t *lines = calloc(height, width + 1);
  for (uint32_t y = 0; lines != NULL && y < height; y++) {
    memcpy(lines + (size_t)y * (width + 1) + 1, pixels + (size_t)y * width, width);
  }
  return lines;
}

bool png_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height, const uint8_t palette[768]) {
  static const uint8_t SIGNATURE[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  uint8_t header[13] = {[8] = 8, [9] = 3};  // 8 bits, palette
  size_t size = 0;
  uint8_t *lines = scan_lines(pixels, width, height);
  uint8_t *packed = lines == NULL ? NULL : zlib(lines, (size_t)height * (width + 1), &size);
  free(lines);
  FILE *file = packed == NULL ? NULL : fopen(path, "wb");
  if (file == NULL) {
    free(packed);
    return false;
  }
  big_endian(header, width);
  big_endian(header + 4, height);
  fwrite(SIGNATURE, 1, sizeof SIGNATURE, file);
  put_chunk(file, "IHDR", header, sizeof header);
  put_chunk(file, "PLTE", palette, 768);
  put_chunk(file, "IDAT", packed, size);
  put_chunk(file, "IEND", header, 0);
  free(packed);
  bool written = !ferror(file);
  return fclose(file) == 0 && written;
}
