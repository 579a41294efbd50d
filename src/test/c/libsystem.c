/*
 * The functions of macOS' libSystem that the engine calls, as Darwin has them: its constants, its structures, its numbers of errors, a variable
 * number of arguments where it has that. What they do is done by Linux. The structures are declared as bsd/sys/{stat,dirent,mount}.h of
 * xnu declare them, so where their parts lie is said by the compiler. Each name has darwin_ before it.
 *
 *     cc -shared -fPIC -o libsystem.so libsystem.c -ldl
 *
 * With -DOTHER_LAYOUT or -DNO_VARARGS it is as if that were not as the engine takes it to be.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <mntent.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

extern char **environ;

struct darwin_stat {
    int32_t st_dev;
    uint16_t st_mode;
    uint16_t st_nlink;
    uint64_t st_ino;
#ifdef OTHER_LAYOUT
    uint64_t st_more;
#endif
    uint32_t st_uid;
    uint32_t st_gid;
    int32_t st_rdev;
    struct timespec st_atimespec;
    struct timespec st_mtimespec;
    struct timespec st_ctimespec;
    struct timespec st_birthtimespec;
    int64_t st_size;
    int64_t st_blocks;
    int32_t st_blksize;
    uint32_t st_flags;
    uint32_t st_gen;
    int32_t st_lspare;
    int64_t st_qspare[2];
};

struct darwin_dirent {
    uint64_t d_ino;
    uint64_t d_seekoff;
    uint16_t d_reclen;
    uint16_t d_namlen;
    uint8_t d_type;
    char d_name[1024];
};

/* Under #pragma pack(4) in mount.h, which moves nothing. */
#pragma pack(push, 4)
struct darwin_statfs {
    uint32_t f_bsize;
    int32_t f_iosize;
    uint64_t f_blocks;
    uint64_t f_bfree;
    uint64_t f_bavail;
    uint64_t f_files;
    uint64_t f_ffree;
    int32_t f_fsid[2];
    uint32_t f_owner;
    uint32_t f_type;
    uint32_t f_flags;
    uint32_t f_fssubtype;
    char f_fstypename[16];
    char f_mntonname[1024];
    char f_mntfromname[1024];
    uint32_t f_flags_ext;
    uint32_t f_reserved[7];
};
#pragma pack(pop)

/* For a test that asks where the compiler puts things: "stat.st_size" and the like; the size for "stat". */
#define OFFSET(type, field) if (strcmp(name, #type "." #field) == 0) return __builtin_offsetof(struct darwin_##type, field)
#define SIZE(type) if (strcmp(name, #type) == 0) return sizeof(struct darwin_##type)

EXPORT int darwin_layout(const char *name) {
    SIZE(stat);
    SIZE(dirent);
    SIZE(statfs);
    OFFSET(stat, st_dev);
    OFFSET(stat, st_mode);
    OFFSET(stat, st_nlink);
    OFFSET(stat, st_ino);
    OFFSET(stat, st_uid);
    OFFSET(stat, st_gid);
    OFFSET(stat, st_rdev);
    OFFSET(stat, st_mtimespec);
    OFFSET(stat, st_ctimespec);
    OFFSET(stat, st_size);
    OFFSET(stat, st_blocks);
    OFFSET(stat, st_flags);
    OFFSET(dirent, d_namlen);
    OFFSET(dirent, d_type);
    OFFSET(dirent, d_name);
    OFFSET(statfs, f_fsid);
    OFFSET(statfs, f_fstypename);
    OFFSET(statfs, f_mntonname);
    OFFSET(statfs, f_mntfromname);
    return -1;
}

static int number_of(int error) {
    switch (error) {
    case EDEADLK: return 11;
    case EAGAIN: return 35;
    case EOPNOTSUPP: return 45;
    case ELOOP: return 62;
    case ENAMETOOLONG: return 63;
    case ENOTEMPTY: return 66;
    case EDQUOT: return 69;
    case ESTALE: return 70;
    case ENOLCK: return 77;
    case ENOSYS: return 78;
    case EOVERFLOW: return 84;
    case ENODATA: return 93;
    default: return error;
    }
}

