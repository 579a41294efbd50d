package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.nio.file.Path;

/** A directory with one of everything that archivers have lost at some time. */
final class SampleTree {
    private static final String SCRIPT = """
            umask 022
            mkdir -p bin usr/lib etc empty sticky setgid read-only
            cp /bin/busybox bin/busybox
            ln bin/busybox bin/sh
            cp /bin/true bin/ping
            setcap cap_net_raw+ep bin/ping
            chown 12:34 bin/busybox
            chmod 4755 bin/busybox
            cp /bin/true bin/both; chmod 6755 bin/both; setcap cap_net_admin=ep bin/both
            chmod 1777 sticky
            chown 0:50 setgid; chmod 2775 setgid
            ln -s usr/lib lib
            ln -s /nowhere/at/all dangling
            ln -s . loop
            ln dangling dangling-twin
            chown -h 7:8 lib
            echo key > read-only/secret; chmod 0 read-only/secret
            chmod 555 read-only
            L=$(printf 'n%.0s' $(seq 120)); F=$(printf 'f%.0s' $(seq 200))
            mkdir -p "usr/$L/$L"; echo long > "usr/$L/$L/$F"; ln "usr/$L/$L/$F" hard-long
            ln -s "$(printf 't%.0s' $(seq 150))" long-link
            echo latin > "$(printf 'latin-\\351')"
            echo odd > "$(printf 'tab\\tnewline\\nquote"back\\\\slash')"
            echo utf8 > "$(printf '\\303\\251-\\346\\274\\242')"
            echo dash > ./-n; echo wh > .wh.not-a-whiteout
            mkfifo -m 640 fifo
            mknod -m 666 null c 1 3; mknod -m 660 loop300 b 7 300; chown 0:6 loop300
            echo x > attributes; setfattr -n user.plain -v text attributes
            setfattr -n user.binary -v 0x00ff0a3d0d00 attributes; setfattr -n 'user.a=b%c' -v y attributes
            setfattr -n trusted.secret -v 0x80 attributes; setfattr -n user.dir -v d empty
            echo acl > acl; setfacl -m u:12:rwx,g:3000000000:r-- acl; mkdir acls; setfacl -d -m u:99:r-x acls
            printf A > sparse; truncate -s 5M sparse; printf B >> sparse; truncate -s 6M sparse
            truncate -s 1M holes-only; : > zero
            dd if=/dev/zero of=zeros bs=64k count=3 2>/dev/null
            echo big > big-owner; chown 3000000000:2999999999 big-owner
            echo t > new; touch -d @1700000000.123456789 new
            echo t > old; touch -d @-1000.5 old
            touch -h -d @1600000000.000000001 lib
            touch -d @1500000000.987654321 setgid fifo null empty read-only .
            """;

    private SampleTree() {}

    /** Fills a directory on a file system with extended attributes; needs root. */
    static void make(Path directory) throws HostException {
        Tools.script(directory, SCRIPT);
    }
}
