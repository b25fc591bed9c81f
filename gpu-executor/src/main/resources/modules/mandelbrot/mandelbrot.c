// Draws the Mandelbrot set to /outputs/mandelbrot.png.
//
// usage: mandelbrot [width [height [iterations]]]     1 to 4096 pixels each way, 1 to 10000 iterations
//
// Only additions, subtractions and multiplications of IEEE 754 doubles: the same picture on every machine.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "png.h"

enum { SIDE_MAX = 4096, ITERATIONS_MAX = 10000, PROGRESS_STEPS = 10, INSIDE = 0 };

static uint32_t number(int argc, char **argv, int at, uint32_t otherwise, uint32_t max, const char *name) {
  if (argc <= at) {
    return otherwise;
  }
  char *end;
  long value = strtol(argv[at], &end, 10);
  if (end == argv[at] || *end != 0 || value < 1 || value > (long)max) {
    fprintf(stderr, "mandelbrot: %s: %s (expected: 1 to %u)\n", name, argv[at], max);
    exit(2);
  }
  return (uint32_t)value;
}

/// The palette index of a point: INSIDE when it stays bounded, else 1 to 255 by the steps it took to leave.
static uint8_t colour(double real, double imaginary, uint32_t iterations) {
  double x = 0;
  double y = 0;
  for (uint32_t i = 0; i < iterations; i++) {
    double x2 = x * x;
    double y2 = y * y;
    if (x2 + y2 > 4) {
      return (uint8_t)(1 + i % 255);
    }
    y = 2 * x * y + imaginary;
    x = x2 - y2 + real;
  }
  return INSIDE;
}

/// Lily green to night blue and back; index 0 is black.
static void fill_palette(uint8_t palette[768]) {
  for (int i = 1; i < 256; i++) {
    int wave = i * 9 % 510;
    int level = wave > 255 ? 510 - wave : wave;
    palette[3 * i] = (uint8_t)(level / 4);
    palette[3 * i + 1] = (uint8_t)level;
    palette[3 * i + 2] = (uint8_t)(96 + (255 - level) / 2);
  }
}

int main(int argc, char **argv) {
  uint32_t width = number(argc, argv, 1, 640, SIDE_MAX, "width");
  uint32_t height = number(argc, argv, 2, 480, SIDE_MAX, "height");
  uint32_t iterations = number(argc, argv, 3, 200, ITERATIONS_MAX, "iterations");
  static uint8_t palette[768];
  fill_palette(palette);
  uint8_t *pixels = malloc((size_t)width * height);
  if (pixels == NULL) {
    fputs("mandelbrot: out of memory\n", stderr);
    return 1;
  }
  double step = 3.0 / (width * 3 > height * 4 ? (double)width : (double)height * 4 / 3);
  uint32_t told = 0;
  for (uint32_t row = 0; row < height; row++) {
    double imaginary = ((double)height / 2 - row - 0.5) * step;
    for (uint32_t column = 0; column < width; column++) {
      double real = (column + 0.5 - (double)width / 2) * step - 0.5;
      pixels[(size_t)row * width + column] = colour(real, imaginary, iterations);
    }
    uint32_t done = (row + 1) * PROGRESS_STEPS / height;
    if (done > told) {
      told = done;
      printf("%3u %%\n", done * 100 / PROGRESS_STEPS);
      fflush(stdout);
    }
  }
  if (!png_write("/outputs/mandelbrot.png", pixels, width, height, palette)) {
    perror("mandelbrot: /outputs/mandelbrot.png");
    return 1;
  }
  free(pixels);
  printf("mandelbrot.png: %u x %u pixels, %u iterations\n", width, height, iterations);
  return 0;
}