/* What succeeds leaves an error number behind, as functions of libSystem may. */
static long answer(long result) {
    errno = result < 0 ? number_of(errno) : 79;
    return result;
}

static int fail(int darwin_error) {
    errno = darwin_error;
    return -1;
}

static int at(int dir) {
    return dir == -2 ? AT_FDCWD : dir;
}

static void path_of(int fd, char *path) {
    sprintf(path, "/proc/self/fd/%d", fd);
}

/* ---- opening */

static int flags_of(int darwin) {
    int flags = darwin & 3;
    int known = 3 | 0x4 | 0x100 | 0x200 | 0x800 | 0x100000 | 0x200000 | 0x1000000;
    if (darwin & ~known) {
        fprintf(stderr, "libsystem: open flags that nobody expects: %x\n", darwin);
        abort();
    }
    if (darwin & 0x4) flags |= O_NONBLOCK;
    if (darwin & 0x100) flags |= O_NOFOLLOW;
    if (darwin & 0x200) flags |= O_CREAT;
    if (darwin & 0x800) flags |= O_EXCL;
    if (darwin & 0x100000) flags |= O_DIRECTORY;
    if (darwin & 0x1000000) flags |= O_CLOEXEC;
    return flags;
}

EXPORT int darwin_openat(int dir, const char *name, int darwin, ...) {
    int mode = 0;
    if (darwin & 0x200) {
        va_list more;
        va_start(more, darwin);
#ifdef NO_VARARGS
        mode = 07777;
#else
        mode = va_arg(more, int);
#endif
        va_end(more);
    }
    int flags = flags_of(darwin);
    if (darwin & 0x200000) { /* O_SYMLINK */
        struct stat found;
        if (fstatat(at(dir), name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode)) {
            flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
        }
    }
    return answer(openat(at(dir), name, flags, mode));
}

EXPORT int darwin_close(int fd) { return answer(close(fd)); }
EXPORT ssize_t darwin_read(int fd, void *buffer, size_t size) { return answer(read(fd, buffer, size)); }
EXPORT ssize_t darwin_write(int fd, const void *buffer, size_t size) { return answer(write(fd, buffer, size)); }

EXPORT int64_t darwin_lseek(int fd, int64_t offset, int whence) {
    if (whence == 3 || whence == 4) {
        whence = whence == 3 ? SEEK_HOLE : SEEK_DATA;
    }
    return answer(lseek(fd, offset, whence));
}

EXPORT int darwin_ftruncate(int fd, int64_t size) { return answer(ftruncate(fd, size)); }
EXPORT int darwin_fsync(int fd) { return answer(fsync(fd)); }
EXPORT void darwin_sync(void) { sync(); }

EXPORT int darwin_ffsctl(int fd, unsigned long request, void *argument, unsigned int options) {
    if (request != (0x80000000UL | 4 << 16 | 'A' << 8 | 1) || *(uint32_t *) argument != 3 || options != 0) {
        return fail(25);
    }
    return answer(syncfs(fd));
}

EXPORT int darwin_flock(int fd, int operation) { return answer(flock(fd, operation)); }

EXPORT int darwin_fcntl(int fd, int command, ...) {
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    if (command != 51 || (argument != NULL && (uintptr_t) argument >> 32 != 0)) { /* F_FULLFSYNC */
        return fail(22);
    }
    return answer(fsync(fd));
}

/* ---- flags of chflags(1): those that Linux has for files and directories; of a link in an attribute, looked at by unlinkat below */

#define OF_LINK "trusted.darwin.flags"

static uint32_t flags_from(int fd) {
    int linux_flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &linux_flags) < 0) {
        return 0;
    }
    return (linux_flags & FS_IMMUTABLE_FL ? 0x2 : 0) | (linux_flags & FS_APPEND_FL ? 0x4 : 0);
}

static int set_flags(int fd, uint32_t flags) {
    int linux_flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &linux_flags) < 0) {
        return -1;
    }
    linux_flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
    linux_flags |= (flags & 0x2 ? FS_IMMUTABLE_FL : 0) | (flags & 0x4 ? FS_APPEND_FL : 0);
    return ioctl(fd, FS_IOC_SETFLAGS, &linux_flags);
}

