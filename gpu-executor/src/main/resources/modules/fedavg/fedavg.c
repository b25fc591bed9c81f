// One round of federated averaging: the mean of the clients' weights, each client weighted by its samples
// (McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized Data, 2017, algorithm 1).
//
// usage: fedavg
//
// Every file of /inputs is one client: the line "samples N", then a line for each tensor: its name and its values. All
// clients must have the same tensors in the same order. /outputs/weights.txt has the same form, so that it is the next
// round's start; /outputs/round.json says how far each client was from the mean. Exit code 2: the inputs do not fit.

#include "../common/inputs.h"

#include <math.h>
#include <stdint.h>

enum { TENSORS_MAX = 65536 };

typedef struct {
  char *name;
  size_t from;
  size_t length;
} Tensor;

typedef struct {
  double samples;
  double *values;
  size_t count;
  Tensor *tensors;
  size_t tensor_count;
} Client;

static double number(const char **at, const char *path) {
  char *end;
  double value = strtod(*at, &end);
  if (end == *at || (*end != ' ' && *end != '\n' && *end != '\r' && *end != 0) || value - value != 0) {
    fail(2, path, "not a number where one must be");
  }
  *at = end;
  return value;
}

static const char *spaces(const char *at) {
  while (*at == ' ' || *at == '\r') {
    at++;
  }
  return at;
}

static void tensor(Client *client, const char **at, const char *path) {
  size_t length = strcspn(*at, " \r\n");
  if (client->tensor_count == TENSORS_MAX) {
    fail(2, path, "too many tensors");
  }
  Tensor *new = &client->tensors[client->tensor_count++];
  new->name = allocate(length + 1);
  memcpy(new->name, *at, length);
  new->from = client->count;
  for (*at = spaces(*at + length); **at != '\n' && **at != 0; *at = spaces(*at)) {
    client->values[client->count++] = number(at, path);
  }
  new->length = client->count - new->from;
}

static Client read_client(const char *path) {
  size_t size;
  const char *at = read_file(path, &size);
  Client client = {0, allocate((size / 2 + 1) * sizeof(double)), 0, allocate(TENSORS_MAX * sizeof(Tensor)), 0};
  if (strncmp(at, "samples ", 8) != 0) {
    fail(2, path, "the first line is not: samples N");
  }
  at += 8;
  client.samples = number(&at, path);
  if (client.samples <= 0) {
    fail(2, path, "samples must be more than 0");
  }
  while (*at != 0) {
    at = spaces(at);
    if (*at == '\n') {
      at++;
    } else if (*at != 0) {
      tensor(&client, &at, path);
    }
  }
  return client;
}

static void require_same_shape(const Client *first, const Client *other, const char *path) {
  int same = first->tensor_count == other->tensor_count;
  for (size_t i = 0; same && i < first->tensor_count; i++) {
    same = first->tensors[i].length == other->tensors[i].length
        && strcmp(first->tensors[i].name, other->tensors[i].name) == 0;
  }
  if (!same) {
    fail(2, path, "its tensors differ from the first client's");
  }
}

static double distance(const double *mean, const Client *client) {
  double sum = 0;
  for (size_t i = 0; i < client->count; i++) {
    double difference = client->values[i] - mean[i];
    sum += difference * difference;
  }
  return sqrt(sum);
}

static void put_weights(const Client *shape, const double *mean, double samples) {
  FILE *file = output_file("/outputs/weights.txt");
  fprintf(file, "samples %.17g\n", samples);
  for (size_t i = 0; i < shape->tensor_count; i++) {
    fputs(shape->tensors[i].name, file);
    for (size_t j = 0; j < shape->tensors[i].length; j++) {
      fprintf(file, " %.17g", mean[shape->tensors[i].from + j]);
    }
    fputc('\n', file);
  }
  close_output(file, "/outputs/weights.txt");
}

static void put_round(const Client *clients, size_t count, const double *mean, double samples) {
  FILE *file = output_file("/outputs/round.json");
  fprintf(file, "{\"clients\": %zu, \"samples\": %.17g, \"weights\": %zu, \"distances\": [", count, samples,
      clients[0].count);
  for (size_t i = 0; i < count; i++) {
    fprintf(file, "%s%.9g", i == 0 ? "" : ", ", distance(mean, &clients[i]));
  }
  fputs("]}\n", file);
  close_output(file, "/outputs/round.json");
}

int main(void) {
  program_name = "fedavg";
  static char *paths[INPUT_FILES_MAX];
  size_t count = input_files(paths);
  Client *clients = allocate(count * sizeof(Client));
  double samples = 0;
  for (size_t i = 0; i < count; i++) {
    clients[i] = read_client(paths[i]);
    require_same_shape(&clients[0], &clients[i], paths[i]);
    samples += clients[i].samples;
  }
  double *mean = allocate((clients[0].count + 1) * sizeof(double));
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < clients[0].count; j++) {
      mean[j] += clients[i].values[j] * (clients[i].samples / samples);
    }
  }
  put_weights(&clients[0], mean, samples);
  put_round(clients, count, mean, samples);
  printf("averaged %zu weights of %zu clients with %.17g samples\n", clients[0].count, count, samples);
  return 0;
}
