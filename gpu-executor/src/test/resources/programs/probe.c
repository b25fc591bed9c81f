// A guest that does as it is told: each argument pair is a verb and its operand.
//
//   out TEXT     write TEXT to stdout          err TEXT     write TEXT to stderr
//   env NAME     print NAME's value            args N       print all arguments
//   exit CODE    exit with CODE                cat PATH     copy a file to stdout
//   ls PATH      list a directory              write PATH   create PATH with the text "written by the guest\n"
//   mkdir PATH   create a directory            link PATH    make the symbolic link PATH to /etc/passwd
//   rm PATH      remove a file                 mv PATH      rename PATH to PATH.moved
//   append PATH  append one line to PATH       now X        print clocks and random bytes
//   trap X       reach what is unreachable     nan X        print the bits of 0/0
//   spin X       never end                     hog MIB      take so much memory, abort when there is no more
//   flood PATH   write to PATH without end     crowd N      create N files of long names in /outputs
//
// What fails is told on stdout as "VERB OPERAND: error N" and does not end the program.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int cat(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return -1;
  }
  for (int c; (c = getc(file)) != EOF;) {
    putchar(c);
  }
  return ferror(file) ? -1 : fclose(file);
}

static int ls(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) {
    return -1;
  }
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    printf("%s%s\n", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
  }
  return closedir(directory);
}

static int put(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (file == NULL) {
    return -1;
  }
  fputs("written by the guest\n", file);
  return fclose(file);
}

static int move(const char *path) {
  char to[1024];
  snprintf(to, sizeof to, "%s.moved", path);
  return rename(path, to);
}

static int now(void) {
  struct timespec real, steady;
  struct stat status;
  uint8_t random[8];
  clock_gettime(CLOCK_REALTIME, &real);
  clock_gettime(CLOCK_MONOTONIC, &steady);
  printf("%lld.%09ld %lld.%09ld\n", (long long)real.tv_sec, real.tv_nsec, (long long)steady.tv_sec, steady.tv_nsec);
  getentropy(random, sizeof random);
  for (size_t i = 0; i < sizeof random; i++) {
    printf("%02x", random[i]);
  }
  printf("\n");
  if (stat("/inputs", &status) == 0) {
    printf("%lld %lld\n", (long long)status.st_ino, (long long)status.st_mtim.tv_sec);
  }
  return 0;
}

static volatile double zero = 0;

static int nan_bits(void) {
  for (int i = 0; i < 3; i++) {
    volatile double quotient = zero / zero;
    uint64_t bits;
    memcpy(&bits, (void *)&quotient, sizeof bits);
    printf("%016llx %f\n", (unsigned long long)bits, quotient);
  }
  return 0;
}

static volatile unsigned long counter;

static void spin(void) {
  fflush(stdout);
  for (;;) {
    counter++;
  }
}

static int hog(long mib) {
  for (long i = 0; i < mib; i++) {
    volatile char *block = malloc(1 << 20);
    if (block == NULL) {
      fflush(stdout);
      abort();
    }
    for (size_t at = 0; at < 1 << 20; at += 4096) {
      block[at] = 1;
    }
  }
  return 0;
}

static int flood(const char *path) {
  static char block[8192];
  int fd = open(path, O_WRONLY | O_CREAT, 0666);
  memset(block, 'f', sizeof block);
  while (fd >= 0 && write(fd, block, sizeof block) >= 0) {
  }
  return -1;
}

static int crowd(long count) {
  for (long i = 0; i < count; i++) {
    char name[300];
    snprintf(name, sizeof name, "/outputs/%0240ld", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0666);
    if (fd < 0 || close(fd) != 0) {
      return -1;
    }
  }
  return 0;
}

static int act(const char *verb, char *operand, int argc, char **argv) {
  switch (verb[0] << 8 | verb[1]) {
    case 'o' << 8 | 'u': return fputs(operand, stdout) < 0 ? -1 : fflush(stdout);
    case 'e' << 8 | 'r': return fputs(operand, stderr) < 0 ? -1 : 0;
    case 'e' << 8 | 'n': return printf("%s=%s\n", operand, getenv(operand) ? getenv(operand) : "(unset)") < 0;
    case 'a' << 8 | 'r':
      for (int i = 1; i < argc; i++) {
        printf("[%s]", argv[i]);
      }
      return puts("") < 0;
    case 'e' << 8 | 'x': exit(atoi(operand));
    case 'c' << 8 | 'a': return cat(operand);
    case 'l' << 8 | 's': return ls(operand);
    case 'w' << 8 | 'r': return put(operand, "wb");
    case 'a' << 8 | 'p': return put(operand, "ab");
    case 'm' << 8 | 'k': return mkdir(operand, 0777);
    case 'l' << 8 | 'i': return symlink("/etc/passwd", operand);
    case 'r' << 8 | 'm': return unlink(operand);
    case 'm' << 8 | 'v': return move(operand);
    case 'n' << 8 | 'o': return now();
    case 'n' << 8 | 'a': return nan_bits();
    case 't' << 8 | 'r': fflush(stdout); __builtin_trap();
    case 's' << 8 | 'p': spin();
    case 'h' << 8 | 'o': return hog(atol(operand));
    case 'f' << 8 | 'l': return flood(operand);
    case 'c' << 8 | 'r': return crowd(atol(operand));
    default: fprintf(stderr, "probe: what is %s?\n", verb); exit(99);
  }
}

int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    errno = 0;
    if (act(argv[i], argv[i + 1], argc, argv) != 0) {
      printf("%s %s: error %s\n", argv[i], argv[i + 1], strerror(errno));
    }
  }
  return 0;
}
