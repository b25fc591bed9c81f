// Checks a chain of SHA-256 links.
//
// usage: hashchain
//
// Every file of /inputs, in the order of their names, is part of the chain; every line of it is a link: 64 hexadecimal
// digits, a space, the link's data. A link holds if its digits are the SHA-256 of the 32 bytes of the link before it (zeros
// before the first) and its data. /outputs/proof.json says whether all hold, how many do, and the last hash that did; files and lines
// are counted from 1. Exit code 1: a link is broken; 2: there is no chain.

#include "../common/inputs.h"
#include "sha256.h"

static uint8_t tip[SHA256_BYTES];
static uint64_t links;
static size_t file_number;

static void hex(const uint8_t *bytes, char text[2 * SHA256_BYTES + 1]) {
  for (int i = 0; i < SHA256_BYTES; i++) {
    sprintf(text + 2 * i, "%02x", bytes[i]);
  }
}

static void finish(const char *path, size_t line) {
  char digits[2 * SHA256_BYTES + 1];
  hex(tip, digits);
  FILE *proof = output_file("/outputs/proof.json");
  fprintf(proof, "{\"valid\": %s, \"links\": %llu, \"tip\": \"%s\"", path == NULL ? "true" : "false",
      (unsigned long long)links, digits);
  if (path != NULL) {
    fprintf(proof, ", \"broken\": {\"file\": %zu, \"line\": %zu}", file_number, line);
  }
  fputs("}\n", proof);
  close_output(proof, "/outputs/proof.json");
}

static void broken(const char *path, size_t line, const char *why) {
  finish(path, line);
  fprintf(stderr, "hashchain: %s line %zu: %s\n", path, line, why);
  printf("broken after %llu links\n", (unsigned long long)links);
  exit(1);
}

static void check(const char *path, size_t line, const char *text, size_t length) {
  char expected[2 * SHA256_BYTES + 1];
  if (length < sizeof expected || text[2 * SHA256_BYTES] != ' ') {
    broken(path, line, "not 64 hexadecimal digits, a space and data");
  }
  Sha256 hash;
  uint8_t digest[SHA256_BYTES];
  sha256_start(&hash);
  sha256_add(&hash, tip, sizeof tip);
  sha256_add(&hash, text + sizeof expected, length - sizeof expected);
  sha256_end(&hash, digest);
  hex(digest, expected);
  if (memcmp(expected, text, 2 * SHA256_BYTES) != 0) {
    broken(path, line, "its hash is not that of the link before it and its data");
  }
  memcpy(tip, digest, sizeof tip);
  links++;
}

static void check_file(const char *path) {
  size_t size;
  const char *text = read_file(path, &size);
  size_t line = 1;
  for (size_t from = 0; from < size; line++) {
    const char *end = memchr(text + from, '\n', size - from);
    size_t length = end == NULL ? size - from : (size_t)(end - text) - from;
    check(path, line, text + from, length);
    from += length + 1;
  }
}

int main(void) {
  program_name = "hashchain";
  static char *paths[INPUT_FILES_MAX];
  size_t count = input_files(paths);
  for (size_t i = 0; i < count; i++) {
    file_number = i + 1;
    check_file(paths[i]);
  }
  if (links == 0) {
    fail(2, "/inputs", "no links");
  }
  finish(NULL, 0);
  printf("%llu links hold\n", (unsigned long long)links);
  return 0;
}
