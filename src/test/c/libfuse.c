/*
 * The functions of macFUSE's libfuse that host.MacFuse calls, with a test in the place of the kernel: what it writes to the pipe
 * MOUNTPOINT/requests is received, what is sent goes to MOUNTPOINT/replies; MOUNTPOINT/options has what was asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

struct fuse_args {
    int argc;
    char **argv;
    int allocated;
};

struct fuse_session_ops {
    void (*process)(void);
    void (*exit)(void);
    int (*exited)(void);
    void (*destroy)(void);
    void *unused;
};

struct fuse_session {
    struct fuse_session_ops ops;
};

struct fuse_chan {
    struct fuse_session *session;
    int requests, replies, interrupted;
};

static int open_in(const char *directory, const char *name, int flags) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return open(path, flags, 0600);
}

struct fuse_chan *fuse_mount(const char *mountpoint, struct fuse_args *args) {
    int options = open_in(mountpoint, "options", O_WRONLY | O_CREAT | O_EXCL);
    struct fuse_chan *channel = calloc(1, sizeof *channel);
    if (options < 0 || args->allocated || args->argv[args->argc] != NULL)
        return NULL;
    for (int i = 0; i < args->argc; i++)
        dprintf(options, "%s\n", args->argv[i]);
    close(options);
    channel->replies = open_in(mountpoint, "replies", O_RDWR);
    channel->requests = open_in(mountpoint, "requests", O_RDONLY);
    return channel->requests < 0 || channel->replies < 0 ? NULL : channel;
}

struct fuse_session *fuse_session_new(struct fuse_session_ops *ops, void *data) {
    struct fuse_session *session = calloc(1, sizeof *session);
    session->ops = *ops;
    return data ? NULL : session;
}

void fuse_session_add_chan(struct fuse_session *session, struct fuse_chan *channel) { channel->session = session; }

static int read_all(int fd, char *into, size_t size) {
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(fd, into + have, size - have);
        if (n <= 0)
            return -1;
        have += n;
    }
    return 0;
}

int fuse_chan_recv(struct fuse_chan **channel, char *buffer, size_t size) {
    uint32_t length;
    if (!(*channel)->session)
        abort();
    if (!(*channel)->interrupted) {
        (*channel)->interrupted = 1;
        return -EINTR;
    }
    if (read_all((*channel)->requests, buffer, sizeof length))
        return -ENODEV;
    length = *(uint32_t *)buffer;
    return length > size || read_all((*channel)->requests, buffer + sizeof length, length - sizeof length) ? -EIO : (int)length;
}

int fuse_chan_send(struct fuse_chan *channel, const struct iovec vector[], size_t count) {
    return writev(channel->replies, vector, count) < 0 ? -errno : 0;
}
