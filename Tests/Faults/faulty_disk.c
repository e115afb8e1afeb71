// Stands between a program and its files (LD_PRELOAD), for the calls that change files below one directory.
//
// A control file, shared with the test, says at which call what happens: the process is killed before the call,
// after it, or in its middle; or the call answers with an error. Calls are counted over all threads. With a trace
// file every call is written down with its bytes, so that a test can work out what a power cut may leave behind.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE, SYNC, SIZE, RENAME, UNLINK, CREATE, CALLS };
enum { NOTHING, KILL_BEFORE, KILL_AFTER, KILL_AMID, FAIL, SHORT };

// Little-endian 32-bit words, read and written by the test at any time.
struct control {
    volatile uint32_t calls;    // bit set of the kinds of call that count
    volatile uint32_t at;       // the call that is meant, from 1
    volatile uint32_t more;     // so many calls after that one too
    volatile uint32_t action;
    volatile uint32_t error;    // for FAIL
    volatile uint32_t count;    // calls counted so far
    volatile uint32_t hits;     // how often the action was taken
    volatile uint32_t tracing;
};

static struct control *control;
static char directory[PATH_MAX];
static size_t directory_length;
static int trace = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name, ...) ((__typeof__(&name))real(#name))(__VA_ARGS__)
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("FAULTY_CONTROL");
    if (!path || !getenv("FAULTY_DIRECTORY")) return;
    snprintf(directory, sizeof directory, "%s/", getenv("FAULTY_DIRECTORY"));
    directory_length = strlen(directory);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (getenv("FAULTY_TRACE")) trace = open(getenv("FAULTY_TRACE"), O_WRONLY | O_APPEND | O_CLOEXEC);
    void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) control = page;
}

// The path below the directory; NULL if it is elsewhere.
static const char *below(const char *path) {
    if (!strncmp(path, directory, directory_length)) return path + directory_length;
    return strlen(path) == directory_length - 1 && !strncmp(path, directory, directory_length - 1) ? "" : NULL;
}

static const char *path_of(int file, char *buffer) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = control ? readlink(link, buffer, PATH_MAX - 1) : -1;
    if (length <= 0) return NULL;
    buffer[length] = 0;
    return below(buffer);
}

static void note(const char *call, const char *path, const char *other, long offset, long flags,
                 const void *bytes, size_t size) {
    if (trace < 0 || !control->tracing) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char head[2 * PATH_MAX];
    int length = snprintf(head, sizeof head, "%s\t%s\t%s\t%ld\t%ld\t%ld.%09ld\t%zu\n", call, path, other, offset,
                          flags, (long)now.tv_sec, now.tv_nsec, size);
    struct iovec parts[2] = {{head, length}, {(void *)bytes, size}};
    (void)!REAL(writev, trace, parts, size ? 2 : 1);
}

// Counts a call; returns what is to happen to it.
static uint32_t counted(int kind) {
    if (!(control->calls >> kind & 1)) return NOTHING;
    uint32_t number = __sync_add_and_fetch(&control->count, 1);
    if (number < control->at || number - control->at > control->more) return NOTHING;
    __sync_add_and_fetch(&control->hits, 1);
    if (control->action == KILL_BEFORE) kill(getpid(), SIGKILL), pause();
    return control->action;
}

// One call of a kind: counted, perhaps failed, done, written down. Under the lock while a trace is kept.
#define CALL(kind, result_type, act, ...)                                   \
    do {                                                                    \
        uint32_t action_ = counted(kind);                                   \
        if (action_ == FAIL) { errno = control->error; return -1; }         \
        int locks_ = control->tracing;                                      \
        if (locks_) pthread_mutex_lock(&order);                             \
        result_type result_ = (act);                                        \
        int error_ = errno;                                                 \
        if (result_ >= 0) note(__VA_ARGS__);                                \
        if (locks_) pthread_mutex_unlock(&order);                           \
        if (action_ == KILL_AFTER || action_ == KILL_AMID) kill(getpid(), SIGKILL), pause(); \
        errno = error_;                                                     \
        return result_;                                                     \
    } while (0)

static ssize_t put(int file, const void *bytes, size_t size, off_t offset, int is_positioned) {
    char buffer[PATH_MAX];
    const char *path = path_of(file, buffer);
    if (!path) return is_positioned ? REAL(pwrite64, file, bytes, size, offset) : REAL(write, file, bytes, size);
    off_t place = is_positioned ? offset : lseek(file, 0, SEEK_CUR);
    uint32_t action = counted(WRITE);
    if (action == FAIL) { errno = control->error; return -1; }
    size_t part = size;
    if (action == KILL_AMID || action == SHORT) part = size > 1024 ? size / 2 / 512 * 512 : size / 2;
    int locks = control->tracing, flags = fcntl(file, F_GETFL);
    if (locks) pthread_mutex_lock(&order);
    ssize_t result = is_positioned ? REAL(pwrite64, file, bytes, part, offset) : REAL(write, file, bytes, part);
    int error = errno;
    if (result > 0) note("write", path, "", place, flags & (O_DSYNC | O_SYNC) ? 1 : 0, bytes, result);
    if (locks) pthread_mutex_unlock(&order);
    if (action == KILL_AFTER || action == KILL_AMID) kill(getpid(), SIGKILL), pause();
    errno = error;
    return result;
}

