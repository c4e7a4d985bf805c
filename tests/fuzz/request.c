/* Whole requests against the whole program: HTTP on a socket, router, decoding, field_check, the gate, commands, SQLite. Input, by lines:
 *   the route's name (routes.c; what is no name stands for some route; "raw": the rest is sent as it is)
 *   who comes (a byte: line of WORLD/who, which has tokens, tracking codes, nobody and somebody wrong)
 *   what the path's {id} or {hash} is (a byte: line of WORLD/ids)
 *   what its {verb} is (a verb's name; what is none stands for some verb)
 *   the query, a further header, and then the body
 * The world is a copy of FUZZ_WORLD (run.py makes it) in memory, fresh again every few thousand requests. An answer of 500 is a mistake of the
 * program; so is none. */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "six/six.h"
#include "api/api.h"
#include "fuzz.h"

enum { FRESH_AFTER = 3000, LINES = 64, LINE = 120, ANSWER = 1 << 20 };

int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct {
    char folder[64], key[96], files[96];
    struct config config;
    struct db *db;
    struct core *core;
    struct exec *exec;
    struct api *api;
    struct http_server *server;
    int port, fd, requests;
} world = {.fd = -1};

static char who[LINES][LINE], ids[LINES][LINE];
static const char *verbs[256];
static int who_count, id_count, route_count, verb_count;
static char answer[ANSWER];

/* ---- The world ----------------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "re"), *out = fopen(to, "we");
    size_t n;

    MUST(in != NULL && out != NULL);
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        MUST(fwrite(bytes, 1, n, out) == n);
    MUST(fclose(out) == 0 && fclose(in) == 0);
}

static void read_lines(const char *path, char lines[LINES][LINE], int *ret)
{
    FILE *f = fopen(path, "re");

    MUST(f != NULL);
    while (*ret < LINES && fgets(lines[*ret], LINE, f) != NULL) {
        lines[*ret][strcspn(lines[*ret], "\n")] = '\0';
        ++*ret;
    }
    (void)fclose(f);
}

static void remove_world(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", world.folder);
    MUST(system(command) == 0);
}

static void copy_world(void)
{
    static const char *const names[] = {"liuxiao.db", "derived.db"};
    const char *from = getenv("FUZZ_WORLD");
    char source[512], target[128];

    MUST(from != NULL);
    (void)snprintf(world.folder, sizeof world.folder, "/dev/shm/liuxiao-fuzz.XXXXXX");
    MUST(mkdtemp(world.folder) != NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(source, sizeof source, "%s/data/%s", from, names[i]);
        (void)snprintf(target, sizeof target, "%s/%s", world.folder, names[i]);
        copy_file(source, target);
    }
    (void)snprintf(source, sizeof source, "%s/data.key", from);
    (void)snprintf(world.key, sizeof world.key, "%s/key", world.folder);
    (void)snprintf(world.files, sizeof world.files, "%s/files", world.folder);
    copy_file(source, world.key);
    MUST(chmod(world.key, 0600) == 0 && mkdir(world.files, 0700) == 0);
}

static void open_world(void)
{
    struct error e = {0};

    copy_world();
    world.config = (struct config){
        .data = world.folder, .files = world.files, .key_file = world.key, .listen = "127.0.0.1:0", .lang = "zh-CN"};
    struct exec_config exec = {
        .where = {.engine = DB_SQLITE, .folder = world.folder}, .readers = 1, .writers = 1, .queue = 64};
    bool ok = db_open(&world.db, &exec.where, DB_WRITER, &e) &&
              core_open(&world.core, &world.config, world.db, &six_tables, &e) &&
              exec_open(&world.exec, &exec, &e) &&
              api_open(&world.api, &world.config, world.core, world.exec, &e);
    struct http_config http = {.listen = "127.0.0.1:0", .threads = 1, .connections = 4000};
    if (ok) {
        http.app = api_app(world.api);
        ok = http_start(&world.server, &http, &e);
    }
    if (!ok)
        (void)fprintf(stderr, "%s %s %s\n", error_name(e.code), e.detail, e.cause);
    MUST(ok);
    world.port = http_port(world.server);
    world.requests = 0;
}

static void close_world(void)
{
    if (world.fd >= 0)
        (void)close(world.fd);
    world.fd = -1;
    http_stop(world.server, 10000);
    exec_close(world.exec);
    api_close(world.api);
    core_close(world.core);
    db_close(world.db);
    remove_world();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char path[512];
    struct error e = {0};

    /* the image child is this program once more */
    if (*argc == 2 && strcmp((*argv)[1], "image") == 0)
        exit(1);
    MUST(crypto_start(&e));
    log_set(LOG_ERROR);
    (void)snprintf(path, sizeof path, "%s/who", getenv("FUZZ_WORLD") != NULL ? getenv("FUZZ_WORLD") : ".");
    read_lines(path, who, &who_count);
    (void)snprintf(path, sizeof path, "%s/ids", getenv("FUZZ_WORLD"));
    read_lines(path, ids, &id_count);
    for (const struct route *r = routes; r->path != NULL; r++)
        route_count++;
    for (size_t t = 0; six_tables.verbs[t] != NULL; t++)
        for (const struct verb *v = six_tables.verbs[t]; v->name != NULL && verb_count < 256; v++)
            verbs[verb_count++] = v->name;
    open_world();
    (void)atexit(close_world);
    return 0;
}