static int node_of(int dir, const char *name) {
    return openat(at(dir), name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static uint32_t flags_of_link(int dir, const char *name) {
    char path[64];
    uint32_t flags = 0;
    int node = node_of(dir, name);
    if (node >= 0) {
        path_of(node, path);
        getxattr(path, OF_LINK, &flags, sizeof flags);
        close(node);
    }
    return flags;
}

EXPORT int darwin_fchflags(int fd, uint32_t flags) { return answer(set_flags(fd, flags)); }

struct darwin_attrlist {
    uint16_t bitmapcount;
    uint16_t reserved;
    uint32_t commonattr, volattr, dirattr, fileattr, forkattr;
};

EXPORT int darwin_setattrlistat(int dir, const char *name, const struct darwin_attrlist *which, const uint32_t *value,
                                size_t size, uint32_t options) {
    if (which->bitmapcount != 5 || which->reserved != 0 || which->commonattr != 0x40000 || which->volattr || which->dirattr ||
        which->fileattr || which->forkattr || size != 4 || options != 1) {
        return fail(22);
    }
    struct stat found;
    if (fstatat(at(dir), name, &found, AT_SYMLINK_NOFOLLOW) < 0) {
        return answer(-1);
    }
    if (S_ISLNK(found.st_mode)) {
        char path[64];
        int node = node_of(dir, name);
        path_of(node, path);
        int result = setxattr(path, OF_LINK, value, 4, 0);
        int error = errno;
        close(node);
        errno = error;
        return answer(result);
    }
    int fd = openat(at(dir), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return answer(-1);
    }
    int result = set_flags(fd, *value);
    int error = errno;
    close(fd);
    errno = error;
    return answer(result);
}

/* ---- stat */

static int32_t device_of(dev_t device) {
    return (int32_t) (major(device) << 24 | (minor(device) & 0xffffff));
}

static void convert(const struct stat *from, uint32_t flags, struct darwin_stat *to) {
    memset(to, 0, sizeof *to);
    to->st_dev = device_of(from->st_dev);
    to->st_mode = from->st_mode;
    to->st_nlink = from->st_nlink;
    to->st_ino = from->st_ino;
    to->st_uid = from->st_uid;
    to->st_gid = from->st_gid;
    to->st_rdev = device_of(from->st_rdev);
    to->st_atimespec = from->st_atim;
    to->st_mtimespec = from->st_mtim;
    to->st_ctimespec = from->st_ctim;
    to->st_birthtimespec = from->st_ctim;
    to->st_size = from->st_size;
    to->st_blocks = from->st_blocks;
    to->st_blksize = from->st_blksize;
    to->st_flags = flags;
    to->st_gen = 0x5a5a5a5a;
}

EXPORT int darwin_fstat(int fd, struct darwin_stat *result) {
    struct stat found;
    if (fstat(fd, &found) < 0) {
        return answer(-1);
    }
    convert(&found, flags_from(fd), result);
    return answer(0);
}

EXPORT int darwin_fstatat(int dir, const char *name, struct darwin_stat *result, int flags) {
    struct stat found;
    if (flags != 0x20) {
        return fail(22);
    }
    if (fstatat(at(dir), name, &found, AT_SYMLINK_NOFOLLOW) < 0) {
        return answer(-1);
    }
    uint32_t own = 0;
    if (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode)) {
        int fd = openat(at(dir), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            own = flags_from(fd);
            close(fd);
        }
    } else if (S_ISLNK(found.st_mode)) {
        own = flags_of_link(dir, name);
    }
    convert(&found, own, result);
    return answer(0);
}

/* ---- names */

static int follow(int darwin) {
    return darwin & 0x20 ? AT_SYMLINK_NOFOLLOW : 0;
}

EXPORT int darwin_fchown(int fd, uint32_t uid, uint32_t gid) { return answer(fchown(fd, uid, gid)); }

EXPORT int darwin_fchownat(int dir, const char *name, uint32_t uid, uint32_t gid, int flags) {
    return answer(fchownat(at(dir), name, uid, gid, follow(flags)));
}

EXPORT int darwin_fchmod(int fd, uint16_t mode) { return answer(fchmod(fd, mode)); }

EXPORT int darwin_fchmodat(int dir, const char *name, uint16_t mode, int flags) {
    char path[64];
    int node = node_of(dir, name);
    if (flags != 0x20 || node < 0) {
        return node < 0 ? answer(-1) : fail(22);
    }
    path_of(node, path);
    int result = chmod(path, mode);
    close(node);
    return answer(result);
}

EXPORT int darwin_futimens(int fd, const struct timespec times[2]) { return answer(futimens(fd, times)); }

EXPORT int darwin_utimensat(int dir, const char *name, const struct timespec times[2], int flags) {
    return answer(utimensat(at(dir), name, times, follow(flags)));
}

EXPORT int darwin_mkdirat(int dir, const char *name, uint16_t mode) { return answer(mkdirat(at(dir), name, mode)); }

EXPORT int darwin_symlinkat(const char *target, int dir, const char *name) { return answer(symlinkat(target, at(dir), name)); }

EXPORT int darwin_linkat(int from, const char *name, int to, const char *new_name, int flags) {
    return flags != 0 ? fail(22) : answer(linkat(at(from), name, at(to), new_name, 0));
}

EXPORT int darwin_unlinkat(int dir, const char *name, int flags) {
    if (flags != 0 && flags != 0x80) {
        return fail(22);
    }
    if (flags_of_link(dir, name) & 0x2) {
        return fail(1);
    }
    int result = unlinkat(at(dir), name, flags ? AT_REMOVEDIR : 0);
    if (result < 0 && errno == EISDIR) {
        errno = EPERM;
    }
    return answer(result);
}

EXPORT int darwin_renameat(int from, const char *name, int to, const char *new_name) {
    return answer(renameat(at(from), name, at(to), new_name));
}

EXPORT ssize_t darwin_readlinkat(int dir, const char *name, char *result, size_t size) {
    return answer(readlinkat(at(dir), name, result, size));
}

EXPORT int darwin_mkfifoat(int dir, const char *name, uint16_t mode) { return answer(mkfifoat(at(dir), name, mode)); }

EXPORT int darwin_mknodat(int dir, const char *name, uint16_t mode, int32_t device) {
    return answer(mknodat(at(dir), name, mode, makedev((uint32_t) device >> 24, device & 0xffffff)));
}

EXPORT int darwin_clonefileat(int from, const char *name, int to, const char *new_name, uint32_t flags) {
    struct stat found;
    if (from != -2 || to != -2 || (flags & ~5u) != 0) {
        return fail(22);
    }
    if (lstat(name, &found) < 0) {
        return answer(-1);
    }
    if (lstat(new_name, &found) == 0) {
        return fail(17);
    }
    char *argv[] = {"cp", "-a", "--reflink=auto", "--", (char *) name, (char *) new_name, NULL};
    pid_t child;
    int status;
    if (posix_spawn(&child, "/bin/cp", NULL, NULL, argv, environ) != 0 || waitpid(child, &status, 0) < 0 || status != 0) {
        return fail(5);
    }
    return answer(0);
}

/* ---- directories */

EXPORT void *darwin_fdopendir(int fd) {
    void *stream = fdopendir(fd);
    answer(stream == NULL ? -1 : 0);
    return stream;
}

EXPORT int darwin_readdir_r(void *stream, struct darwin_dirent *entry, struct darwin_dirent **result) {
    errno = 0;
    struct dirent *found = readdir(stream);
    if (found == NULL) {
        *result = NULL;
        return number_of(errno);
    }
    memset(entry, 0x5a, sizeof *entry);
    entry->d_ino = found->d_ino;
    entry->d_type = found->d_type;
    entry->d_namlen = strlen(found->d_name);
    memcpy(entry->d_name, found->d_name, entry->d_namlen + 1);
    *result = entry;
    return 0;
}

EXPORT int darwin_closedir(void *stream) { return answer(closedir(stream)); }

/* ---- extended attributes */

EXPORT ssize_t darwin_flistxattr(int fd, char *names, size_t size, int options) {
    char path[64];
    path_of(fd, path);
    return options ? fail(22) : answer(listxattr(path, names, size));
}

EXPORT ssize_t darwin_fgetxattr(int fd, const char *name, void *value, size_t size, uint32_t position, int options) {
    char path[64];
    path_of(fd, path);
    return position || options ? fail(22) : answer(getxattr(path, name, value, size));
}

EXPORT int darwin_fsetxattr(int fd, const char *name, const void *value, size_t size, uint32_t position, int options) {
    char path[64];
    path_of(fd, path);
    return position || options ? fail(22) : answer(setxattr(path, name, value, size, 0));
}

EXPORT int darwin_fremovexattr(int fd, const char *name, int options) {
    char path[64];
    path_of(fd, path);
    return options ? fail(22) : answer(removexattr(path, name));
}

/* ---- mounts */

static void describe(const struct mntent *mount, struct darwin_statfs *result) {
    struct stat found;
    memset(result, 0, sizeof *result);
    if (lstat(mount->mnt_dir, &found) == 0) {
        result->f_fsid[0] = device_of(found.st_dev);
    }
    strncpy(result->f_fstypename, mount->mnt_type, sizeof result->f_fstypename - 1);
    strncpy(result->f_mntonname, mount->mnt_dir, sizeof result->f_mntonname - 1);
    strncpy(result->f_mntfromname, mount->mnt_fsname, sizeof result->f_mntfromname - 1);
}

EXPORT int darwin_getfsstat(struct darwin_statfs *result, int size, int flags) {
    if (flags != 2) {
        return fail(22);
    }
    FILE *table = setmntent("/proc/thread-self/mounts", "r");
    if (table == NULL) {
        return answer(-1);
    }
    int count = 0;
    struct mntent *mount;
    while ((mount = getmntent(table)) != NULL) {
        if (result != NULL) {
            if ((size_t) size < (count + 1) * sizeof *result) {
                break;
            }
            describe(mount, result + count);
        }
        count++;
    }
    endmntent(table);
    return answer(count);
}

EXPORT int darwin_statfs(const char *path, struct darwin_statfs *result) {
    char real[4096];
    if (realpath(path, real) == NULL) {
        return answer(-1);
    }
    FILE *table = setmntent("/proc/thread-self/mounts", "r");
    if (table == NULL) {
        return answer(-1);
    }
    size_t longest = 0;
    struct mntent *mount;
    while ((mount = getmntent(table)) != NULL) {
        size_t length = strcmp(mount->mnt_dir, "/") == 0 ? 0 : strlen(mount->mnt_dir);
        if (length >= longest && strncmp(real, mount->mnt_dir, length) == 0 && (real[length] == '/' || real[length] == 0)) {
            longest = length;
            describe(mount, result);
        }
    }
    endmntent(table);
    return answer(0);
}

EXPORT int darwin_unmount(const char *path, int flags) {
    return flags & ~0x80000 ? fail(22) : answer(umount2(path, flags ? MNT_DETACH : 0));
}

/* ---- the rest */

EXPORT int darwin_setsid(void) { return answer(setsid()); }

EXPORT int darwin_sysctlbyname(const char *name, void *result, size_t *size, void *new_value, size_t new_size) {
    if (strcmp(name, "kern.bootsessionuuid") != 0 || new_value != NULL || new_size != 0) {
        return fail(2);
    }
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file == NULL || *size < 37 || fgets(result, 37, file) == NULL) {
        return fail(12);
    }
    fclose(file);
    *size = 37;
    return answer(0);
}

/* CommonCrypto's SHA-256 by OpenSSL's. */
static void *crypto(const char *name) {
    static void *library;
    if (library == NULL) {
        library = dlopen("libcrypto.so.3", RTLD_NOW);
    }
    void *function = library == NULL ? NULL : dlsym(library, name);
    if (function == NULL) {
        fprintf(stderr, "libsystem: no %s\n", name);
        abort();
    }
    return function;
}

EXPORT int darwin_CC_SHA256_Init(void *context) {
    return ((int (*)(void *)) crypto("SHA256_Init"))(context);
}

EXPORT int darwin_CC_SHA256_Update(void *context, const void *data, uint32_t size) {
    return ((int (*)(void *, const void *, size_t)) crypto("SHA256_Update"))(context, data, size);
}

EXPORT int darwin_CC_SHA256_Final(void *result, void *context) {
    return ((int (*)(void *, void *)) crypto("SHA256_Final"))(result, context);
}
