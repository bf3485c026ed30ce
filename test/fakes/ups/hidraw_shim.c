/* hidraw_shim.c - lets the real node-hid (HID_hidraw*.node) talk to an emulated hidraw device.
 *
 *   gcc -shared -fPIC -O2 -Wall -Wextra -o hidraw_shim.so hidraw_shim.c -ldl      (build-shim.ts does it)
 *   FAKE_HIDRAW_DIR=/tmp/x LD_PRELOAD=/abs/hidraw_shim.so  node|electron ...
 *
 * $FAKE_HIDRAW_DIR/hidrawN/ (made by fake-hidraw.ts) stands for /sys/class/hidraw/hidrawN:
 *   device/{uevent,report_descriptor}   usb_device/{manufacturer,product,bcdDevice,...}   usb_interface/bInterfaceNumber
 *   sock                                the emulator's stream socket
 *   denied                              while it is there, opening fails with EACCES
 * Wire format (little endian):  'R' opens an input-report stream, frames [u16 len][bytes] both ways;
 *   'I' [u32 cmd][_IOC_SIZE(cmd) bytes] -> [i32 result or -errno][same number of bytes]: one connection for each ioctl.
 * Nothing else is touched: libudev is faked only for callers inside HID_hidraw*.node (Chromium keeps the real one),
 * open/read/write/ioctl/fstat only for /dev/hidrawN; poll() and close() work as they are on the real socket.  */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define NEXT(ret, fn, ...) static ret (*next)(__VA_ARGS__); if (!next) next = (ret (*)(__VA_ARGS__))dlsym(RTLD_NEXT, fn)
#define MAX_FD 65536
#define FAKE_MAJOR 240
static unsigned char minor_of[MAX_FD];                      /* fd -> N + 1 while it is an emulated hidraw */
static const char *root(void) { return getenv("FAKE_HIDRAW_DIR"); }
static int is_ours(int fd) { return fd >= 0 && fd < MAX_FD && minor_of[fd]; }

/* ---- device node ---------------------------------------------------------------------------------------- */
static int dial(int n) {                                    /* connect to hidrawN's emulator; errno as the kernel's */
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    char denied[512];
    if ((size_t)snprintf(denied, sizeof denied, "%s/hidraw%d/denied", root(), n) < sizeof denied && !access(denied, F_OK)) { errno = EACCES; return -1; }
    if ((size_t)snprintf(a.sun_path, sizeof a.sun_path, "%s/hidraw%d/sock", root(), n) >= sizeof a.sun_path) { errno = ENAMETOOLONG; return -1; }
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s >= 0 && connect(s, (struct sockaddr *)&a, sizeof a) < 0) { int e = errno; close(s); errno = e == ENOENT ? ENOENT : ENODEV; return -1; }
    return s;
}
static int send_all(int s, const void *p, size_t n) {
    for (const char *c = p; n;) { ssize_t r = send(s, c, n, MSG_NOSIGNAL); if (r < 0 && errno == EINTR) continue; if (r <= 0) return -1; c += r; n -= r; }
    return 0;
}
static int recv_all(int s, void *p, size_t n) {
    for (char *c = p; n;) { ssize_t r = recv(s, c, n, 0); if (r < 0 && errno == EINTR) continue; if (r <= 0) return -1; c += r; n -= r; }
    return 0;
}
static int open_common(const char *path, int flags, mode_t mode, int (*next)(const char *, int, ...)) {
    int n, end = 0; char buf[512];
    if (path && root()) {
        if (sscanf(path, "/dev/hidraw%d%n", &n, &end) == 1 && !path[end]) {
            int s = dial(n);
            if (s >= 0 && (s >= MAX_FD || send_all(s, "R", 1) < 0)) { close(s); errno = ENODEV; return -1; }
            if (s >= 0) minor_of[s] = n + 1;
            return s;
        }
        if (!strncmp(path, "/sys/class/hidraw/", 18) && (size_t)snprintf(buf, sizeof buf, "%s/%s", root(), path + 18) < sizeof buf) path = buf;
    }
    return next(path, flags, mode);
}
#define OPEN(name) int name(const char *path, int flags, ...) { NEXT(int, #name, const char *, int, ...); \
    va_list ap; va_start(ap, flags); mode_t m = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0; va_end(ap); return open_common(path, flags, m, next); }
OPEN(open) OPEN(open64)

