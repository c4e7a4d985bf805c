#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/inner.h"

enum { BACKLOG = 1024 };

/* "host:port", "[v6]:port" or ":port"; host and port are copied. */
static bool split_listen(struct arena *a, const char *listen, const char **host, const char **port)
{
    const char *colon = strrchr(listen, ':');
    int64_t number;

    if (colon == NULL || !str_int(str_of(colon + 1), &number) || number < 0 || number > 65535)
        return false; /* getaddrinfo would take 65616 for 80 */
    struct str h = str_range(listen, (size_t)(colon - listen));
    if (h.n >= 2 && h.p[0] == '[' && h.p[h.n - 1] == ']')
        h = str_range(h.p + 1, h.n - 2);
    else if (memchr(h.p, ':', h.n) != NULL)
        return false; /* a v6 address wants its brackets */
    *host = h.n > 0 ? arena_z(a, h) : NULL;
    *port = colon + 1;
    return true;
}

/* A listening socket, or -1 with errno. A v6 wildcard takes v4 too. */
static int listen_at(const struct addrinfo *info)
{
    const int on = 1, off = 0;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, info->ai_protocol);

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

int listen_open(const char *listen, struct error *e)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct arena *a = arena_open();
    struct addrinfo *found = NULL;
    const char *host, *port;
    int fd = -1;

    if (!split_listen(a, listen, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0) {
        (void)error_setf(e, ERROR_CONFIG_VALUE, "listen", "%s", listen);
        goto out;
    }
    /* The v6 wildcard covers both; a name that has both ("localhost") is more often asked by v4. */
    const int order[2] = {host == NULL ? AF_INET6 : AF_INET, host == NULL ? AF_INET : AF_INET6};
    int why = 0;
    for (size_t k = 0; k < 2 && fd < 0; k++)
        for (const struct addrinfo *i = found; i != NULL && fd < 0; i = i->ai_next)
            if (i->ai_family == order[k] && (fd = listen_at(i)) < 0 && why != EADDRINUSE)
                why = errno;
    if (fd < 0) {
        (void)error_setf(e, why == EADDRINUSE ? ERROR_PORT_IN_USE : ERROR_CONFIG_VALUE, "listen", "%s", listen);
        if (e != NULL)
            (void)snprintf(e->cause, sizeof e->cause, "%s", strerrordesc_np(why));
    }
out:
    if (found != NULL)
        freeaddrinfo(found);
    arena_close(a);
    return fd;
}

int listen_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address = {.in6 = {0}};
    socklen_t n = sizeof address;

    if (getsockname(fd, &address.any, &n) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.in6.sin6_port : address.in.sin_port);
}