/* ---- A request ----------------------------------------------------------------------------------------- */

static const struct route *route_of(struct str name)
{
    for (int i = 0; i < route_count; i++)
        if (str_is(name, routes[i].name))
            return &routes[i];
    return &routes[str_hash(name) % (uint64_t)route_count];
}

static const char *verb_of(struct str name)
{
    for (int i = 0; i < verb_count; i++)
        if (str_is(name, verbs[i]))
            return verbs[i];
    return verbs[str_hash(name) % (uint64_t)verb_count];
}

static int index_of(struct str line)
{
    return line.n > 0 ? (unsigned char)line.p[0] : 0;
}

/* The route's path with its holes filled. */
static void add_path(struct buf *out, const char *path, int subject, const char *verb)
{
    for (const char *p = path; *p != '\0'; p++) {
        if (*p != '{') {
            buf_addc(out, *p);
            continue;
        }
        buf_addz(out, strncmp(p, "{verb}", 6) == 0 ? verb : ids[subject % id_count]);
        p = strchr(p, '}');
    }
}

static struct str line_of(struct str *rest)
{
    struct str line = {0};
    (void)str_split(rest, '\n', &line);
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20)
            return str_range(line.p, i);
    return line;
}

/* False for routes that never end or that cost a password's hash each time. */
static bool worth_it(const struct route *r)
{
    return strcmp(r->name, "listen") != 0 && strcmp(r->name, "sign_in") != 0 &&
           strcmp(r->name, "change_password") != 0;
}

static bool build(struct buf *out, struct str rest)
{
    const struct route *r = route_of(line_of(&rest));
    int visitor = index_of(line_of(&rest)), subject = index_of(line_of(&rest));
    const char *verb = verb_of(line_of(&rest));
    struct str query = line_of(&rest), header = line_of(&rest);

    if (!worth_it(r))
        return false;
    buf_addf(out, "%s ", http_method_name(r->method));
    add_path(out, r->path, subject, verb);
    if (query.n > 0 && memchr(query.p, ' ', query.n) == NULL) {
        buf_addc(out, '?');
        buf_add(out, query);
    }
    buf_addf(out, " HTTP/1.1\r\nHost: here\r\n%s\r\n", who[visitor % who_count]);
    if (header.n > 0 && memchr(header.p, ':', header.n) != NULL) {
        buf_add(out, header);
        buf_addz(out, "\r\n");
    }
    buf_addf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
             r->body == BODY_FORM ? "application/x-www-form-urlencoded" : "application/json", rest.n);
    buf_add(out, rest);
    return true;
}

static void connect_world(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)world.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 20};

    world.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    MUST(world.fd >= 0 && connect(world.fd, (struct sockaddr *)&at, sizeof at) == 0);
    (void)setsockopt(world.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static void hang_up(void)
{
    (void)close(world.fd);
    world.fd = -1;
}

/* Reads until the answer is whole. `*ret` is its status; -1 when the connection was closed before. */
static void read_answer(bool raw, int *ret)
{
    size_t n = 0;

    *ret = -1;
    for (;;) {
        ssize_t got = recv(world.fd, answer + n, sizeof answer - 1 - n, 0);
        if (got < 0 && errno == EINTR) /* libFuzzer's clock */
            continue;
        /* A half request may wait for its other half. Else it has not answered for twenty seconds. */
        MUST(got >= 0 || errno == ECONNRESET || raw);
        if (got <= 0)
            return;
        n += (size_t)got;
        answer[n] = '\0';
        char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "\r\nContent-Length: ");
        if (end == NULL)
            continue;
        size_t head = (size_t)(end - answer) + 4;
        size_t body = length != NULL && length < end ? strtoul(length + 18, NULL, 10) : 0;
        if (n < head + body && head + body < sizeof answer)
            continue;
        *ret = (int)strtol(answer + 9, NULL, 10);
        return;
    }
}

static void one_request(struct str request, bool raw)
{
    int status;

    if (world.fd < 0)
        connect_world();
    size_t at = 0;
    while (at < request.n) {
        ssize_t n = send(world.fd, request.p + at, request.n - at, MSG_NOSIGNAL);
        if (n <= 0)
            break; /* refused before it was whole */
        at += (size_t)n;
    }
    if (raw) {
        struct timeval hurry = {.tv_usec = 100000};
        (void)shutdown(world.fd, SHUT_WR);
        (void)setsockopt(world.fd, SOL_SOCKET, SO_RCVTIMEO, &hurry, sizeof hurry);
    }
    read_answer(raw, &status);
    if (status >= 500 && status != 503)
        (void)fprintf(stderr, "%.*s\n%.600s\n", (int)(request.n < 2000 ? request.n : 2000), request.p, answer);
    MUST(status < 500 || status == 503 || status == 501 || status == 505);
    if (raw || status < 0 || strcasestr(answer, "\r\nConnection: close") != NULL || status == 413)
        hang_up();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf request = BUF_INIT(BUF_DOCUMENT);

    if (++world.requests > FRESH_AFTER) {
        close_world();
        open_world();
    }
    if (str_starts(fuzz_str(data, size), STR("raw\n")))
        one_request(fuzz_str(data + 4, size - 4), true);
    else if (build(&request, fuzz_str(data, size)))
        one_request(buf_str(&request), false);
    buf_free(&request);
    return 0;
}
