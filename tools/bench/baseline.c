/*
 * The plain C program that the log is measured against: no JSON, no index, no tree, only what the hardware,
 * SHA-256 and LMDB allow.
 *
 *     baseline append DIR [--records N] [--batch B] [--bytes S] [--map BYTES]
 *     baseline scan   DIR [--database NAME]
 *     baseline fsync  DIR [--rounds N]
 *
 * append  takes the SHA-256 of each record and appends the record under its number, B records per transaction, with the
 *         default sync: one fsync per transaction. DIR must be empty or absent.
 * scan    walks a cursor over a database of an environment, opened read-only, and touches both ends of each value.
 *         It may be any LMDB environment, ours included; without --database it walks the unnamed one.
 * fsync   writes one page and syncs it, N times: what a durable commit costs at the least.
 *
 * Each prints one line of JSON on standard output. Compile with
 *
 *     gcc -O2 -Wall -Wextra -Werror baseline.c -o baseline -llmdb -lcrypto
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { DIGEST_BYTES = 32, KEY_BYTES = 8, PAGE_BYTES = 4096, SMALLEST_RECORD = 16 };

struct options {
    const char *command;
    const char *folder;
    const char *database;
    uint64_t records;
    uint64_t batch;
    uint64_t bytes;
    uint64_t map;
    uint64_t rounds;
    uint64_t report_every;
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "baseline: %s: %s\n", what, why);
    exit(1);
}

/* Ends the program if an LMDB call did not succeed. */
static void check(int code, const char *what) {
    if (code != MDB_SUCCESS) fail(what, mdb_strerror(code));
}

static void usage(void) {
    fputs("usage: baseline append DIR [--records N] [--batch B] [--bytes S] [--map BYTES]\n"
          "                           [--report-every N]\n"
          "       baseline scan   DIR [--database NAME]\n"
          "       baseline fsync  DIR [--rounds N]\n",
          stderr);
    exit(2);
}

static uint64_t number(const char *text, const char *name, uint64_t least) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-') fail(name, "not a number");
    if (value < least) fail(name, "too small");
    return (uint64_t)value;
}

static struct options parse(int count, char **words) {
    struct options options = {
        .records = 1000000, .batch = 1000, .bytes = 700, .map = (uint64_t)64 << 30, .rounds = 500};
    if (count < 3) usage();
    options.command = words[1];
    options.folder = words[2];
    for (int i = 3; i < count; i += 2) {
        const char *name = words[i];
        if (i + 1 >= count) usage();
        const char *value = words[i + 1];
        if (strcmp(name, "--records") == 0) options.records = number(value, name, 1);
        else if (strcmp(name, "--batch") == 0) options.batch = number(value, name, 1);
        else if (strcmp(name, "--bytes") == 0) options.bytes = number(value, name, SMALLEST_RECORD);
        else if (strcmp(name, "--map") == 0) options.map = number(value, name, 1 << 20);
        else if (strcmp(name, "--rounds") == 0) options.rounds = number(value, name, 1);
        else if (strcmp(name, "--report-every") == 0) options.report_every = number(value, name, 1);
        else if (strcmp(name, "--database") == 0) options.database = value;
        else usage();
    }
    return options;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void put_big_endian(uint64_t value, unsigned char *bytes) {
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(value >> (56 - 8 * i));
}

/* Prints what the figures depend on besides the program, as members of the object being printed. */
static void print_machine(void) {
    struct utsname system;
    if (uname(&system) != 0) fail("uname", strerror(errno));
    printf("\"kernel\":\"%s\",\"processors\":%ld", system.release, sysconf(_SC_NPROCESSORS_ONLN));
}

static void make_folder(const char *folder) {
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) fail(folder, strerror(errno));
}

