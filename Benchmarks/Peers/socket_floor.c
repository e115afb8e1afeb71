// What a Unix socket alone can carry: a server that answers every request of a fixed size with fixed bytes, and a client
// that waits for the answer, each one thread with epoll. No parsing, no disk, nothing to look up.
//
//   socket_floor CONNECTIONS REQUEST-BYTES ANSWER-BYTES SECONDS
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int request_bytes, answer_bytes;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *serve(void *argument) {
    int ep = *(int *)argument;
    static char in[1 << 16], out[1 << 16];
    struct epoll_event events[64];
    for (;;) {
        int n = epoll_wait(ep, events, 64, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            ssize_t got = recv(fd, in, sizeof in, 0);
            if (got <= 0) return NULL;
            if (got != request_bytes) die("request in pieces");
            if (send(fd, out, answer_bytes, 0) != answer_bytes) die("send");
        }
    }
}

int main(int c, char **v) {
    if (c != 5) return fprintf(stderr, "usage: socket_floor CONNECTIONS REQUEST-BYTES ANSWER-BYTES SECONDS\n"), 1;
    int connections = atoi(v[1]);
    request_bytes = atoi(v[2]);
    answer_bytes = atoi(v[3]);
    double seconds = atof(v[4]);
    int server = epoll_create1(0), client = epoll_create1(0);
    static char out[1 << 16], in[1 << 16];
    for (int i = 0; i < connections; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) die("socketpair");
        for (int k = 0; k < 2; k++) {
            struct epoll_event event = {.events = EPOLLIN, .data.fd = pair[k]};
            epoll_ctl(k ? server : client, EPOLL_CTL_ADD, pair[k], &event);
        }
        if (send(pair[0], out, request_bytes, 0) != request_bytes) die("send");
    }
    double start = now(), end = start + seconds;
    pthread_t thread;
    pthread_create(&thread, NULL, serve, &server);
    long answers = 0;
    struct epoll_event events[64];
    while (now() < end) {
        int n = epoll_wait(client, events, 64, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            for (int left = answer_bytes; left > 0;) {
                ssize_t got = recv(fd, in, sizeof in, 0);
                if (got <= 0) die("recv");
                left -= got;
            }
            answers++;
            if (send(fd, out, request_bytes, 0) != request_bytes) die("send");
        }
    }
    printf("%.0f\n", answers / (now() - start)); // a second
}
