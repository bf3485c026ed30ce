// Stands in for every power command of a rack host, under that command's name: it does nothing itself,
// it tells the rack what was asked and repeats the rack's answer. As `rack-login` it reports the command of
// an SSH session, and then runs it (Linux) or repeats the answer of the scripted shell (ESXi).
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static FILE *ask(int argc, char **argv, const char *name, const char *command) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/rack/ask.sock"};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return NULL;
  FILE *out = fdopen(dup(fd), "w"), *in = fdopen(fd, "r");
  if (!out || !in) return NULL;
  const char *user = getenv("SUDO_USER");
  struct passwd *entry = getpwuid(getuid());
  if (!user) user = entry ? entry->pw_name : "?";
  fprintf(out, "%u%c%s%c%s", (unsigned)getuid(), 0, user, 0, name);
  if (command) fprintf(out, "%c%s", 0, command);
  for (int i = 1; i < argc && !command; i++) fprintf(out, "%c%s", 0, argv[i]);
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

int main(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/');
  const char *name = slash ? slash + 1 : argv[0];
  const char *command = NULL;
  if (!strcmp(name, "rack-login")) {
    command = getenv("SSH_ORIGINAL_COMMAND");
    if (!command) command = "";
  }
  FILE *in = ask(argc, argv, name, command);
  char line[64];
  int code;
  size_t out, err;
  if (!in) {
    fprintf(stderr, "%s: the rack does not answer\n", name);
    return 70;
  }
  if (fgets(line, sizeof line, in)) {
    if (!strcmp(line, "run\n")) {
      const char *shell = getenv("SHELL");
      fclose(in);
      if (!shell) shell = "/bin/sh";
      if (*command) execl(shell, shell, "-c", command, (char *)NULL);
      else execl(shell, "-sh", (char *)NULL);
      return 126;
    }
    if (sscanf(line, "%d %zu %zu", &code, &out, &err) == 3) {
      copy(in, out, stdout);
      copy(in, err, stderr);
      return code;
    }
  }
  // No answer: the host hangs, or goes dark.
  for (;;) pause();
}
