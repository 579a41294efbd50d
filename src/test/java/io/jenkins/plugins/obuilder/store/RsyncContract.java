package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** An rsync store, which may share files in several ways. */
abstract class RsyncContract extends CrashContract {
    static final String MANY_FILES =
            "for d in 1 2 3; do mkdir d$d; for i in 1 2 3 4 5 6 7 8 9; do echo $d$i > d$d/$i; done; done;"
                    + " ln d1/1 d2/one; ln -s x d1/link; mkfifo d1/pipe; cp /bin/true d1/capable;"
                    + " setcap cap_net_raw+ep d1/capable; setfacl -m u:9:rwx d2/4 d2; chmod 4755 d3/5; truncate -s 1M d3/sparse";

    abstract RsyncMode mode();

    /** Each is a whole copy, which takes its time, and knows nothing of the others. */
    @Override
    int deep() {
        return super.deep() / 10;
    }

    @Override
    int stress() {
        return super.stress() / 5;
    }

    @Override
    String name(Path directory) {
        return "rsync:" + directory;
    }

    @Override
    SharedStore open(Path directory) throws IOException {
        return Stores.open(name(directory), new SystemCommands(), new StoreSettings(Optional.of(mode())));
    }
}
