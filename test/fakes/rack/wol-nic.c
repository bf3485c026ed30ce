// The part of a network card that lives on standby power. It owns its host's network namespace:
// started in a new one, it waits for the interface, then reports every magic packet for its MAC,
// wherever in a frame it stands. Over its standard input it gives the interface an address and takes it away.
//   wol-nic INTERFACE MAC      in: "on ADDRESS" | "off"      out: "ready" | "wake" | "ok" | "failed ..."
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char magic[102];
static const char *interface;

static void say(const char *text) {
  printf("%s\n", text);
  fflush(stdout);
}

static void die(const char *what) {
  printf("failed %s: %s\n", what, strerror(errno));
  fflush(stdout);
  exit(1);
}

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd < 0) return;
  if (write(fd, text, strlen(text)) < 0) fprintf(stderr, "%s: %s\n", path, strerror(errno));
  close(fd);
}

static void set_address(int fd, unsigned long request, const char *address) {
  struct ifreq ifr = {0};
  struct sockaddr_in *in = (struct sockaddr_in *)&ifr.ifr_addr;
  snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%s", interface);
  in->sin_family = AF_INET;
  if (inet_pton(AF_INET, address, &in->sin_addr) != 1) {
    errno = EINVAL;
    die("address");
  }
  if (ioctl(fd, request, &ifr) < 0 && !(errno == EADDRNOTAVAIL && !strcmp(address, "0.0.0.0"))) die("ioctl");
}

static void obey(int fd, char *line) {
  if (!strncmp(line, "on ", 3)) {
    set_address(fd, SIOCSIFADDR, line + 3);
    set_address(fd, SIOCSIFNETMASK, "255.255.255.0");
  } else if (!strcmp(line, "off")) {
    set_address(fd, SIOCSIFADDR, "0.0.0.0");
  } else {
    errno = EINVAL;
    die("command");
  }
  say("ok");
}

static void bring_up(int fd) {
  struct ifreq ifr = {0};
  while (if_nametoindex(interface) == 0) usleep(1000);
  snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%s", interface);
  if (ioctl(fd, SIOCGIFFLAGS, &ifr) < 0) die("flags");
  ifr.ifr_flags |= IFF_UP;
  if (ioctl(fd, SIOCSIFFLAGS, &ifr) < 0) die("up");
}

int main(int argc, char **argv) {
  unsigned int mac[6];
  if (argc != 3 || sscanf(argv[2], "%x:%x:%x:%x:%x:%x", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6) return 2;
  interface = argv[1];
  memset(magic, 0xff, 6);
  for (int i = 6; i < 102; i++) magic[i] = (unsigned char)mac[i % 6];

  // Nothing but what the host itself says: no IPv6 chatter of the interface.
  write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  int inet = socket(AF_INET, SOCK_DGRAM, 0);
  int wire = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  if (inet < 0 || wire < 0) die("socket");
  say("ready");
  bring_up(inet);
  say("up");

  char line[256];
  size_t used = 0;
  static unsigned char frame[65536];
  struct pollfd fds[2] = {{.fd = 0, .events = POLLIN}, {.fd = wire, .events = POLLIN}};
  for (;;) {
    if (poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents) {
      struct sockaddr_ll from;
      socklen_t length = sizeof from;
      ssize_t got = recvfrom(wire, frame, sizeof frame, 0, (struct sockaddr *)&from, &length);
      if (got > 0 && from.sll_pkttype != PACKET_OUTGOING && memmem(frame, (size_t)got, magic, sizeof magic)) say("wake");
    }
    if (fds[0].revents) {
      ssize_t got = read(0, line + used, sizeof line - 1 - used);
      if (got <= 0) return 0;
      used += (size_t)got;
      line[used] = 0;
      for (char *end; (end = strchr(line, '\n')) != NULL; used = strlen(line)) {
        *end = 0;
        obey(inet, line);
        memmove(line, end + 1, strlen(end + 1) + 1);
      }
    }
  }
}
