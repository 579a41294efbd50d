/* A process that does one system call after another for a test, as a user: a line in, a line out. Words are separated by blanks. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *map;
static size_t mapped;
static pid_t child;

static void fail(void) { printf("%s\n", strerrorname_np(errno)); }

static void done(int result) {
    if (result < 0)
        fail();
    else
        puts("ok");
}

static void bytes(const char *from, ssize_t n) {
    if (n < 0)
        fail();
    else
        printf("=%.*s\n", (int)n, from);
}

/* The program and its arguments; the exit status is awaited, or not. */
static pid_t start(char **argv) {
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        execv(argv[0], argv);
        _exit(127);
    }
    return pid;
}

static void await(pid_t pid) {
    int status;
    if (waitpid(pid, &status, 0) < 0)
        fail();
    else
        printf("%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int lock(int fd, short type) {
    struct flock l = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(fd, F_SETLK, &l);
}

static int names(const char *path, long *count, int *hidden) {
    DIR *dir = opendir(path);
    struct dirent *entry;
    if (!dir)
        return -1;
    errno = 0;
    while ((entry = readdir(dir))) {
        *count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
        *hidden += !strncmp(entry->d_name, ".fuse", 5);
    }
    closedir(dir);
    return errno ? -1 : 0;
}

static void obey(char **w, int n) {
    static char buffer[1 << 20];
    struct stat st;
    const char *verb = w[0];
    int fd = n > 1 ? atoi(w[1]) : -1;
    if (!strcmp(verb, "cd"))
        done(chdir(w[1]));
    else if (!strcmp(verb, "cwd"))
        getcwd(buffer, sizeof buffer) ? (void)printf("%s\n", buffer) : fail();
    else if (!strcmp(verb, "size"))
        stat(w[1], &st) < 0 ? fail() : (void)printf("%lld\n", (long long)st.st_size);
    else if (!strcmp(verb, "owner"))
        stat(w[1], &st) < 0 ? fail() : (void)printf("%d\n", (int)st.st_uid);
    else if (!strcmp(verb, "links"))
        stat(w[1], &st) < 0 ? fail() : (void)printf("%d\n", (int)st.st_nlink);
    else if (!strcmp(verb, "inode"))
        stat(w[1], &st) < 0 ? fail() : (void)printf("%llu\n", (unsigned long long)st.st_ino);
    else if (!strcmp(verb, "fsize"))
        fstat(fd, &st) < 0 ? fail() : (void)printf("%lld\n", (long long)st.st_size);
    else if (!strcmp(verb, "open")) {
        /* open FD PATH r|w|rw|a: at that very number */
        int flags = !strcmp(w[3], "r") ? O_RDONLY : !strcmp(w[3], "w") ? O_WRONLY : !strcmp(w[3], "a") ? O_WRONLY | O_APPEND : O_RDWR;
        int got = open(w[2], flags);
        if (got >= 0 && got != fd) {
            dup2(got, fd);
            close(got);
        }
        done(got);
    } else if (!strcmp(verb, "close"))
        done(close(fd));
    else if (!strcmp(verb, "read"))
        bytes(buffer, pread(fd, buffer, atoi(w[3]), atoll(w[2])));
    else if (!strcmp(verb, "all"))
        printf("%zd\n", pread(fd, buffer, sizeof buffer, 0));
    else if (!strcmp(verb, "write"))
        done((int)pwrite(fd, w[3], strlen(w[3]), atoll(w[2])));
    else if (!strcmp(verb, "append"))
        done((int)write(fd, w[2], strlen(w[2])));
    else if (!strcmp(verb, "cat")) {
        int file = open(w[1], O_RDONLY);
        ssize_t got = file < 0 ? -1 : read(file, buffer, 4096);
        bytes(buffer, got);
        if (file >= 0)
            close(file);
    } else if (!strcmp(verb, "map")) {
        /* map FD LENGTH private|shared */
        int shared = !strcmp(w[3], "shared");
        mapped = strtoul(w[2], NULL, 10);
        map = mmap(NULL, mapped, PROT_READ | (shared ? PROT_WRITE : 0), shared ? MAP_SHARED : MAP_PRIVATE, fd, 0);
        done(map == MAP_FAILED ? -1 : 0);
    } else if (!strcmp(verb, "peek"))
        bytes(map + atol(w[1]), atoi(w[2]));
    else if (!strcmp(verb, "poke")) {
        memcpy(map + atol(w[1]), w[2], strlen(w[2]));
        puts("ok");
    } else if (!strcmp(verb, "unmap"))
        done(munmap(map, mapped));
    else if (!strcmp(verb, "flock"))
        done(flock(fd, LOCK_EX | LOCK_NB));
    else if (!strcmp(verb, "funlock"))
        done(flock(fd, LOCK_UN));
    else if (!strcmp(verb, "lock"))
        done(lock(fd, F_WRLCK));
    else if (!strcmp(verb, "unlock"))
        done(lock(fd, F_UNLCK));
    else if (!strcmp(verb, "rename"))
        done(rename(w[1], w[2]));
    else if (!strcmp(verb, "exchange"))
        done(renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_EXCHANGE));
    else if (!strcmp(verb, "rename-new"))
        done(renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_NOREPLACE));
    else if (!strcmp(verb, "unlink"))
        done(unlink(w[1]));
    else if (!strcmp(verb, "mkdir"))
        done(mkdir(w[1], 0755));
    else if (!strcmp(verb, "link"))
        done(link(w[1], w[2]));
    else if (!strcmp(verb, "hole"))
        printf("%lld\n", (long long)lseek(fd, atoll(w[2]), SEEK_HOLE));
    else if (!strcmp(verb, "allocate"))
        done(fallocate(fd, 0, 0, atoll(w[2])));
    else if (!strcmp(verb, "list")) {
        long count = 0;
        int hidden = 0;
        names(w[1], &count, &hidden) < 0 ? fail() : (void)printf("%ld %d\n", count, hidden);
    } else if (!strcmp(verb, "run"))
        await(start(w + 1));
    else if (!strcmp(verb, "start")) {
        child = start(w + 1);
        done(child);
    } else if (!strcmp(verb, "wait"))
        await(child);
    else
        printf("what is %s?\n", verb);
}

int main(void) {
    static char line[1 << 16];
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        char *words[64] = {0};
        int n = 0;
        for (char *word = strtok(line, " \n"); word && n < 63; word = strtok(NULL, " \n"))
            words[n++] = word;
        if (n)
            obey(words, n);
    }
    return 0;
}