int close(int fd) { NEXT(int, "close", int); if (is_ours(fd)) minor_of[fd] = 0; return next(fd); }

ssize_t read(int fd, void *buf, size_t count) {
    NEXT(ssize_t, "read", int, void *, size_t);
    if (!is_ours(fd)) return next(fd, buf, count);
    uint16_t len; unsigned char tmp[65536];                 /* one report for each read; what does not fit is dropped */
    if (recv_all(fd, &len, 2) < 0 || recv_all(fd, tmp, len) < 0) { errno = EIO; return -1; }
    if (len < count) count = len;
    memcpy(buf, tmp, count);
    return count;
}
ssize_t write(int fd, const void *buf, size_t count) {
    NEXT(ssize_t, "write", int, const void *, size_t);
    if (!is_ours(fd)) return next(fd, buf, count);
    uint16_t len = count;
    if (count > 65535 || send_all(fd, &len, 2) < 0 || send_all(fd, buf, count) < 0) { errno = ENODEV; return -1; }
    return count;
}
int ioctl(int fd, unsigned long cmd, ...) {
    NEXT(int, "ioctl", int, unsigned long, ...);
    va_list ap; va_start(ap, cmd); void *arg = va_arg(ap, void *); va_end(ap);
    if (!is_ours(fd)) return next(fd, cmd, arg);
    struct { char op; uint32_t cmd; } __attribute__((packed)) req = { 'I', cmd };
    int32_t res = -ENODEV;
    struct pollfd p = { .fd = fd };
    if (poll(&p, 1, 0) && p.revents) { errno = ENODEV; return -1; }  /* hung up: unplugged, even if plugged in again since */
    int s = dial(minor_of[fd] - 1);
    if (s < 0) { errno = ENODEV; return -1; }
    if (send_all(s, &req, sizeof req) < 0 || send_all(s, arg, _IOC_SIZE(cmd)) < 0 || recv_all(s, &res, 4) < 0 || recv_all(s, arg, _IOC_SIZE(cmd)) < 0) res = -ENODEV;
    close(s);
    if (res < 0) { errno = -res; return -1; }
    return res;
}
#define FSTAT(name, st_t, decl, ...) int name decl { NEXT(int, #name, __VA_ARGS__)
#define FAKE_STAT if (!r && is_ours(fd)) { st->st_mode = S_IFCHR | 0600; st->st_rdev = makedev(FAKE_MAJOR, minor_of[fd] - 1); } return r; }
FSTAT(fstat, struct stat, (int fd, struct stat *st), int, struct stat *); int r = next(fd, st); FAKE_STAT
FSTAT(fstat64, struct stat64, (int fd, struct stat64 *st), int, struct stat64 *); int r = next(fd, st); FAKE_STAT
int __fxstat(int, int, struct stat *); int __fxstat64(int, int, struct stat64 *);
FSTAT(__fxstat, struct stat, (int v, int fd, struct stat *st), int, int, struct stat *); int r = next(v, fd, st); FAKE_STAT
FSTAT(__fxstat64, struct stat64, (int v, int fd, struct stat64 *st), int, int, struct stat64 *); int r = next(v, fd, st); FAKE_STAT

/* Look up every next() before anybody forks: dlsym() takes a lock, and a child of a threaded process must not wait for it. */
__attribute__((constructor)) static void resolve(void) {
    int e = errno; struct stat st; struct stat64 st64;
    open("", O_RDONLY); open64("", O_RDONLY); close(-1); ioctl(-1, 0, NULL); fstat(-1, &st); fstat64(-1, &st64);
    if (read(-1, &e, 0) + write(-1, &e, 0) == 0) abort();   /* both fail */
    errno = e;
}

/* ---- libudev, for node-hid only -------------------------------------------------------------------------- */
struct node { struct node *next; char *text; };             /* a list entry, or a string owned by a device */
struct dev { char path[512], devnode[32]; struct dev *parents; struct node *values; };
struct scan { struct node *list; };
static char handle;                                         /* what udev_new() hands out */

