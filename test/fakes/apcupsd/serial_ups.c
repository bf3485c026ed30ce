// The far end of a UPS's serial cable: makes a pseudo-terminal, prints the path of its other end on a line, and answers
// each character that comes from there with a line. Whoever started it says on standard input, a line each:
//   ?Q08   from now on the answer to Q is 08 (a question without an answer gets NA)
//   !$     say $ now, without being asked
// It ends with its standard input. It answers by itself because a UPS is never late: what asks gives it one second.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static char answers[256][64];
static int line;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void say(const char *text) {
  if (write(line, text, strlen(text)) < 0) fail("write");
}

// Makes the line and returns the path of its other end.
static const char *open_line(void) {
  line = posix_openpt(O_RDWR | O_NOCTTY);
  if (line < 0 || grantpt(line) < 0 || unlockpt(line) < 0) fail("posix_openpt");
  const char *path = ptsname(line);
  // Kept open: reading our end fails as soon as nobody has the other one.
  int other = path ? open(path, O_RDWR | O_NOCTTY) : -1;
  struct termios settings;
  if (other < 0 || tcgetattr(other, &settings) < 0) fail("the other end");
  // A terminal would echo what we say back to us until its user sets it up.
  cfmakeraw(&settings);
  if (tcsetattr(other, TCSANOW, &settings) < 0) fail("tcsetattr");
  return path;
}

static void answer_questions(void) {
  unsigned char questions[64];
  ssize_t length = read(line, questions, sizeof questions);
  if (length < 0) fail("read");
  for (ssize_t i = 0; i < length; i++) {
    const char *answer = answers[questions[i]];
    say(*answer ? answer : "NA");
    say("\r\n");
  }
}

// 0 at the end of standard input.
static int take_order(void) {
  char order[sizeof answers[0] + 2];
  if (!fgets(order, sizeof order, stdin)) return 0;
  order[strcspn(order, "\n")] = 0;
  if (order[0] == '!') say(order + 1);
  if (order[0] == '?' && order[1]) strcpy(answers[(unsigned char)order[1]], order + 2);
  return 1;
}

int main(void) {
  // Lines that fgets had read ahead would not be seen by poll.
  setvbuf(stdin, NULL, _IONBF, 0);
  printf("%s\n", open_line());
  fflush(stdout);
  struct pollfd both[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};
  both[1].fd = line;
  for (;;) {
    if (poll(both, 2, -1) < 0 && errno != EINTR) fail("poll");
    // What has changed is known before the next question is answered.
    if (both[0].revents) {
      if (!take_order()) return 0;
    } else if (both[1].revents & POLLIN) {
      answer_questions();
    }
  }
}
