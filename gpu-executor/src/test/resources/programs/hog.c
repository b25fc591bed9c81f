// A guest that wants memory: hog MIB [keep]
//
// Takes MIB blocks of one mebibyte and touches each; when there is no more it aborts, or with keep says how many it got.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  long want = argc > 1 ? atol(argv[1]) : 1;
  long got = 0;
  while (got < want) {
    volatile char *block = malloc(1 << 20);
    if (block == NULL) {
      break;
    }
    for (size_t i = 0; i < 1 << 20; i += 4096) {
      block[i] = (char)got;
    }
    got++;
  }
  printf("%s\n", got < want ? "refused" : "granted");
  fflush(stdout);
  if (got < want && argc < 3) {
    abort();
  }
  return 0;
}
