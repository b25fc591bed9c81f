// Prints a message in a speech balloon that a cow says.
//
// usage: cowsay [word...]     the words are joined by one space; nothing to say is "moo"
//
// Lines are wrapped at COLUMNS characters, at spaces where there is one. A character is one UTF-8 code point; bytes
// that are not UTF-8 are shown as '?', so the output is always valid text.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 40, MESSAGE_BYTES_MAX = 64 * 1024 };

typedef struct {
  size_t from;
  size_t to;
  int width;  // in characters
} Line;

static char message[MESSAGE_BYTES_MAX + 1];
static size_t length;

/// Length of the valid UTF-8 sequence at text, or 0 if there is none.
static size_t sequence(const unsigned char *text, size_t left) {
  size_t size = text[0] < 0x80 ? 1 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2 : (text[0] & 0xF0) == 0xE0 ? 3
              : text[0] >= 0xF0 && text[0] < 0xF5 ? 4 : 0;
  if (size == 0 || size > left) {
    return 0;
  }
  for (size_t i = 1; i < size; i++) {
    if ((text[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
  bool outside = (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF4 && text[1] > 0x8F);
  return overlong || outside ? 0 : size;
}

/// Appends text to the message; control characters but the line break become spaces.
static void append(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    size_t size = sequence((const unsigned char *)text, left);
    size_t room = size == 0 ? 1 : size;
    if (length + room > MESSAGE_BYTES_MAX) {
      return;
    }
    if (size == 0) {
      message[length] = '?';
    } else if (size == 1 && ((unsigned char)*text < 0x20 || *text == 0x7F) && *text != '\n') {
      message[length] = ' ';
    } else {
      memcpy(message + length, text, size);
    }
    length += room;
    text += room;
    left -= room;
  }
}

/// The next line that starts at `from`: up to a line break, or as many whole words as fit, or a cut word.
static Line next_line(size_t from) {
  size_t at = from;
  size_t space = from;
  int width = 0;
  int space_width = 0;
  while (at < length && message[at] != '\n' && width < COLUMNS) {
    if (message[at] == ' ' && at > from) {
      space = at;
      space_width = width;
    }
    at += sequence((const unsigned char *)message + at, length - at);
    width++;
  }
  bool complete = at == length || message[at] == '\n' || message[at] == ' ';
  if (!complete && space > from) {
    return (Line){from, space, space_width};
  }
  return (Line){from, at, width};
}

static int widest(void) {
  int width = 0;
  for (size_t from = 0; from <= length;) {
    Line line = next_line(from);
    width = line.width > width ? line.width : width;
    from = line.to + (line.to == length || message[line.to] == '\n' || message[line.to] == ' ' ? 1 : 0);
  }
  return width;
}

static void rule(char left, char fill, char right, int width) {
  putchar(left);
  for (int i = 0; i < width + 2; i++) {
    putchar(fill);
  }
  putchar(right);
  putchar('\n');
}

static void balloon(int width) {
  rule('.', '-', '.', width);
  for (size_t from = 0; from <= length;) {
    Line line = next_line(from);
    printf("| %.*s%*s |\n", (int)(line.to - line.from), message + line.from, width - line.width, "");
    from = line.to + (line.to == length || message[line.to] == '\n' || message[line.to] == ' ' ? 1 : 0);
  }
  rule('\'', '-', '\'', width);
}

static const char COW[] =
    "    \\\n"
    "     \\    n   n\n"
    "      \\   (o.o)________\n"
    "          ( u )        )~~*\n"
    "           `-'\\  ###  /\n"
    "               ||---w|\n"
    "               \"\"    \"\"\n";

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (i > 1) {
      append(" ");
    }
    append(argv[i]);
  }
  while (length > 0 && (message[length - 1] == ' ' || message[length - 1] == '\n')) {
    length--;
  }
  if (length == 0) {
    append("moo");
  }
  balloon(widest());
  fputs(COW, stdout);
  return 0;
}
