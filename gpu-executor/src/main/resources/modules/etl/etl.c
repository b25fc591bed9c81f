// Groups the rows of CSV files and sums one column up.
//
// usage: etl [group] [value]     names of two columns; the first and the last one by default
//
// Reads all files of /inputs; each begins with a header. Quoted fields may hold commas, line breaks and doubled quotes.
// Rows whose value is no number are counted as skipped. /outputs/aggregates.csv gets group, count, sum, min, max and
// mean, by group; /outputs/summary.json the totals. Exit code 2: the inputs or the columns are wrong.

#include "../common/inputs.h"

#include <stdint.h>

enum { GROUPS_MAX = 1 << 20, COLUMNS_MAX = 1024 };

typedef struct {
  const char *name;
  uint64_t count;
  double sum;
  double min;
  double max;
} Group;

typedef struct {
  char *at;
  char *fields[COLUMNS_MAX];
  size_t count;
} Row;

static Group *groups;
static size_t group_count;
static size_t group_capacity;
static uint64_t rows;
static uint64_t skipped;

/// Reads a field in place, without its quotes; returns whether the row goes on.
static int next_field(Row *row) {
  char *from = row->at;
  char *to = row->at;
  char *start = to;
  int quoted = *from == '"';
  from += quoted;
  while (*from != 0) {
    if (quoted && *from == '"') {
      if (from[1] != '"') {
        quoted = 0;
        from++;
        continue;
      }
      from++;
    } else if (!quoted && (*from == ',' || *from == '\n' || *from == '\r')) {
      break;
    }
    *to++ = *from++;
  }
  int more = *from == ',';
  if (*from == '\r' && from[1] == '\n') {
    from++;
  }
  row->at = *from == 0 ? from : from + 1;
  *to = 0;
  if (row->count < COLUMNS_MAX) {
    row->fields[row->count++] = start;
  }
  return more;
}

/// The next row that is not empty; 0 at the end.
static int next_row(Row *row) {
  do {
    if (*row->at == 0) {
      return 0;
    }
    row->count = 0;
    while (next_field(row)) {
    }
  } while (row->count == 1 && row->fields[0][0] == 0);
  return 1;
}

static size_t column(const Row *header, const char *name, size_t otherwise) {
  if (*name == 0) {
    return otherwise;
  }
  for (size_t i = 0; i < header->count; i++) {
    if (strcmp(header->fields[i], name) == 0) {
      return i;
    }
  }
  fail(2, "no such column", name);
  return 0;
}

static uint64_t hash(const char *text) {
  uint64_t value = 14695981039346656037ULL;
  for (; *text != 0; text++) {
    value = (value ^ (unsigned char)*text) * 1099511628211ULL;
  }
  return value;
}

static Group *slot(const char *name) {
  size_t at = (size_t)hash(name) & (group_capacity - 1);
  while (groups[at].name != NULL && strcmp(groups[at].name, name) != 0) {
    at = (at + 1) & (group_capacity - 1);
  }
  return &groups[at];
}

static void grow(void) {
  Group *old = groups;
  size_t old_capacity = group_capacity;
  group_capacity = group_capacity == 0 ? 1024 : group_capacity * 2;
  groups = allocate(group_capacity * sizeof(Group));
  for (size_t i = 0; i < old_capacity; i++) {
    if (old[i].name != NULL) {
      *slot(old[i].name) = old[i];
    }
  }
  free(old);
}

static void add(const char *name, double value) {
  if (2 * (group_count + 1) > group_capacity) {
    if (group_count >= GROUPS_MAX) {
      fail(2, "too many groups", name);
    }
    grow();
  }
  Group *group = slot(name);
  if (group->name == NULL) {
    *group = (Group){name, 0, 0, value, value};
    group_count++;
  }
  group->count++;
  group->sum += value;
  group->min = value < group->min ? value : group->min;
  group->max = value > group->max ? value : group->max;
}

static void take(const char *path, const char *group_name, const char *value_name) {
  size_t size;
  Row row = {.at = read_file(path, &size)};
  if (!next_row(&row)) {
    fail(2, path, "no header");
  }
  size_t group = column(&row, group_name, 0);
  size_t value = column(&row, value_name, row.count - 1);
  while (next_row(&row)) {
    rows++;
    char *end = "";
    double number = value < row.count ? strtod(row.fields[value], &end) : 0;
    int plain = value < row.count && group < row.count && end != row.fields[value] && *end == 0
        && number - number == 0;
    if (plain) {
      add(row.fields[group], number);
    } else {
      skipped++;
    }
  }
}

static int by_group(const void *left, const void *right) {
  return strcmp(((const Group *)left)->name, ((const Group *)right)->name);
}

static void put_field(FILE *file, const char *text) {
  if (strpbrk(text, ",\"\r\n") == NULL) {
    fputs(text, file);
    return;
  }
  fputc('"', file);
  for (; *text != 0; text++) {
    if (*text == '"') {
      fputc('"', file);
    }
    fputc(*text, file);
  }
  fputc('"', file);
}

static void put_all(size_t files) {
  size_t found = 0;
  for (size_t i = 0; i < group_capacity; i++) {
    if (groups[i].name != NULL) {
      groups[found++] = groups[i];
    }
  }
  if (found > 0) {
    qsort(groups, found, sizeof *groups, by_group);
  }
  FILE *table = output_file("/outputs/aggregates.csv");
  fputs("group,count,sum,min,max,mean\n", table);
  for (size_t i = 0; i < found; i++) {
    Group *group = &groups[i];
    put_field(table, group->name);
    fprintf(table, ",%llu,%.6f,%.6f,%.6f,%.6f\n", (unsigned long long)group->count, group->sum, group->min, group->max,
        group->sum / (double)group->count);
  }
  close_output(table, "/outputs/aggregates.csv");
  FILE *summary = output_file("/outputs/summary.json");
  fprintf(summary, "{\"files\": %zu, \"rows\": %llu, \"skipped\": %llu, \"groups\": %zu}\n", files,
      (unsigned long long)rows, (unsigned long long)skipped, found);
  close_output(summary, "/outputs/summary.json");
  printf("%llu rows of %zu files in %zu groups, %llu skipped\n", (unsigned long long)rows, files, found,
      (unsigned long long)skipped);
}

int main(int count, char **arguments) {
  program_name = "etl";
  static char *paths[INPUT_FILES_MAX];
  size_t files = input_files(paths);
  for (size_t i = 0; i < files; i++) {
    take(paths[i], count > 1 ? arguments[1] : "", count > 2 ? arguments[2] : "");
  }
  put_all(files);
  return 0;
}
