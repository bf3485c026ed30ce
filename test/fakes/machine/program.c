// Every scripted program of a machine, under its own path: it does nothing itself, it asks the test's process and
// repeats the answer. As the users' login shell it reports the command of the session, and then lets the machine's
// real shell run it. As sudo (which is set-uid root) it runs what it was allowed to.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SHELL "/.machine/shell"

static FILE *ask(int argc, char **argv, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/.machine/socket"};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return NULL;
  FILE *out = fdopen(dup(fd), "w"), *in = fdopen(fd, "r");
  if (!out || !in) return NULL;
  const char *user = getenv("USER");
  fprintf(out, "%u%c%s%c%s", (unsigned)getuid(), 0, user ? user : "?", 0, path);
  for (int i = 1; i < argc; i++) fprintf(out, "%c%s", 0, argv[i]);
  fflush(out);
  shutdown(fd, SHUT_WR);
  return in;
}

static void copy(FILE *from, size_t length, FILE *to) {
  for (; length > 0; length--) {
    int byte = getc(from);
    if (byte == EOF) break;
    putc(byte, to);
  }
  fflush(to);
}

static int run(char **argv, const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash && !strcmp(slash, "/sudo")) {
    for (argv++; *argv && **argv == '-'; argv++)
      ;
    if (!*argv || setuid(0) != 0) return 126;
    execvp(*argv, argv);
    return 127;
  }
  execv(SHELL, argv);
  return 126;
}

int main(int argc, char **argv) {
  const char *path = (const char *)getauxval(AT_EXECFN);
  FILE *in = ask(argc, argv, path);
  char line[64];
  int code;
  size_t out, err;
  if (!in) {
    fprintf(stderr, "%s: the test does not answer\n", path);
    return 70;
  }
  if (fgets(line, sizeof line, in)) {
    if (!strcmp(line, "run\n")) {
      fclose(in);
      return run(argv, path);
    }
    if (sscanf(line, "%d %zu %zu", &code, &out, &err) == 3) {
      copy(in, out, stdout);
      copy(in, err, stderr);
      return code;
    }
  }
  // No answer: the machine hangs, or goes dark.
  for (;;) pause();
}
