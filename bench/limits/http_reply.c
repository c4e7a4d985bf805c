/* The limit of replies: libmicrohttpd answering every request at once with the same bytes, in the way src/http drives it (a daemon a thread, MHD_run
 * after poll). bench_http_reply BYTES [THREADS]; prints its port and serves until it is killed. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct MHD_Response *reply;

static enum MHD_Result answer(void *context, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *body, size_t *n, void **state)
{
    static int seen;
    (void)context, (void)url, (void)method, (void)version, (void)body;
    if (*state == NULL) {
        *state = &seen;
        return MHD_YES;
    }
    if (*n != 0) {
        *n = 0;
        return MHD_YES;
    }
    return MHD_queue_response(c, 200, reply);
}

static void *serve(void *context)
{
    struct MHD_Daemon *d = context;
    int epoll = MHD_get_daemon_info(d, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    for (;;) {
        struct pollfd fd = {epoll, POLLIN, 0};
        MHD_UNSIGNED_LONG_LONG ms;
        (void)poll(&fd, 1, MHD_get_timeout(d, &ms) == MHD_YES ? (int)ms : -1);
        (void)MHD_run(d);
    }
    return NULL;
}

static int listen_anywhere(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0) {
        perror("http_reply");
        exit(1);
    }
    *ret_port = ntohs(at.sin_port);
    return fd;
}

int main(int argc, char **argv)
{
    int port, bytes = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1000,
              threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 2;
    char *body = malloc((size_t)bytes + 1);
    if (body == NULL)
        return 1;
    memset(body, 'x', (size_t)bytes);
    reply = MHD_create_response_from_buffer((size_t)bytes, body, MHD_RESPMEM_PERSISTENT);
    (void)MHD_add_response_header(reply, "Content-Type", "application/json");
    int fd = listen_anywhere(&port);
    for (int i = 0; i < threads; i++) {
        pthread_t thread;
        struct MHD_Daemon *d =
            MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, NULL, MHD_OPTION_LISTEN_SOCKET, dup(fd),
                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)10240, MHD_OPTION_END);
        if (d == NULL || pthread_create(&thread, NULL, serve, d) != 0)
            return 1;
    }
    (void)printf("%d\n", port);
    (void)fflush(stdout);
    for (;;)
        (void)pause();
}
