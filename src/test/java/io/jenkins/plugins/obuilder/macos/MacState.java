package io.jenkins.plugins.obuilder.macos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** What must be so on a Mac on which no build runs. */
final class MacState {
    private MacState() {}

    /** No account, process, link, file, mount, rule or IPC object of a build is left. */
    static void assertClean(EmulatedMac mac) throws IOException {
        assertThat(leftovers(mac)).isEmpty();
    }

    /** What builds have left, a line each. */
    static String leftovers(EmulatedMac mac) throws IOException {
        return mac.must("""
                dscl . -list /Users | grep '^mac' | sed 's/^/account /'
                dscl . -list /Groups | grep '^mac' | sed 's/^/group /'
                ps -axo uid=,pid=,args= | awk '$1 > 501 && $1 < 65534 { print "process " $0 }'
                for place in /Users /tmp /var/tmp /Users/Shared /var/folders /var/at /var/db/obuilder; do
                    find $place/ -xdev -uid +501 -not -uid 65534 2> /dev/null | sed 's/^/file /'
                done
                ls -d /Users/mac* 2> /dev/null | sed 's/^/home /'
                find /tmp/ /var/db/obuilder/scoreboard -maxdepth 1 -type l 2> /dev/null | sed 's/^/link /'
                ls -d /var/db/obuilder/accounts/*.traces /var/db/obuilder/prefix.aside* 2> /dev/null | sed 's/^/trace /'
                find /var/db/obuilder/tmp /var/db/obuilder/secrets -mindepth 1 2> /dev/null | sed 's/^/private /'
                mount | awk '$3 ~ "^/(Users|opt|private/(var|tmp))" { print "mount " $0 }'
                cat /var/run/pf.anchors/* 2> /dev/null | sed 's/^/rule /'
                ls /var/run/pf.tokens 2> /dev/null | sed 's/^/pf token /'
                ipcs | awk '/^[mqs] / { print "ipc " $0 }'
                true
                """);
    }
}