static void append(const struct options *options) {
    make_folder(options->folder);
    MDB_env *environment;
    check(mdb_env_create(&environment), "mdb_env_create");
    check(mdb_env_set_mapsize(environment, options->map), "mdb_env_set_mapsize");
    check(mdb_env_open(environment, options->folder, MDB_NOTLS, 0644), options->folder);

    unsigned char *record = malloc(options->bytes);
    EVP_MD_CTX *hasher = EVP_MD_CTX_new();
    const EVP_MD *algorithm = EVP_sha256();
    if (record == NULL || hasher == NULL) fail("memory", strerror(ENOMEM));
    /* Letters, as in an event; only the number at the head differs from record to record. */
    for (uint64_t i = 0; i < options->bytes; i++) record[i] = (unsigned char)('a' + i * 7 % 26);

    unsigned char folded[DIGEST_BYTES] = {0};
    double began = now();
    double last = began;
    uint64_t reported = 0;
    for (uint64_t next = 0; next < options->records;) {
        MDB_txn *transaction;
        MDB_dbi database;
        check(mdb_txn_begin(environment, NULL, 0, &transaction), "mdb_txn_begin");
        check(mdb_dbi_open(transaction, NULL, 0, &database), "mdb_dbi_open");
        uint64_t end = options->records - next < options->batch ? options->records : next + options->batch;
        for (; next < end; next++) {
            unsigned char key[KEY_BYTES], digest[DIGEST_BYTES];
            put_big_endian(next, record);
            if (EVP_DigestInit_ex(hasher, algorithm, NULL) != 1 ||
                EVP_DigestUpdate(hasher, record, options->bytes) != 1 ||
                EVP_DigestFinal_ex(hasher, digest, NULL) != 1)
                fail("SHA-256", "failed");
            for (int i = 0; i < DIGEST_BYTES; i++) folded[i] ^= digest[i];
            put_big_endian(next, key);
            MDB_val name = {.mv_size = KEY_BYTES, .mv_data = key};
            MDB_val value = {.mv_size = options->bytes, .mv_data = record};
            int code = mdb_put(transaction, database, &name, &value, MDB_APPEND);
            if (code == MDB_KEYEXIST) fail(options->folder, "holds records already: give an empty folder");
            check(code, "mdb_put");
        }
        check(mdb_txn_commit(transaction), "mdb_txn_commit");
        if (options->report_every > 0 && next - reported >= options->report_every) {
            double time = now();
            printf("{\"command\":\"append\",\"head\":%" PRIu64 ",\"records_per_second\":%.0f}\n", next,
                   (double)(next - reported) / (time - last));
            last = time;
            reported = next;
        }
    }
    double seconds = now() - began;
    if (options->report_every > 0) return;

    MDB_envinfo info;
    MDB_stat pages;
    check(mdb_env_info(environment, &info), "mdb_env_info");
    check(mdb_env_stat(environment, &pages), "mdb_env_stat");
    printf("{\"command\":\"append\",\"records\":%" PRIu64 ",\"batch\":%" PRIu64 ",\"bytes\":%" PRIu64
           ",\"sync\":\"fsync\",\"seconds\":%.6f,\"records_per_second\":%.0f,\"commits_per_second\":%.1f"
           ",\"file_bytes\":%" PRIu64 ",\"digests\":\"",
           options->records, options->batch, options->bytes, seconds, (double)options->records / seconds,
           (double)((options->records + options->batch - 1) / options->batch) / seconds,
           (uint64_t)(info.me_last_pgno + 1) * pages.ms_psize);
    for (int i = 0; i < DIGEST_BYTES; i++) printf("%02x", folded[i]);
    printf("\",");
    print_machine();
    printf("}\n");
    EVP_MD_CTX_free(hasher);
    free(record);
    mdb_env_close(environment);
}

static void scan(const struct options *options) {
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;
    MDB_cursor *cursor;
    check(mdb_env_create(&environment), "mdb_env_create");
    check(mdb_env_set_maxdbs(environment, 64), "mdb_env_set_maxdbs");
    check(mdb_env_open(environment, options->folder, MDB_NOTLS | MDB_RDONLY, 0644), options->folder);
    check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, options->database, 0, &database),
          options->database != NULL ? options->database : "the unnamed database");
    check(mdb_cursor_open(transaction, database, &cursor), "mdb_cursor_open");

    MDB_val key, value;
    uint64_t records = 0, bytes = 0, ends = 0;
    double began = now();
    int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    while (code == MDB_SUCCESS) {
        const unsigned char *data = value.mv_data;
        records++;
        bytes += value.mv_size;
        if (value.mv_size > 0) ends += (uint64_t)data[0] + data[value.mv_size - 1];
        code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    if (code != MDB_NOTFOUND) check(code, "mdb_cursor_get");
    double seconds = now() - began;

    printf("{\"command\":\"scan\",\"records\":%" PRIu64 ",\"bytes\":%" PRIu64
           ",\"seconds\":%.6f,\"records_per_second\":%.0f,\"bytes_per_second\":%.0f,\"ends\":%" PRIu64 ",",
           records, bytes, seconds, (double)records / seconds, (double)bytes / seconds, ends);
    print_machine();
    printf("}\n");
    mdb_cursor_close(cursor);
    mdb_txn_abort(transaction);
    mdb_env_close(environment);
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Writes one page and syncs it, again and again; the file grows if it is to, as a commit that takes new pages does. */
static void measure_sync(const char *folder, const char *name, uint64_t rounds, bool growing, int (*sync)(int)) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/fsync.probe", folder) >= (int)sizeof path) fail(folder, "too long a path");
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    double *taken = calloc(rounds, sizeof *taken);
    if (file < 0 || taken == NULL) fail(path, strerror(errno));
    char page[PAGE_BYTES];
    memset(page, 's', sizeof page);
    for (uint64_t i = 0; i < rounds; i++) {
        put_big_endian(i, (unsigned char *)page);
        double began = now();
        if (pwrite(file, page, sizeof page, growing ? (off_t)(i * sizeof page) : 0) != sizeof page || sync(file) != 0)
            fail(path, strerror(errno));
        taken[i] = now() - began;
    }
    close(file);
    unlink(path);
    qsort(taken, rounds, sizeof *taken, by_size);
    printf("\"%s\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"max\":%.1f},", name, taken[rounds / 2] * 1e6,
           taken[rounds * 9 / 10] * 1e6, taken[rounds * 99 / 100] * 1e6, taken[rounds - 1] * 1e6);
    free(taken);
}

static void measure_syncs(const struct options *options) {
    make_folder(options->folder);
    printf("{\"command\":\"fsync\",\"unit\":\"microseconds\",\"rounds\":%" PRIu64 ",", options->rounds);
    measure_sync(options->folder, "fdatasync_in_place", options->rounds, false, fdatasync);
    measure_sync(options->folder, "fdatasync_growing", options->rounds, true, fdatasync);
    measure_sync(options->folder, "fsync_in_place", options->rounds, false, fsync);
    measure_sync(options->folder, "fsync_growing", options->rounds, true, fsync);
    print_machine();
    printf("}\n");
}

int main(int count, char **words) {
    struct options options = parse(count, words);
    if (strcmp(options.command, "append") == 0) append(&options);
    else if (strcmp(options.command, "scan") == 0) scan(&options);
    else if (strcmp(options.command, "fsync") == 0) measure_syncs(&options);
    else usage();
    return 0;
}
