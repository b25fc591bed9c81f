// A small PNG encoder (W3C PNG, RFC 1950, RFC 1951) for 8-bit palette images: one pass, runs only, fixed Huffman codes.
#ifndef PNG_H
#define PNG_H

#include <stdbool.h>
#include <stdint.h>

/// Writes an image to a file.
///
/// pixels: height rows of width palette indices; palette: 256 colours, 3 bytes each. False if the file cannot be written.
bool png_write(const char *path, const uint8_t *pixels, uint32_t width, uint32_t height, const uint8_t palette[768]);

#endif
