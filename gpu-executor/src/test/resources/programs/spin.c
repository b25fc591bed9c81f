// A guest that does not stop: spin loop | sleep | stack
//
// Says "spinning" first, so that a test knows when it runs.

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile unsigned long counter;

static unsigned long deeper(unsigned long n) { return counter == 1 ? n : deeper(n + 1) + counter; }

int main(int argc, char **argv) {
  puts("spinning");
  fflush(stdout);
  if (argc > 1 && strcmp(argv[1], "sleep") == 0) {
    for (;;) {
      sleep(3600);
      counter++;
    }
  }
  if (argc > 1 && strcmp(argv[1], "stack") == 0) {
    printf("%lu\n", deeper(0));
    return 0;
  }
  for (;;) {
    counter++;
  }
}
