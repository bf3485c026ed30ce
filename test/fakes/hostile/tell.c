// Every program of a shell room: says by which words it was run, each ended by NUL, behind their count, in the file that
// the variable TELL names. One write, so that programs that run at the same time do not mix.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *file = getenv("TELL");
  int fd = open(file ? file : "/told/astray", O_WRONLY | O_CREAT | O_APPEND, 0666);
  size_t length = 32;
  for (int i = 0; i < argc; i++) length += strlen(argv[i]) + 1;
  char *all = malloc(length), *at = all;
  if (fd < 0 || !all) return 70;
  at += sprintf(at, "%d", argc) + 1;
  for (int i = 0; i < argc; i++) at = stpcpy(at, argv[i]) + 1;
  return write(fd, all, at - all) == at - all ? 0 : 70;
}