// Vectors are written as one buffer, so that a write is one write everywhere here.
static ssize_t put_vector(int file, const struct iovec *parts, int count, off_t offset, int is_positioned) {
    size_t size = 0;
    for (int i = 0; i < count; i++) size += parts[i].iov_len;
    char *bytes = NULL, *to;
    if (posix_memalign((void **)&bytes, 4096, size ? size : 1)) { errno = ENOMEM; return -1; }
    to = bytes;
    for (int i = 0; i < count; i++) to = mempcpy(to, parts[i].iov_base, parts[i].iov_len);
    ssize_t result = put(file, bytes, size, offset, is_positioned);
    int error = errno;
    free(bytes);
    errno = error;
    return result;
}

ssize_t write(int file, const void *bytes, size_t size) { return put(file, bytes, size, 0, 0); }
ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) { return put(file, bytes, size, offset, 1); }
ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) { return put(file, bytes, size, offset, 1); }

ssize_t writev(int file, const struct iovec *parts, int count) {
    char buffer[PATH_MAX];
    return path_of(file, buffer) ? put_vector(file, parts, count, 0, 0) : REAL(writev, file, parts, count);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    char buffer[PATH_MAX];
    if (!path_of(file, buffer)) return REAL(pwritev64, file, parts, count, offset);
    return put_vector(file, parts, count, offset, 1);
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
    return pwritev(file, parts, count, offset);
}

int fsync(int file) {
    char buffer[PATH_MAX];
    const char *path = path_of(file, buffer);
    if (!path) return REAL(fsync, file);
    CALL(SYNC, int, REAL(fsync, file), "sync", path, "", 0, 1, NULL, 0);
}
int fdatasync(int file) {
    char buffer[PATH_MAX];
    const char *path = path_of(file, buffer);
    if (!path) return REAL(fdatasync, file);
    CALL(SYNC, int, REAL(fdatasync, file), "sync", path, "", 0, 0, NULL, 0);
}
int msync(void *start, size_t size, int flags) {
    if (!control) return REAL(msync, start, size, flags);
    CALL(SYNC, int, REAL(msync, start, size, flags), "msync", "", "", 0, 0, NULL, 0);
}

int ftruncate(int file, off_t size) {
    char buffer[PATH_MAX];
    const char *path = path_of(file, buffer);
    if (!path) return REAL(ftruncate64, file, size);
    CALL(SIZE, int, REAL(ftruncate64, file, size), "size", path, "", size, 0, NULL, 0);
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t offset, off_t size) {
    char buffer[PATH_MAX];
    const char *path = path_of(file, buffer);
    if (!path) return REAL(fallocate64, file, mode, offset, size);
    CALL(SIZE, int, REAL(fallocate64, file, mode, offset, size), "allocate", path, "", offset + size, mode, NULL, 0);
}
int fallocate64(int file, int mode, off_t offset, off_t size) { return fallocate(file, mode, offset, size); }

// Answers with the error itself, and errno stays.
int posix_fallocate(int file, off_t offset, off_t size) {
    return fallocate(file, 0, offset, size) == 0 ? 0 : errno;
}
int posix_fallocate64(int file, off_t offset, off_t size) { return posix_fallocate(file, offset, size); }

int rename(const char *from, const char *to) {
    const char *path = control ? below(to) : NULL;
    if (!path) return REAL(rename, from, to);
    const char *old = below(from);
    CALL(RENAME, int, REAL(rename, from, to), "rename", old ? old : "", path, 0, 0, NULL, 0);
}
int link(const char *from, const char *to) {
    const char *path = control ? below(to) : NULL;
    if (!path) return REAL(link, from, to);
    const char *old = below(from);
    CALL(RENAME, int, REAL(link, from, to), "link", old ? old : "", path, 0, 0, NULL, 0);
}
int unlink(const char *name) {
    const char *path = control ? below(name) : NULL;
    if (!path) return REAL(unlink, name);
    CALL(UNLINK, int, REAL(unlink, name), "unlink", path, "", 0, 0, NULL, 0);
}
int rmdir(const char *name) {
    const char *path = control ? below(name) : NULL;
    if (!path) return REAL(rmdir, name);
    CALL(UNLINK, int, REAL(rmdir, name), "rmdir", path, "", 0, 0, NULL, 0);
}
int mkdir(const char *name, mode_t mode) {
    const char *path = control ? below(name) : NULL;
    if (!path) return REAL(mkdir, name, mode);
    CALL(CREATE, int, REAL(mkdir, name, mode), "mkdir", path, "", 0, 0, NULL, 0);
}

int open(const char *name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    const char *path = control && flags & (O_CREAT | O_TRUNC) ? below(name) : NULL;
    if (!path) return REAL(open64, name, flags, mode);
    CALL(CREATE, int, REAL(open64, name, flags, mode), "create", path, "", 0, flags & O_TRUNC ? 1 : 0, NULL, 0);
}
int open64(const char *name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open(name, flags, mode);
}
int openat(int at, const char *name, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return name[0] == '/' ? open(name, flags, mode) : REAL(openat64, at, name, flags, mode);
}