static int from_node_hid(void *ret) { Dl_info i; return root() && dladdr(ret, &i) && i.dli_fname && strstr(i.dli_fname, "HID_hidraw"); }
#define UDEV(ret, name, decl, call, ...) ret name decl { NEXT(ret, #name, __VA_ARGS__); \
    if (!next) next = (ret (*)(__VA_ARGS__))dlsym(dlopen("libudev.so.1", RTLD_LAZY), #name); \
    if (!from_node_hid(__builtin_return_address(0))) return next call;

static struct node *push(struct node **l, const char *s) { struct node *n = malloc(sizeof *n); n->next = *l; n->text = strdup(s); return *l = n; }
static void drop(struct node *l) { while (l) { struct node *n = l->next; free(l->text); free(l); l = n; } }
static struct dev *dev_at(const char *path) {
    struct dev *d;
    if (access(path, F_OK) || !(d = calloc(1, sizeof *d))) return NULL;
    snprintf(d->path, sizeof d->path, "%s", path);
    return d;
}
UDEV(void *, udev_new, (void), (), void) return &handle; }
UDEV(void *, udev_unref, (void *u), (u), void *) return NULL; }
UDEV(void *, udev_enumerate_new, (void *u), (u), void *) return calloc(1, sizeof(struct scan)); }
UDEV(int, udev_enumerate_add_match_subsystem, (void *e, const char *s), (e, s), void *, const char *) return 0; }
UDEV(int, udev_enumerate_scan_devices, (void *e), (e), void *)
    DIR *dir = opendir(root()); struct dirent *ent; char path[400];
    while (dir && (ent = readdir(dir)))
        if (!strncmp(ent->d_name, "hidraw", 6) && (size_t)snprintf(path, sizeof path, "%s/%s", root(), ent->d_name) < sizeof path) push(&((struct scan *)e)->list, path);
    if (dir) closedir(dir);
    return 0;
}
UDEV(void *, udev_enumerate_get_list_entry, (void *e), (e), void *) return ((struct scan *)e)->list; }
UDEV(void *, udev_enumerate_unref, (void *e), (e), void *) drop(((struct scan *)e)->list); free(e); return NULL; }
UDEV(const char *, udev_list_entry_get_name, (void *l), (l), void *) return l ? ((struct node *)l)->text : NULL; }
UDEV(void *, udev_list_entry_get_next, (void *l), (l), void *) return l ? ((struct node *)l)->next : NULL; }
UDEV(void *, udev_device_new_from_syspath, (void *u, const char *p), (u, p), void *, const char *)
    struct dev *d = dev_at(p);
    if (d) snprintf(d->devnode, sizeof d->devnode, "/dev/%.20s", strrchr(p, '/') + 1);
    return d;
}
UDEV(void *, udev_device_new_from_devnum, (void *u, char t, dev_t n), (u, t, n), void *, char, dev_t)
    char path[400]; (void)t;
    snprintf(path, sizeof path, "%s/hidraw%u", root(), minor(n));
    struct dev *d = major(n) == FAKE_MAJOR ? dev_at(path) : NULL;
    if (d) snprintf(d->devnode, sizeof d->devnode, "/dev/hidraw%u", minor(n));
    return d;
}
UDEV(const char *, udev_device_get_syspath, (void *d), (d), void *) return ((struct dev *)d)->path; }
UDEV(const char *, udev_device_get_devnode, (void *d), (d), void *) return ((struct dev *)d)->devnode; }
UDEV(void *, udev_device_get_parent_with_subsystem_devtype, (void *dev, const char *sub, const char *type), (dev, sub, type), void *, const char *, const char *)
    struct dev *d = dev, *p; char path[512];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", d->path, !strcmp(sub, "hid") ? "device" : type ? type : sub) >= sizeof path || !(p = dev_at(path))) return NULL;
    p->parents = d->parents; d->parents = p;                /* freed with the child, as in libudev */
    return p;
}
UDEV(const char *, udev_device_get_sysattr_value, (void *dev, const char *attr), (dev, attr), void *, const char *)
    struct dev *d = dev; char path[600], buf[4096];
    snprintf(path, sizeof path, "%s/%s", d->path, attr);
    FILE *f = fopen(path, "re");
    if (!f) return NULL;
    size_t n = fread(buf, 1, sizeof buf - 1, f);
    fclose(f);
    while (n && buf[n - 1] == '\n') n--;
    buf[n] = 0;
    return push(&d->values, buf)->text;
}
UDEV(void *, udev_device_unref, (void *dev), (dev), void *)
    for (struct dev *d = dev, *n; d; d = n) { n = d->parents; drop(d->values); free(d); }
    return NULL;
}
