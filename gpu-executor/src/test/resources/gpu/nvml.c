/* The functions of NVIDIA's management library that we call, over a made-up machine: board 0 whole, board 1 in MIG mode
   with slices at places 0 and 2. The same answers as FakeNvml.java. Built by NvmlProbeTest with cc. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WELL, XIDS, LOST, NO_DRIVER, PLUGGED };
static int scene;
static int next_event;
static int starts;

typedef struct { uint64_t total, free, used; } memory;
typedef struct { unsigned gpu, memory; } rates;
typedef struct { void *device; unsigned long long type, data; unsigned gi, ci; } event_data;

static long id(void *device) { return (long)(intptr_t)device; }
static void *device(long number) { return (void *)(intptr_t)number; }

int test_scene(int wanted) { scene = wanted; next_event = starts = 0; return 0; }
int nvmlInit_v2(void) { starts++; return scene == NO_DRIVER ? 9 : 0; }
int nvmlShutdown(void) { return 0; }
int nvmlEventSetFree(void *set) { return 0; }
int nvmlSystemGetDriverVersion(char *text, unsigned length) { snprintf(text, length, "550.54.15"); return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = scene == PLUGGED && starts < 2 ? 1 : 2; return 0; }

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
  if (scene == LOST && index == 0) return 15;
  *handle = device(index + 1);
  return 0;
}

int nvmlDeviceGetMigMode(void *board, unsigned *current, unsigned *pending) {
  *current = *pending = id(board) == 2;
  return 0;
}

int nvmlDeviceGetMaxMigDeviceCount(void *board, unsigned *count) { *count = 3; return 0; }

int nvmlDeviceGetMigDeviceHandleByIndex(void *board, unsigned index, void **handle) {
  if (index == 1) return 6;
  *handle = device(10 + index);
  return 0;
}

int nvmlDeviceGetUUID(void *any, char *text, unsigned length) {
  if (id(any) < 10) snprintf(text, length, "GPU-%ld", id(any) - 1);
  else snprintf(text, length, "MIG-1-%ld", id(any) - 10);
  return 0;
}

int nvmlDeviceGetName(void *any, char *text, unsigned length) {
  snprintf(text, length, "%s", id(any) == 1 ? "NVIDIA H100 80GB HBM3"
      : id(any) == 2 ? "NVIDIA A100-SXM4-40GB" : "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
  return 0;
}

int nvmlDeviceGetMemoryInfo(void *any, memory *to) {
  to->total = (id(any) == 1 ? 81559ull : id(any) == 2 ? 40960ull : 4864ull) << 20;
  to->used = (id(any) == 1 ? 4123ull : 16ull) << 20;
  to->free = to->total - to->used;
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *any, rates *to) {
  if (id(any) >= 10) return 3;
  to->gpu = 97;
  to->memory = 1;
  return 0;
}

int nvmlDeviceGetTotalEccErrors(void *any, int kind, int since, unsigned long long *count) {
  *count = id(any) == 1 && kind == 1 && since == 0;
  return 0;
}

int nvmlEventSetCreate(void **set) { *set = device(99); return 0; }
int nvmlDeviceRegisterEvents(void *board, unsigned long long types, void *set) { return types == 8 && id(set) == 99 ? 0 : 2; }

int nvmlEventSetWait_v2(void *set, event_data *to, unsigned millis) {
  static const long boards[] = {1, 2};
  static const unsigned long long xids[] = {79, 31};
  if (scene != XIDS || next_event == 2) return 10;
  memset(to, 0, sizeof *to);
  to->device = device(boards[next_event]);
  to->type = 8;
  to->data = xids[next_event++];
  return 0;
}
