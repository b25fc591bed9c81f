// The files of /inputs, in the order of their names' bytes, so that nothing depends on the file system.

#ifndef INPUTS_H
#define INPUTS_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { INPUT_FILES_MAX = 4096 };

static const char *program_name;

static void fail(int code, const char *what, const char *detail) {
  fprintf(stderr, "%s: %s: %s\n", program_name, what, detail);
  exit(code);
}

static void *allocate(size_t bytes) {
  void *memory = calloc(1, bytes == 0 ? 1 : bytes);
  if (memory == NULL) {
    fail(1, "memory", "there is no more");
  }
  return memory;
}

static int by_name(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

/// Paths of the plain files directly in /inputs; at least one.
static size_t input_files(char **paths) {
  DIR *folder = opendir("/inputs");
  if (folder == NULL) {
    fail(2, "/inputs", "no files, give some with --input-file");
  }
  size_t count = 0;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    char *path = allocate(strlen(entry->d_name) + sizeof "/inputs/");
    sprintf(path, "/inputs/%s", entry->d_name);
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
      free(path);
    } else if (count == INPUT_FILES_MAX) {
      fail(2, "/inputs", "too many files");
    } else {
      paths[count++] = path;
    }
  }
  closedir(folder);
  if (count == 0) {
    fail(2, "/inputs", "no files, give some with --input-file");
  }
  qsort(paths, count, sizeof *paths, by_name);
  return count;
}

/// A whole file, with a zero byte behind it.
static char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fail(1, path, strerror(errno));
  }
  size_t capacity = 1 << 16;
  size_t used = 0;
  char *bytes = allocate(capacity);
  for (size_t read = fread(bytes, 1, capacity - 1, file); read > 0;
       read = fread(bytes + used, 1, capacity - 1 - used, file)) {
    used += read;
    if (capacity - used < 2) {
      bytes = realloc(bytes, capacity *= 2);
      if (bytes == NULL) {
        fail(1, path, "larger than the memory");
      }
    }
  }
  fclose(file);
  bytes[used] = 0;
  *size = used;
  return bytes;
}

static FILE *output_file(const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) {
    fail(1, path, strerror(errno));
  }
  return file;
}

static void close_output(FILE *file, const char *path) {
  if (ferror(file) != 0 || fclose(file) != 0) {
    fail(1, path, "cannot be written");
  }
}

#endif
