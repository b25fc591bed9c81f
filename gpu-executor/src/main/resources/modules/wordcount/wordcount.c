// Counts the words of every file below /inputs.
//
// usage: wordcount [top]     top: how many words the printed table shows, 1 to 1000, 20 by default
//
// A word is a run of ASCII letters, digits and non-ASCII characters, with single apostrophes inside; ASCII letters
// count as lower case. /outputs/wordcount.csv gets all words by count, then by their bytes. Nothing depends on the
// order in which the file system lists the files.

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WORD_BYTES_MAX = 128, PATH_BYTES_MAX = 4096, DEPTH_MAX = 64, TOP_DEFAULT = 20, TOP_MAX = 1000 };

typedef struct {
  char *word;
  uint64_t count;
} Entry;

static Entry *table;
static size_t capacity;
static size_t words;
static uint64_t total;
static uint64_t files;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "wordcount: %s: %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) {
    fail("out of memory", "allocate");
  }
  return memory;
}

/// The slot of the word, or the empty slot where it belongs (FNV-1a, linear probing).
static Entry *slot(const char *word, size_t length) {
  uint64_t hash = 14695981039346656037ULL;
  for (size_t i = 0; i < length; i++) {
    hash = (hash ^ (unsigned char)word[i]) * 1099511628211ULL;
  }
  size_t at = (size_t)hash & (capacity - 1);
  while (table[at].word != NULL && (strncmp(table[at].word, word, length) != 0 || table[at].word[length] != 0)) {
    at = (at + 1) & (capacity - 1);
  }
  return &table[at];
}

static void grow(void) {
  Entry *old = table;
  size_t old_capacity = capacity;
  capacity = capacity == 0 ? 1024 : capacity * 2;
  table = allocate(capacity, sizeof(Entry));
  for (size_t i = 0; i < old_capacity; i++) {
    if (old[i].word != NULL) {
      *slot(old[i].word, strlen(old[i].word)) = old[i];
    }
  }
  free(old);
}

static void count(const char *word, size_t length) {
  if (2 * (words + 1) > capacity) {
    grow();
  }
  Entry *entry = slot(word, length);
  if (entry->word == NULL) {
    entry->word = allocate(length + 1, 1);
    memcpy(entry->word, word, length);
    words++;
  }
  entry->count++;
  total++;
}

static int lower(int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

static int in_word(int c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80; }

/// Reads one file word by word; a word longer than WORD_BYTES_MAX is counted in pieces.
static void read_words(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fail("cannot read", path);
  }
  char word[WORD_BYTES_MAX];
  size_t length = 0;
  int c;
  while ((c = getc(file)) != EOF) {
    c = lower(c);
    if (c == '\'' && length > 0 && length + 2 <= WORD_BYTES_MAX) {
      int after = lower(getc(file));
      if (after != EOF && in_word(after)) {
        word[length++] = '\'';
        word[length++] = (char)after;
        continue;
      }
      c = after == EOF ? ' ' : after;
    }
    if (in_word(c)) {
      if (length == WORD_BYTES_MAX) {
        count(word, length);
        length = 0;
      }
      word[length++] = (char)c;
    } else if (length > 0) {
      count(word, length);
      length = 0;
    }
  }
  if (length > 0) {
    count(word, length);
  }
  if (ferror(file)) {
    fail("cannot read", path);
  }
  fclose(file);
  files++;
}

static int by_name(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

/// Reads a directory's files in the order of their names, then what is below.
static void read_directory(const char *path, int depth) {
  DIR *directory = opendir(path);
  if (directory == NULL) {
    fail("cannot list", path);
  }
  char **names = NULL;
  size_t size = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
      continue;
    }
    names = realloc(names, (size + 1) * sizeof(char *));
    if (names == NULL || (names[size] = strdup(entry->d_name)) == NULL) {
      fail("out of memory", path);
    }
    size++;
  }
  closedir(directory);
  if (size > 0) {
    qsort(names, size, sizeof(char *), by_name);
  }
  for (size_t i = 0; i < size; i++) {
    char child[PATH_BYTES_MAX];
    struct stat status;
    if (snprintf(child, sizeof child, "%s/%s", path, names[i]) >= (int)sizeof child || stat(child, &status) != 0) {
      fail("cannot read", names[i]);
    }
    if (!S_ISDIR(status.st_mode)) {
      read_words(child);
    } else if (depth < DEPTH_MAX) {
      read_directory(child, depth + 1);
    }
    free(names[i]);
  }
  free(names);
}

static int by_count(const void *left, const void *right) {
  const Entry *a = left;
  const Entry *b = right;
  return a->count != b->count ? (a->count < b->count ? 1 : -1) : strcmp(a->word, b->word);
}

static void compact(void) {
  size_t to = 0;
  for (size_t from = 0; from < capacity; from++) {
    if (table[from].word != NULL) {
      table[to++] = table[from];
    }
  }
  if (words > 0) {
    qsort(table, words, sizeof(Entry), by_count);
  }
}

static void write_csv(const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) {
    fail("cannot write", path);
  }
  fputs("word,count\n", file);
  for (size_t i = 0; i < words; i++) {
    fprintf(file, "%s,%llu\n", table[i].word, (unsigned long long)table[i].count);
  }
  if (ferror(file) || fclose(file) != 0) {
    fail("cannot write", path);
  }
}

int main(int argc, char **argv) {
  long top = argc > 1 ? strtol(argv[1], NULL, 10) : TOP_DEFAULT;
  if (top < 1 || top > TOP_MAX) {
    fprintf(stderr, "wordcount: top: %s (expected: 1 to %d)\n", argv[1], TOP_MAX);
    return 2;
  }
  read_directory("/inputs", 0);
  compact();
  printf("%llu words, %zu different, in %llu files\n", (unsigned long long)total, words, (unsigned long long)files);
  for (size_t i = 0; i < words && i < (size_t)top; i++) {
    printf("%10llu  %s\n", (unsigned long long)table[i].count, table[i].word);
  }
  write_csv("/outputs/wordcount.csv");
  return 0;
}
