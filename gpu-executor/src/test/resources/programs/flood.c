// A guest that never has enough: flood stdout | stderr | file | files | dirs | rewrite | sparse | open
//
// Says "stopped: REASON" on the other stream when the system refuses, then exits with 3.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char block[8192];

static void stopped(const char *what) {
  dprintf(what[0] == 's' && what[3] == 'e' ? 1 : 2, "stopped: %s\n", strerror(errno));
  exit(3);
}

static void stream(int fd, const char *what) {
  for (;;) {
    if (write(fd, block, sizeof block) < 0) {
      stopped(what);
    }
  }
}

static void one_file(void) {
  int fd = open("/outputs/flood", O_WRONLY | O_CREAT, 0666);
  stream(fd, "file");
}

static void many(int directories) {
  for (long i = 0;; i++) {
    char name[64];
    snprintf(name, sizeof name, "/outputs/%ld", i);
    if (directories) {
      if (mkdir(name, 0777) != 0) {
        stopped("dirs");
      }
    } else {
      int fd = open(name, O_WRONLY | O_CREAT, 0666);
      if (fd < 0 || close(fd) != 0) {
        stopped("files");
      }
    }
  }
}

/// Writes and removes: the bound is on what is there, not on what ever was.
static void rewrite(void) {
  for (int i = 0; i < 100; i++) {
    int fd = open("/outputs/again", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (int j = 0; j < 8; j++) {
      if (write(fd, block, sizeof block) < 0) {
        stopped("rewrite");
      }
    }
    close(fd);
    unlink("/outputs/again");
  }
}

static void sparse(void) {
  int fd = open("/outputs/sparse", O_RDWR | O_CREAT, 0666);
  if (ftruncate(fd, 1LL << 40) != 0) {
    lseek(fd, 1LL << 40, SEEK_SET);
    if (write(fd, "x", 1) < 0) {
      stopped("parse");
    }
  }
}

static void descriptors(void) {
  for (;;) {
    if (open("/inputs", O_RDONLY | O_DIRECTORY) < 0) {
      stopped("open");
    }
  }
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  memset(block, 'f', sizeof block);
  if (strcmp(what, "stdout") == 0) {
    stream(1, what);
  } else if (strcmp(what, "stderr") == 0) {
    stream(2, what);
  } else if (strcmp(what, "file") == 0) {
    one_file();
  } else if (strcmp(what, "files") == 0 || strcmp(what, "dirs") == 0) {
    many(what[0] == 'd');
  } else if (strcmp(what, "rewrite") == 0) {
    rewrite();
  } else if (strcmp(what, "sparse") == 0) {
    sparse();
  } else {
    descriptors();
  }
  return 0;
}
